#include "routing/policy.hpp"

#include <algorithm>
#include <random>

namespace ducat::routing {

namespace {

using chosen = std::optional<std::size_t>;

class round_robin final : public policy {
public:
  chosen choose(const std::vector<candidate>& workers) override {
    for (std::size_t step = 0; step < workers.size(); ++step) {
      const std::size_t index = (next_ + step) % workers.size();
      if (!workers[index].eligible)
        continue;
      next_ = index + 1;
      return index;
    }
    return std::nullopt;
  }

private:
  std::size_t next_ = 0;
};

/// nginx's smooth weighted round robin: each turn every eligible worker earns its weight; the
/// richest is chosen and pays what all have earned.
class weighted_round_robin final : public policy {
public:
  explicit weighted_round_robin(std::vector<std::uint32_t> weights)
      : weights_{std::move(weights)}, credit_(weights_.size(), 0) {}

  chosen choose(const std::vector<candidate>& workers) override {
    chosen richest;
    std::int64_t earned = 0;
    for (std::size_t index = 0; index < workers.size(); ++index) {
      if (!workers[index].eligible)
        continue;
      earned += weights_[index];
      credit_[index] += weights_[index];
      if (!richest || credit_[index] > credit_[*richest])
        richest = index;
    }
    if (richest)
      credit_[*richest] -= earned;
    return richest;
  }

private:
  std::vector<std::uint32_t> weights_;
  std::vector<std::int64_t> credit_;
};

class random final : public policy {
public:
  explicit random(std::uint64_t seed) : generator_{seed} {}

  chosen choose(const std::vector<candidate>& workers) override {
    const auto eligible = std::ranges::count(workers, true, &candidate::eligible);
    if (eligible == 0)
      return std::nullopt;
    auto skip = std::uniform_int_distribution<std::ptrdiff_t>{0, eligible - 1}(generator_);
    std::size_t index = 0;
    while (!workers[index].eligible || skip-- > 0)
      ++index;
    return index;
  }

private:
  std::mt19937_64 generator_;
};

class least_requests final : public policy {
public:
  chosen choose(const std::vector<candidate>& workers) override {
    chosen least;
    for (std::size_t step = 0; step < workers.size(); ++step) {
      const std::size_t index = (next_ + step) % workers.size();
      if (workers[index].eligible &&
          (!least || workers[index].in_flight < workers[*least].in_flight))
        least = index;
    }
    if (least)
      next_ = *least + 1;
    return least;
  }

private:
  std::size_t next_ = 0; // Ties go to the first from here on.
};

} // namespace

std::unique_ptr<policy> make_policy(const pool_spec& pool) {
  switch (pool.policy) {
  case route::round_robin:
    break;
  case route::weighted_round_robin:
    return std::make_unique<weighted_round_robin>(pool.weights);
  case route::random:
    return std::make_unique<random>(pool.seed);
  case route::least_requests:
    return std::make_unique<least_requests>();
  }
  return std::make_unique<round_robin>();
}

} // namespace ducat::routing
