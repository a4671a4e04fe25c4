/// Who gets how many of the places that there are. Pure: the time is an argument.
#pragma once

#include "access/principal.hpp"

#include <ducat/time.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace ducat::access {

/// Places for whoever comes, without a queue. Active is who has a place or has come lately; an
/// equal part of all places (rounded down, at least one) is the share of each. Who has less than
/// that gets any place that is free. Who has it gets more while that is less than `greed` times
/// what would be left then, as in dynamic thresholds of shared buffers (Choudhury and Hahne, 1998):
/// so what others leave is divided equally among all who want it, and an eighth of it stays free
/// for those who come.
///
/// Who has less than their share is refused only while no place at all is free, and the last one
/// that is free never goes to anybody who has theirs: so each gets it as places are given back. One
/// who is alone gets all.
///
/// Limits: no place is taken away. Who was away for `lately` may find none the first time. Among
/// two or more up to an eighth is not used if only one wants it: without a queue whoever comes more
/// often would have that, too.
///
/// Thread-safety: none.
class fair_shares {
public:
  static constexpr std::size_t greed = 7;
  static constexpr std::chrono::seconds lately{10}; ///< Longer than refused clients wait.

  /// `most` is how many places there are.
  explicit fair_shares(std::size_t most) : most_{most} {}

  /// Returns whether `who` gets a place, which is to be given back. `now` never goes back.
  bool take(const principal& who, time_point now);

  /// Returns the same, and takes none: whoever asks like this has come, too.
  bool has_room_for(const principal& who, time_point now);

  /// Requires that `who` has a place.
  void give_back(const principal& who);

  /// How many places there are, and how many of them somebody has.
  std::size_t most() const noexcept { return most_; }

  std::size_t taken() const noexcept { return taken_; }

  /// Of how many principals it knows something: of those that are active, or were until just now.
  std::size_t size() const noexcept { return known_.size(); }

private:
  struct holding {
    std::size_t places = 0;
    time_point came{};
  };

  holding& note(const principal& who, time_point now);
  bool may_have_more_than(std::size_t places) const;
  void forget_inactive(time_point now);

  std::size_t most_;
  std::size_t taken_ = 0; ///< Invariant: the sum of all places that are held; <= most_.
  std::map<std::pair<security::role, std::string>, holding> known_;
  time_point forget_at_{};
};

} // namespace ducat::access
