#include "routing/policy.hpp"

#include <random>
#include <vector>

namespace ducat::routing {

namespace {

using chosen = std::optional<std::size_t>;

/// A worker of a smaller share earns that share each time it is its turn, and gets a request when
/// it has earned a whole one.
class round_robin final : public policy {
public:
  chosen choose(const roster& workers, std::uint64_t) override {
    earned_.resize(workers.size(), 0);
    while (const chosen index = workers.next_eligible(next_)) {
      next_ = *index + 1;
      const double share = workers.at(*index).share;
      if (share >= 1 || earns(*index, share))
        return index;
    }
    return std::nullopt;
  }

private:
  bool earns(std::size_t index, double share) {
    earned_[index] += share;
    if (earned_[index] < 1)
      return false;
    earned_[index] -= 1;
    return true;
  }

  std::size_t next_ = 0;
  std::vector<double> earned_; // Of each worker: less than 1.
};

/// nginx's smooth weighted round robin: each turn every eligible worker earns its weight; the
/// richest is chosen and pays what all have earned.
class weighted_round_robin final : public policy {
public:
  explicit weighted_round_robin(std::vector<std::uint32_t> weights)
      : weights_{std::move(weights)}, credit_(weights_.size(), 0) {}

  chosen choose(const roster& workers, std::uint64_t) override {
    chosen richest;
    std::int64_t earned = 0;
    for (std::size_t index = 0; index < weights_.size(); ++index) {
      if (!workers.at(index).eligible)
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
  std::vector<std::uint32_t> weights_; // Invariant: one a worker of the roster.
  std::vector<std::int64_t> credit_;
};

/// Returns a number from 0 to `count` - 1.
std::size_t below(std::size_t count, std::mt19937_64& generator) {
  return std::uniform_int_distribution<std::size_t>{0, count - 1}(generator);
}

class random final : public policy {
public:
  explicit random(std::uint64_t seed) : generator_{seed} {}

  /// Draws until a worker is drawn that its share lets have the request.
  chosen choose(const roster& workers, std::uint64_t) override {
    const std::size_t eligible = workers.count_eligible();
    if (eligible == 0)
      return std::nullopt;
    while (true) {
      const std::size_t index = workers.nth_eligible(below(eligible, generator_));
      const double share = workers.at(index).share;
      if (share >= 1 || std::uniform_real_distribution<>{}(generator_) < share)
        return index;
    }
  }

private:
  std::mt19937_64 generator_;
};

class least_requests final : public policy {
public:
  chosen choose(const roster& workers, std::uint64_t) override {
    const chosen least = workers.least_loaded(next_);
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

  chosen choose(const roster& workers, std::uint64_t) override {
    const std::size_t eligible = workers.count_eligible();
    if (eligible == 0)
      return std::nullopt;
    const std::size_t first = below(eligible, generator_);
    const std::size_t one = workers.nth_eligible(first);
    if (eligible == 1)
      return one;
    const std::size_t step = 1 + below(eligible - 1, generator_); // Never back to the first.
    const std::size_t other = workers.nth_eligible((first + step) % eligible);
    return workers.load_of(other) < workers.load_of(one) ? other : one;
  }

private:
  std::mt19937_64 generator_;
};

/// Rendezvous hashing: each key ranks all workers, and the first one that is eligible gets it.
class by_key final : public policy {
public:
  chosen choose(const roster& workers, std::uint64_t key) override {
    chosen best;
    std::uint64_t best_score = 0;
    const std::uint64_t mixed = mix(key);
    for (std::size_t index = 0; index < workers.size(); ++index) {
      const std::uint64_t score = mix(mixed ^ index);
      if (!workers.at(index).eligible || (best && score <= best_score))
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
