#include "routing/policy.hpp"

#include <algorithm>
#include <random>

namespace ducat::routing {

namespace {

using chosen = std::optional<std::size_t>;

class round_robin final : public policy {
public:
  chosen choose(const std::vector<candidate>& workers, std::uint64_t) override {
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

  chosen choose(const std::vector<candidate>& workers, std::uint64_t) override {
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

std::ptrdiff_t count_eligible(const std::vector<candidate>& workers) {
  return std::ranges::count(workers, true, &candidate::eligible);
}

/// Returns the index of the eligible worker that `skip` eligible ones come before.
std::size_t nth_eligible(const std::vector<candidate>& workers, std::ptrdiff_t skip) {
  std::size_t index = 0;
  while (!workers[index].eligible || skip-- > 0)
    ++index;
  return index;
}

/// Returns a number from 0 to `count` - 1.
std::ptrdiff_t below(std::ptrdiff_t count, std::mt19937_64& generator) {
  return std::uniform_int_distribution<std::ptrdiff_t>{0, count - 1}(generator);
}

class random final : public policy {
public:
  explicit random(std::uint64_t seed) : generator_{seed} {}

  chosen choose(const std::vector<candidate>& workers, std::uint64_t) override {
    const auto eligible = count_eligible(workers);
    if (eligible == 0)
      return std::nullopt;
    return nth_eligible(workers, below(eligible, generator_));
  }

private:
  std::mt19937_64 generator_;
};

class least_requests final : public policy {
public:
  chosen choose(const std::vector<candidate>& workers, std::uint64_t) override {
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

/// Nearly as even as least_requests, and routers that do not know of each other do not all run to
/// the same worker.
class power_of_two_choices final : public policy {
public:
  explicit power_of_two_choices(std::uint64_t seed) : generator_{seed} {}

  chosen choose(const std::vector<candidate>& workers, std::uint64_t) override {
    const auto eligible = count_eligible(workers);
    if (eligible == 0)
      return std::nullopt;
    const auto first = below(eligible, generator_);
    const std::size_t one = nth_eligible(workers, first);
    if (eligible == 1)
      return one;
    const auto step = 1 + below(eligible - 1, generator_); // Never back to the first.
    const std::size_t other = nth_eligible(workers, (first + step) % eligible);
    return workers[other].in_flight < workers[one].in_flight ? other : one;
  }

private:
  std::mt19937_64 generator_;
};

/// Rendezvous hashing: each key ranks all workers, and the first one that is eligible gets it.
class by_key final : public policy {
public:
  chosen choose(const std::vector<candidate>& workers, std::uint64_t key) override {
    chosen best;
    std::uint64_t best_score = 0;
    for (std::size_t index = 0; index < workers.size(); ++index) {
      const std::uint64_t score = mix(mix(key) ^ index);
      if (!workers[index].eligible || (best && score <= best_score))
        continue;
      best = index;
      best_score = score;
    }
    return best;
  }

private:
  /// The step of splitmix64: one to one, and every bit of the result depends on every bit of `x`.
  static std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }
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
  case route::power_of_two_choices:
    return std::make_unique<power_of_two_choices>(pool.seed);
  case route::by_key:
    return std::make_unique<by_key>();
  }
  return std::make_unique<round_robin>();
}

} // namespace ducat::routing
