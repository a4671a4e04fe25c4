#include "webhook/delivery_core.hpp"

#include <ducat/check.hpp>
#include <ducat/planted.hpp>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace ducat::webhook {

namespace {

constexpr std::uint32_t gone = 410;
constexpr std::size_t notes_max = 1'000;
constexpr std::size_t problem_bytes_max = 200;

bool is_delivered(const attempt_answer& answer) {
  return answer.status >= 200 && answer.status < 300;
}

} // namespace

void delivery_core::begin(const standing& from) {
  items_.clear();
  notes_.clear();
  offered_.reset();
  disable_reason_.clear();
  under_way_ = 0;
  revision_ = from.revision;
  batches_ = from.noted;
  logged_ = taken_ = from.cursor;
  for (const open_delivery& each : from.open)
    items_[each.event] = {.attempts = each.attempts, .next_at = each.next_at};
}

// Events -----------------------------------------------------------------------------------------

std::vector<event_place> delivery_core::missing(std::size_t most) const {
  std::vector<event_place> places;
  std::size_t known = 0;
  for (const auto& [place, each] : items_) {
    if (places.size() == most || known >= rules_.window)
      break;
    if (each.what)
      ++known;
    else
      places.push_back(place);
  }
  return places;
}

void delivery_core::provide(const event_place& event, pending_event what) {
  if (const auto found = items_.find(event); found != items_.end())
    found->second.what = std::move(what);
}

void delivery_core::give_up(const event_place& event, std::string why) {
  const auto found = items_.find(event);
  if (found == items_.end())
    return;
  note(event, delivery_note::kind::dead, found->second, {.problem = std::move(why)});
  items_.erase(found);
}

std::size_t delivery_core::room() const noexcept {
  const auto is_settled = [](const auto& each) {
    return each.second.what != delivery_note::kind::open;
  };
  const auto settled = static_cast<std::size_t>(std::ranges::count_if(notes_, is_settled));
  return rules_.window - std::min(rules_.window, items_.size() + settled);
}

void delivery_core::take(const event_place& event, pending_event what) {
  const auto [at, is_new] = items_.try_emplace(event);
  if (is_new || !at->second.what)
    at->second.what = std::move(what);
  skip_to(event);
}

void delivery_core::skip_to(const event_place& event) {
  taken_ = std::max(taken_, event);
}

std::vector<event_place> delivery_core::begin_due(log_time now) {
  std::vector<event_place> due;
  std::set<std::string_view> busy; // Payments of which an earlier event is not settled.
  for (auto& [place, each] : items_) {
    if (!may_begin(now) || !each.what)
      break; // What comes after a missing one may be of the same payment.
    const bool is_first = busy.insert(each.what->payment_id).second ||
                          planted::is_on(planted::bug::events_out_of_order);
    if (!is_first || each.is_under_way || now < each.next_at)
      continue;
    each.is_under_way = true;
    ++under_way_;
    due.push_back(place);
  }
  return due;
}

// Answers ----------------------------------------------------------------------------------------

void delivery_core::heard(const event_place& event, const attempt_answer& answer, log_time now) {
  const auto found = items_.find(event);
  if (found == items_.end() || !found->second.is_under_way)
    return;
  item& of = found->second;
  of.is_under_way = false;
  --under_way_;
  ++of.attempts;
  if (is_delivered(answer)) {
    succeed();
    note(event, delivery_note::kind::delivered, of, answer);
    items_.erase(found);
    return;
  }
  fail(now);
  if (answer.status == gone)
    disable_reason_ = "it answered 410 Gone";
  if (of.attempts >= rules_.schedule_ns.size()) {
    note(event, delivery_note::kind::dead, of, answer);
    items_.erase(found);
    return;
  }
  const std::uint64_t asked = std::min(answer.retry_after_s, rules_.retry_after_max_s) * second_ns;
  of.next_at = {now.nanoseconds + std::max(rules_.schedule_ns[of.attempts], asked)};
  note(event, delivery_note::kind::open, of, answer);
}

void delivery_core::note(const event_place& event, delivery_note::kind what, const item& of,
                         const attempt_answer& answer) {
  notes_[event] = {.event = event,
                   .what = what,
                   .attempts = of.attempts,
                   .next_at = what == delivery_note::kind::open ? of.next_at : log_time{},
                   .status = answer.status,
                   .problem = answer.problem.substr(0, problem_bytes_max)};
}

// The breaker ------------------------------------------------------------------------------------

/// Open: nothing; half open: one at a time; closed: as many as may be under way.
bool delivery_core::may_begin(log_time now) const {
  if (now < paused_until_ || !disable_reason_.empty())
    return false;
  return under_way_ < (pause_ns_ == 0 ? rules_.under_way_max : 1);
}

void delivery_core::succeed() {
  failures_ = 0;
  pause_ns_ = 0;
  paused_until_ = {};
}

void delivery_core::fail(log_time now) {
  ++failures_;
  if (now < paused_until_ || (pause_ns_ == 0 && failures_ < rules_.failures_max))
    return; // One that was under way when it opened says nothing new.
  pause_ns_ = pause_ns_ == 0 ? rules_.pause_ns : std::min(2 * pause_ns_, rules_.pause_max_ns);
  paused_until_ = {now.nanoseconds + pause_ns_};
}

// Notes ------------------------------------------------------------------------------------------

/// Returns the last place up to which every event was tried at least once, or waits for one of its
/// payment that was: those are noted as open, so that one payment does not hold up the cursor. (Any
/// other is delivered again after a crash, and needs no note.)
event_place delivery_core::settle() {
  event_place last = taken_;
  std::set<std::string_view> failing; // Payments of which an earlier event is to be tried again.
  for (const auto& [place, each] : items_) {
    const bool is_blocked = each.what && failing.contains(each.what->payment_id);
    if (is_blocked && each.attempts == 0 && place > logged_)
      note(place, delivery_note::kind::open, each, {});
    const bool is_believed =
        each.is_under_way && planted::is_on(planted::bug::delivery_noted_unanswered);
    if (place <= logged_ || each.attempts != 0 || is_blocked || is_believed) {
      if (each.what)
        failing.insert(each.what->payment_id);
      continue;
    }
    last = place.number > 1 ? event_place{place.index, place.number - 1}
                            : event_place{place.index - 1, payment::event_number_max};
    break;
  }
  return std::max(last, logged_);
}

std::optional<note_batch> delivery_core::take_notes() {
  if (offered_)
    return std::nullopt;
  note_batch batch{.revision = revision_,
                   .after = batches_,
                   .from = logged_,
                   .cursor = settle(),
                   .disable_reason = disable_reason_};
  for (auto at = notes_.begin(); at != notes_.end() && at->first <= batch.cursor;) {
    if (batch.notes.size() == notes_max) {
      batch.cursor = std::max(logged_, batch.notes.back().event);
      break;
    }
    batch.notes.push_back(std::move(at->second));
    at = notes_.erase(at);
  }
  if (batch.notes.empty() && batch.cursor == logged_ && batch.disable_reason.empty())
    return std::nullopt;
  offered_ = batch.cursor;
  return batch;
}

void delivery_core::noted() {
  DUCAT_CHECK(offered_.has_value());
  logged_ = *std::exchange(offered_, std::nullopt);
  ++batches_;
}

} // namespace ducat::webhook
