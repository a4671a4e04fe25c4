#include <ducat/planted.hpp>

#ifdef DUCAT_PLANTED_BUGS

#include <algorithm>
#include <array>
#include <atomic>

namespace ducat::planted {

namespace {

std::atomic<bug> planted_now{bug::none};

using enum bug;
using enum detector;

constexpr auto descriptions = std::to_array<description>({
    {acknowledge_before_commit, "acknowledge_before_commit", sim,
     "the writer answers when an entry is begun, not when it is durable"},
    {acknowledge_refused, "acknowledge_refused", sim,
     "entries that were under way when the epoch was lost are acknowledged"},
    {read_not_confirmed, "read_not_confirmed", sim,
     "the writer answers a question without asking whether it is still the writer"},
    {read_of_uncommitted, "read_of_uncommitted", sim,
     "an answer shows the effects of entries that are not durable yet"},
    {lost_epoch_ignored, "lost_epoch_ignored", sim,
     "the writer goes on answering when it hears that another one has begun"},
    {catch_up_skipped, "catch_up_skipped", sim,
     "a node takes the log over without applying what it has not seen of it"},
    {ahead_of_log_goes_on, "ahead_of_log_goes_on", sim,
     "a machine that has applied what the log refused goes on"},
    {follower_skips_command, "follower_skips_command", sim,
     "who follows applies only the first command of an entry"},
    {wall_clock_in_apply, "wall_clock_in_apply", sim,
     "who follows applies entries at its own time, not at theirs"},
    {receipt_of_entry_before, "receipt_of_entry_before", sim,
     "a receipt has the hash of the entry before"},
    {answers_taken_in_order, "answers_taken_in_order", sim,
     "an answer from the writer is given to whoever has waited longest"},
    {key_with_other_body, "key_with_other_body", sim,
     "a known key is answered whatever it is asked for"},
    {answer_recomputed, "answer_recomputed", sim,
     "a repeated request is answered as things are, not as it was answered"},
    {captured_twice, "captured_twice", sim, "a payment is captured under a second key"},
    {void_after_capture, "void_after_capture", sim, "a captured payment is voided"},
    {refund_over_captured, "refund_over_captured", sim, "more is refunded than was captured"},
    {refund_key_ignored, "refund_key_ignored", sim, "a refund is made again under its key"},
    {hold_kept_at_void, "hold_kept_at_void", sim, "a void does not release what was held"},
    {remainder_kept_at_capture, "remainder_kept_at_capture", sim,
     "a capture of a part does not release the rest of the hold"},
    {holds_not_counted, "holds_not_counted", sim, "what is held may be spent once more"},
    {event_lost, "event_lost", sim, "a change of a payment has no event now and then"},
    {step_repeated_under_new_key, "step_repeated_under_new_key", sim,
     "a step whose outcome is unknown is repeated under another key"},
    {unknown_told_as_not_done, "unknown_told_as_not_done", sim,
     "a run that may have done something says that it has done nothing"},
    {settled_twice, "settled_twice", sim, "windows that are settled are settled once more"},
    {fee_rounded_down, "fee_rounded_down", sim, "a fee is cut off, not rounded half to even"},
    {file_differs_when_made_again, "file_differs_when_made_again", sim,
     "a file of settlement says when it was made"},
    {file_recorded_before_put, "file_recorded_before_put", sim,
     "a file of settlement is recorded in the log, and then put into its place"},
    {sent_again_after_crash, "sent_again_after_crash", sim,
     "whoever is asked for a payment whose attempt was sent sends that again"},
    {unknown_taken_for_not_sent, "unknown_taken_for_not_sent", sim,
     "an attempt that nobody has answered counts as not sent"},
    {reversal_noted_unanswered, "reversal_noted_unanswered", sim,
     "a reversal counts as accepted when it is sent"},
    {advice_noted_unanswered, "advice_noted_unanswered", sim,
     "an acquirer counts as told of a capture when that is sent"},
    {delivery_noted_unanswered, "delivery_noted_unanswered", sim,
     "an event is noted as delivered when it is sent"},
    {events_out_of_order, "events_out_of_order", sim,
     "events of a payment are delivered beside each other"},
    {epoch_not_checked, "epoch_not_checked", disk,
     "the log takes entries of a writer that is not the newest"},
    {token_not_checked, "token_not_checked", disk,
     "a command of a group is taken from whom it is not granted to any more"},
    {damage_taken_for_torn_tail, "damage_taken_for_torn_tail", disk,
     "the log ends before the first damaged entry, whether or not it was acknowledged"},
    {keys_lost_on_restart, "keys_lost_on_restart", disk,
     "idempotency records are left out of the state that is kept"},
    {entry_skipped_after_kept_state, "entry_skipped_after_kept_state", disk,
     "the first entry after the kept state is not applied"},
    {trimmed_too_far, "trimmed_too_far", disk,
     "the log is trimmed to what is applied, not to what is kept"},
    {resent_instead_of_reversed, "resent_instead_of_reversed", disk,
     "a payment in doubt is sent again, not reversed"},
});

} // namespace

std::string_view to_string(detector what) noexcept {
  return what == sim ? "sim" : "disk";
}

std::span<const description> all() noexcept {
  return descriptions;
}

std::optional<bug> named(std::string_view name) noexcept {
  const auto found = std::ranges::find(descriptions, name, &description::name);
  return found == descriptions.end() ? std::nullopt : std::optional{found->which};
}

void plant(bug which) noexcept {
  planted_now = which;
}

bool is_on(bug which) noexcept {
  return planted_now.load(std::memory_order_relaxed) == which;
}

} // namespace ducat::planted

#endif
