/// How well each worker of a pool does, compared to the others. Pure: time comes in.
#pragma once

#include <ducat/time.hpp>

#include <cstddef>
#include <vector>

namespace ducat::routing {

/// Gives each worker its share: 1 for one that does as well as the pool's typical (median) worker,
/// less for one that is slower or fails more often, but never less than `share_min`, so that it can
/// prove itself again. What happened loses half of its weight every `half_life`; a worker of which
/// little is known has the share 1.
///
/// A worker is as good as the typical one if it takes at most twice as long, or a millisecond
/// longer, and if it fails at most one request in ten more: chance alone moves nobody's share.
class health {
public:
  static constexpr double share_min = 0.05;
  static constexpr std::chrono::seconds half_life{5};
  static constexpr std::chrono::milliseconds judged_every{100};

  health(std::size_t workers, time_point now) : workers_(workers), judged_at_{now} {}

  void add_worker() { workers_.emplace_back(); }

  /// What became of a request to a worker.
  void succeeded(std::size_t worker, duration took) {
    workers_[worker].requests += 1;
    workers_[worker].latency += static_cast<double>(took.count());
  }

  void failed(std::size_t worker) {
    workers_[worker].requests += 1;
    workers_[worker].failures += 1;
  }

  /// Judges the workers anew if it is time. Returns whether it was.
  bool judge(time_point now);

  double share(std::size_t worker) const { return workers_[worker].share; }

private:
  struct record {
    double requests = 0; // All three lose weight alike.
    double failures = 0;
    double latency = 0; // The sum over the successes, in ticks of `duration`.
    double share = 1;
  };

  void fade(double factor);

  std::vector<record> workers_;
  time_point judged_at_;
};

} // namespace ducat::routing
