#include "api/alert_calls.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace ducat::api {

namespace {

using namespace std::chrono_literals;
using alerts::alert;
using alerts::silence;

constexpr std::uint64_t ns_per_ms = 1'000'000;
constexpr std::uint64_t silence_max_ms = std::chrono::milliseconds{24h * 7}.count();
constexpr std::size_t name_bytes_max = 100;
constexpr std::size_t text_bytes_max = 500;

std::uint64_t ms_of(log_time at) {
  return at.nanoseconds / ns_per_ms;
}

v1::Alert view_of(const alert& of) {
  v1::Alert view;
  view.set_rule(of.rule);
  view.set_subject(of.subject);
  view.set_severity(std::string{to_string(of.how)});
  view.set_state(of.now == alert::state::firing ? "firing" : "pending");
  view.set_text(of.text);
  view.set_action(of.action);
  view.set_began_at_ms(ms_of(of.since));
  view.set_fired_at_ms(ms_of(of.fired_at));
  view.set_acknowledged_by(of.acknowledged_by);
  view.set_silenced(of.is_silenced);
  return view;
}

v1::Silence view_of(const silence& of) {
  v1::Silence view;
  view.set_id(of.id);
  view.set_rule(of.rule);
  view.set_subject(of.subject);
  view.set_until_ms(ms_of(of.until));
  view.set_by(of.by);
  view.set_reason(of.reason);
  return view;
}

tl::unexpected<v1::Error> nobody_looks() {
  return tl::unexpected(make_error(v1::Error::NOT_FOUND, "alerts_not_looked_for",
                                   "this node has no table [alerts] in its configuration"));
}

checked<void> check_length(const std::string& text, std::size_t bytes_max, const char* param) {
  if (text.size() > bytes_max)
    return invalid("text_too_long", "at most " + std::to_string(bytes_max) + " bytes", param);
  return {};
}

checked<void> check_silence(const v1::SilenceAlertsRequest& request) {
  if (request.everything() != (request.rule().empty() && request.subject().empty()))
    return invalid("silence_of_what", "a silence has a rule or a subject, or is of everything",
                   "everything");
  if (request.for_ms() == 0 || request.for_ms() > silence_max_ms)
    return invalid("silence_time_invalid", "a silence is 1 ms to 7 days long", "for_ms");
  if (auto good = check_length(request.by(), name_bytes_max, "by"); !good)
    return good;
  if (auto good = check_length(request.rule(), text_bytes_max, "rule"); !good)
    return good;
  if (auto good = check_length(request.subject(), text_bytes_max, "subject"); !good)
    return good;
  return check_length(request.reason(), text_bytes_max, "reason");
}

} // namespace

v1::ListAlertsReply list_alerts(const alerts::alert_board* board, log_time now) {
  v1::ListAlertsReply reply;
  if (board == nullptr)
    return reply;
  const auto contents = board->read(now);
  for (const alert& each : contents.alerts)
    *reply.add_alerts() = view_of(each);
  for (const silence& each : contents.silences)
    *reply.add_silences() = view_of(each);
  reply.set_looked_at_ms(ms_of(contents.looked_at));
  return reply;
}

checked<v1::Alert> acknowledge_alert(alerts::alert_board* board,
                                     const v1::AcknowledgeAlertRequest& request) {
  if (board == nullptr)
    return nobody_looks();
  if (request.by().empty())
    return invalid("who_missing", "an acknowledgement says who takes care of it", "by");
  if (auto good = check_length(request.by(), name_bytes_max, "by"); !good)
    return tl::unexpected(good.error());
  const auto done = board->acknowledge(request.rule(), request.subject(), request.by());
  if (!done)
    return tl::unexpected(
        make_error(v1::Error::NOT_FOUND, "alert_not_found", done.error().message));
  return view_of(*done);
}

checked<v1::Silence> silence_alerts(alerts::alert_board* board,
                                    const v1::SilenceAlertsRequest& request, log_time now) {
  if (board == nullptr)
    return nobody_looks();
  if (auto good = check_silence(request); !good)
    return tl::unexpected(good.error());
  const auto made = board->add({.rule = request.rule(),
                                .subject = request.subject(),
                                .until = {now.nanoseconds + request.for_ms() * ns_per_ms},
                                .by = request.by(),
                                .reason = request.reason()},
                               now);
  if (!made)
    return tl::unexpected(
        make_error(v1::Error::CONFLICT, "too_many_silences", made.error().message));
  return view_of(*made);
}

checked<v1::LiftSilenceReply> lift_silence(alerts::alert_board* board,
                                           const v1::LiftSilenceRequest& request) {
  if (board == nullptr)
    return nobody_looks();
  if (auto done = board->lift(request.id()); !done)
    return tl::unexpected(
        make_error(v1::Error::NOT_FOUND, "silence_not_found", done.error().message));
  return v1::LiftSilenceReply{};
}

} // namespace ducat::api
