/// Bugs that are there on purpose, one at a time, to show that what looks for bugs finds them. Only
/// a build with DUCAT_PLANTED_BUGS has them, and nobody ships one: in every other is_on() is a
/// constant, and nothing of a bug is in the program.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ducat::planted {

enum class bug : std::uint8_t {
  none,

  // Of a log's writer, and of those who follow it.
  acknowledge_before_commit,
  acknowledge_refused,
  read_not_confirmed,
  read_of_uncommitted,
  lost_epoch_ignored,
  catch_up_skipped,
  ahead_of_log_goes_on,
  follower_skips_command,
  wall_clock_in_apply,
  receipt_of_entry_before,
  answers_taken_in_order,

  // Of payments and their actor.
  key_with_other_body,
  answer_recomputed,
  captured_twice,
  void_after_capture,
  refund_over_captured,
  refund_key_ignored,
  hold_kept_at_void,
  remainder_kept_at_capture,
  holds_not_counted,
  event_lost,
  step_repeated_under_new_key,
  unknown_told_as_not_done,

  // Of settlement.
  settled_twice,
  fee_rounded_down,
  file_differs_when_made_again,
  file_recorded_before_put,

  // Of a log and a state on a disk.
  epoch_not_checked,
  token_not_checked,
  damage_taken_for_torn_tail,
  keys_lost_on_restart,
  entry_skipped_after_kept_state,
  trimmed_too_far,

  // Of card payments.
  resent_instead_of_reversed,
  sent_again_after_crash,
  unknown_taken_for_not_sent,
  reversal_noted_unanswered,
  advice_noted_unanswered,

  // Of webhooks.
  delivery_noted_unanswered,
  events_out_of_order,
};

#ifdef DUCAT_PLANTED_BUGS

/// What looks for a bug.
enum class detector : std::uint8_t {
  sim,  ///< A simulated cluster that breaks: `ducat sim`.
  disk, ///< One machine with its log and its state on a real disk, which is restarted again and
        ///< again, and damaged.
};

std::string_view to_string(detector what) noexcept;

struct description {
  bug which = bug::none;
  std::string_view name;
  detector finds = detector::sim;
  std::string_view wrong; ///< What it does.
};

/// Returns all of them.
std::span<const description> all() noexcept;

/// Returns the bug of that name, if there is one.
std::optional<bug> named(std::string_view name) noexcept;

/// From now on that one is there, and no other; none: none is. From one thread.
void plant(bug which) noexcept;

/// Returns whether it is there.
bool is_on(bug which) noexcept;

#else

constexpr bool is_on(bug) noexcept {
  return false;
}

#endif

} // namespace ducat::planted
