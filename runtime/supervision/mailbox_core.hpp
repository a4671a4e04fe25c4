/// What becomes of the messages of a child that ends. Pure: messages are numbers here.
#pragma once

#include <ducat/child_spec.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace ducat::supervision {

/// A mailbox that outlives the lives of its child, which has a message in hand from when it is
/// given to it until it has answered. Not thread-safe.
class mailbox_core {
public:
  using number = std::uint64_t; ///< Names a message; grows in the order of arrival.

  /// A message that no life will be given any more.
  struct given_up {
    number message;
    std::uint32_t crashes; ///< At which it was in hand.
    bool was_in_hand;      ///< So that its outcome is unknown.
    bool is_poison;
  };

  /// `spec.fate` is keep or keep_rest.
  explicit mailbox_core(const mailbox_spec& spec) noexcept : spec_{spec} {}

  /// Takes one more message and returns its number; nothing if as many as there may be are waiting.
  std::optional<number> add();

  /// Returns the message that the life which runs is given next, if it may have one more.
  std::optional<number> next();

  /// The life has answered; does nothing if it is not in hand.
  void answered(number message);

  /// The life is over; `crashed` tells if that may be a message's fault. What was in hand is the
  /// next life's, first and in order, unless it is returned.
  std::vector<given_up> life_over(bool crashed);

  /// There will be no life any more. Returns every message, in order.
  std::vector<given_up> close();

private:
  using crash_counts = std::map<number, std::uint32_t>;

  std::optional<given_up> fate_of(number message, std::uint32_t crashes) const;

  mailbox_spec spec_;
  number last_ = 0;
  std::deque<number> waiting_; // Invariant: ascending.
  crash_counts in_hand_;       // Invariant: at most in_hand_max, each less than all that wait.
  crash_counts returned_;      // Of those that wait and were in hand before.
};

} // namespace ducat::supervision
