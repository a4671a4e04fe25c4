#include "alerts/commands.hpp"

#include "client/show.hpp"
#include "client/table.hpp"
#include "client/utc.hpp"

#include <ducat/wall_clock.hpp>

#include <string>

namespace ducat::cli {

namespace {

constexpr std::uint64_t ns_per_ms = 1'000'000;

std::string apart(std::uint64_t earlier_ms, std::uint64_t later_ms) {
  return about(later_ms < earlier_ms ? 0 : later_ms - earlier_ms);
}

std::string care_of(const v1::Alert& alert) {
  if (!alert.acknowledged_by().empty())
    return alert.acknowledged_by();
  return alert.silenced() ? "(silenced)" : "-";
}

std::string or_all(const std::string& name) {
  return name.empty() ? "(all)" : printable(name);
}

std::string until_of(const v1::Silence& silence) {
  return utc({silence.until_ms() * ns_per_ms});
}

void print_silences(std::ostream& out, const v1::ListAlertsReply& list) {
  table rows{{{"SILENCE", align::right}, {"RULE"}, {"OF"}, {"UNTIL"}, {"BY"}, {"WHY"}}};
  for (const v1::Silence& each : list.silences())
    rows.add({std::to_string(each.id()), or_all(each.rule()), or_all(each.subject()),
              until_of(each), printable(each.by()), printable(each.reason())});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListAlertsReply& list) {
  if (list.looked_at_ms() == 0) {
    out << "this node does not look for alerts: its configuration has no table [alerts]\n";
    return;
  }
  const std::uint64_t now_ms = wall_clock().nanoseconds / ns_per_ms;
  table rows{{{"HOW"}, {"RULE"}, {"OF"}, {"FOR", align::right}, {"CARE"}, {"WHAT"}, {"DO FIRST"}}};
  for (const v1::Alert& each : list.alerts())
    rows.add({each.state() == "firing" ? each.severity() : each.state(), each.rule(),
              each.subject().empty() ? "-" : printable(each.subject()),
              apart(each.began_at_ms(), now_ms), printable(care_of(each)), printable(each.text()),
              each.action()});
  rows.print(out);
  if (!list.silences().empty())
    print_silences(out, list);
  out << "looked " << apart(list.looked_at_ms(), now_ms) << " ago\n";
}

} // namespace

exit_code list_alerts(const session& with) {
  const auto reply =
      call(with.limits, repetition::read, with.node, &v1::Alerts::Stub::ListAlerts, {});
  return show(with, reply, [&](const v1::ListAlertsReply& list) { print(with.io.out, list); });
}

exit_code acknowledge_alert(const session& with, const v1::AcknowledgeAlertRequest& request) {
  const auto reply =
      call(with.limits, repetition::keyed, with.node, &v1::Alerts::Stub::AcknowledgeAlert, request);
  return show(with, reply, [&](const v1::Alert& now) {
    with.io.out << printable(now.acknowledged_by()) << " takes care of " << now.rule() << '\n';
  });
}

exit_code silence_alerts(const session& with, const v1::SilenceAlertsRequest& request) {
  const auto reply =
      call(with.limits, repetition::once, with.node, &v1::Alerts::Stub::SilenceAlerts, request);
  return show(with, reply, [&](const v1::Silence& made) {
    with.io.out << "silence " << made.id() << " until " << until_of(made) << '\n';
  });
}

exit_code lift_silence(const session& with, const v1::LiftSilenceRequest& request) {
  const auto reply =
      call(with.limits, repetition::once, with.node, &v1::Alerts::Stub::LiftSilence, request);
  return show(with, reply, [&](const v1::LiftSilenceReply&) {
    with.io.out << "lifted silence " << request.id() << '\n';
  });
}

} // namespace ducat::cli
