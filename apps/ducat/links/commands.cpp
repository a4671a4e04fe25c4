#include "links/commands.hpp"

#include "client/show.hpp"
#include "client/table.hpp"
#include "client/utc.hpp"

#include <string>

namespace ducat::cli {

namespace {

/// "250 us", "3.2 ms": two digits are enough.
std::string time_of(std::uint64_t microseconds) {
  if (microseconds < 1'000)
    return std::to_string(microseconds) + " us";
  const std::uint64_t tenths = microseconds / 100;
  if (tenths < 100)
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
  return std::to_string(microseconds / 1'000) + " ms";
}

std::string answer_times(const v1::Link& link) {
  return link.has_answer_p50_us()
             ? time_of(link.answer_p50_us()) + " / " + time_of(link.answer_p99_us())
             : "-";
}

/// What a link is for payments.
std::string role_of(const v1::AcquirerLinks& of, const v1::Link& link) {
  if (!link.holder())
    return "backup";
  return of.epoch() == 0 ? "only" : "holder, epoch " + std::to_string(of.epoch());
}

void print(std::ostream& out, const v1::ListLinksReply& list) {
  table rows{{{"ACQUIRER"},
              {"LINK"},
              {"STATE"},
              {"SINCE", align::right},
              {"PAYMENTS"},
              {"IN FLIGHT", align::right},
              {"ANSWERED", align::right},
              {"UNKNOWN", align::right},
              {"P50 / P99", align::right},
              {"BREAKER"},
              {"WHY"}}};
  for (const v1::AcquirerLinks& of : list.acquirers())
    for (const v1::Link& link : of.links())
      rows.add({of.name(), link.name(), link.state(), about(link.since_ms()), role_of(of, link),
                std::to_string(link.in_flight()), std::to_string(link.answered()),
                std::to_string(link.unknown()), answer_times(link),
                link.holder() ? of.breaker() : "-", printable(link.why())});
  rows.print(out);
}

} // namespace

exit_code list_links(const session& with) {
  const auto reply = call(with.limits, repetition::read, with.node, &v1::Node::Stub::ListLinks, {});
  return show(with, reply, [&](const v1::ListLinksReply& list) { print(with.io.out, list); });
}

exit_code change_link(const session& with, const v1::ChangeLinkRequest& request) {
  const auto reply =
      call(with.limits, repetition::keyed, with.node, &v1::Node::Stub::ChangeLink, request);
  return show(with, reply, [&](const v1::ChangeLinkReply& now) {
    with.io.out << request.name() << " is " << now.state() << '\n';
  });
}

} // namespace ducat::cli
