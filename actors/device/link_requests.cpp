/// The part of link_core that is about requests and answers.

#include "device/link_core.hpp"
#include "device/network_message.hpp"

#include <ducat/check.hpp>

#include <algorithm>

namespace ducat::device {

namespace {

constexpr std::size_t answer_times_max = 512;

} // namespace

void link_core::received(connection_number connection, const iso8583::message& what,
                         time_point now) {
  const auto type = iso8583::parse_mti(what.mti());
  if (!type || !type->is_answer()) {
    if (is_current(connection) && !connect_expires_ && is_answered_here(what)) {
      actions_.emplace_back(write{.connection = connection, .what = network_answer(what)});
      if (is_echo_request(what))
        return;
    }
    return tell_unmatched(unmatched_kind::request, std::nullopt, what);
  }
  if (!is_current(connection) || !is_network_answer(what))
    return take_answer(what, now);
  if (own_ && what.find(11) == own_->stan)
    return own_answer(what, now);
  tell_unmatched(unmatched_kind::unexpected, std::nullopt, what);
}

std::optional<not_sent> link_core::request(outgoing what, time_point now) {
  auto form = answer_form_of(what.what, options_.match);
  if (auto why = refusal(what, form, now))
    return why;
  const time_point expires = std::min(what.deadline, now + options_.answer_timeout);
  const auto place = waiting_.add(what.id, std::move(*form));
  under_way_.emplace(what.id, under_way{place, now, expires});
  expiry_.emplace(expires, what.id);
  grey_.written(now);
  actions_.emplace_back(
      write{.connection = connection_, .what = std::move(what.what), .request = what.id});
  return std::nullopt;
}

void link_core::unwritable(request_id id, std::string detail) {
  if (!under_way_.contains(id))
    return;
  waiting_.erase(take(id).place);
  actions_.emplace_back(answer{id, not_sent{not_sent_reason::malformed, std::move(detail)}});
}

/// In the order of not_sent_reason.
std::optional<not_sent> link_core::refusal(const outgoing& what,
                                           const std::optional<answer_form>& form,
                                           time_point now) const {
  if (!form)
    return not_sent{not_sent_reason::malformed, "nobody could find its answer"};
  if (form->type.kind == iso8583::message_class::network_management)
    return not_sent{not_sent_reason::malformed, "network management is the link's own business"};
  if (under_way_.contains(what.id))
    return not_sent{not_sent_reason::duplicate, "one of that id is under way"};
  if (waiting_.has_equal(*form))
    return not_sent{not_sent_reason::duplicate, "one with those trace data is under way"};
  if (now >= what.deadline)
    return not_sent{not_sent_reason::deadline_passed};
  if (state_ == link_state::draining)
    return not_sent{not_sent_reason::draining};
  if (!is_up())
    return not_sent{not_sent_reason::not_signed_on, std::string{to_string(state_)} + ": " + why_};
  if (state_ == link_state::suspect && !what.may_be_repeated)
    return not_sent{not_sent_reason::suspect, why_};
  if (is_on_trial_ && !what.may_be_repeated && !under_way_.empty())
    return not_sent{not_sent_reason::suspect, "on trial: one request at a time"};
  if (under_way_.size() >= options_.in_flight_max)
    return not_sent{not_sent_reason::overloaded};
  return std::nullopt;
}

/// An answer that fits a request under way and one whose outcome was unknown is nobody's: to take
/// it for the wrong one would be worse than to take it for none.
void link_core::take_answer(const iso8583::message& what, time_point now) {
  unknown_.forget_old(now);
  answered_.forget_old(now);
  const auto fitting = waiting_.find(what);
  auto late = unknown_.find(what);
  if (fitting.size() == 1)
    std::erase(late, fitting.front());
  if (fitting.size() + late.size() > 1)
    return tell_unmatched(unmatched_kind::ambiguous, std::nullopt, what);
  if (!fitting.empty())
    return request_answered(fitting.front(), what, now);
  if (!late.empty())
    return tell_unmatched(unmatched_kind::late, late.front(), what);
  const auto twice = answered_.find(what);
  if (twice.empty())
    return tell_unmatched(unmatched_kind::unexpected, std::nullopt, what);
  if (twice.size() > 1)
    return tell_unmatched(unmatched_kind::ambiguous, std::nullopt, what);
  tell_unmatched(unmatched_kind::duplicate, twice.front(), what);
}

void link_core::request_answered(request_id id, const iso8583::message& what, time_point now) {
  const under_way done = take(id);
  answered_.add(id, waiting_.form(done.place), now);
  waiting_.erase(done.place);
  ++counts_.answered;
  answer_times_.push_back(now - done.written_at);
  if (answer_times_.size() > answer_times_max)
    answer_times_.pop_front();
  actions_.emplace_back(answer{id, answered{what}});
  heard(now);
  grey_.answered(!under_way_.empty(), now);
  is_on_trial_ = false;
  // What was written before says how the link was, not how it is.
  if (trial_at_ && done.written_at >= suspected_at_)
    trust_requests("a request was answered");
  sign_off_if_idle(now);
}

void link_core::request_unknown(request_id id, unknown_reason why, const std::string& detail,
                                time_point now) {
  const under_way done = take(id);
  unknown_.add(id, waiting_.form(done.place), now);
  waiting_.erase(done.place);
  ++counts_.unknown;
  actions_.emplace_back(answer{id, unknown{why, detail}});
}

void link_core::all_unknown(unknown_reason why, const std::string& detail, time_point now) {
  while (!under_way_.empty())
    request_unknown(under_way_.begin()->first, why, detail, now);
}

void link_core::expire_requests(time_point now) {
  bool any = false;
  while (!expiry_.empty() && expiry_.begin()->first <= now) {
    any = true;
    request_unknown(expiry_.begin()->second, unknown_reason::timeout, {}, now);
    grey_.timed_out();
  }
  if (!any)
    return;
  if (is_on_trial_ && is_up())
    suspect_requests("the request on trial timed out", now);
  else if (trial_at_)
    trial_at_ = now + options_.grey.pause;
  sign_off_if_idle(now);
}

link_core::under_way link_core::take(request_id id) {
  const auto found = under_way_.find(id);
  DUCAT_CHECK(found != under_way_.end());
  const under_way done = found->second;
  expiry_.erase({done.expires, id});
  under_way_.erase(found);
  return done;
}

void link_core::tell_unmatched(unmatched_kind kind, std::optional<request_id> id,
                               const iso8583::message& what) {
  ++counts_.unmatched;
  actions_.emplace_back(unmatched{.kind = kind, .request = id, .what = what});
}

link_figures link_core::figures() const {
  link_figures now = counts_;
  now.state = state_;
  now.why = why_;
  now.signed_on_since = signed_on_since_;
  now.echoes_missed = echoes_missed_;
  now.in_flight = under_way_.size();
  if (answer_times_.empty())
    return now;
  std::vector<duration> sorted(answer_times_.begin(), answer_times_.end());
  std::ranges::sort(sorted);
  now.answer_p50 = sorted[(sorted.size() - 1) / 2];
  now.answer_p99 = sorted[(sorted.size() - 1) * 99 / 100];
  return now;
}

} // namespace ducat::device
