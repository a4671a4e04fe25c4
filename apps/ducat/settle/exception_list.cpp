/// Exceptions of reconciliation, for people.

#include "client/table.hpp"
#include "client/utc.hpp"
#include "settle/lists.hpp"

#include <algorithm>
#include <string>

namespace ducat::cli {

namespace {

using difference = v1::SettlementDifference;

constexpr std::uint64_t minute_ns = std::uint64_t{60} * 1'000'000'000;

std::string money(std::int64_t amount, const std::string& currency) {
  return std::to_string(amount) + " " + printable(currency);
}

std::string stated_of(bool is_there, const v1::SettlementStatement& from) {
  return is_there ? money(from.amount(), from.currency()) : "-";
}

std::string in_full(bool is_there, const v1::SettlementStatement& from) {
  std::string text = is_there ? stated_of(true, from) : "says nothing of it";
  if (from.has_fee())
    text += ", fee " + std::to_string(from.fee());
  if (from.business_date() != 0)
    text += ", of " + std::to_string(from.business_date());
  return text;
}

/// What the external source has more than the internal one.
std::string suspense_of(const v1::SettlementException& of) {
  std::string text;
  for (const v1::SettlementSuspense& each : of.suspense())
    text += (text.empty() ? "" : ", ") + std::string{each.excess() ? "+" : "-"} +
            money(each.amount(), each.currency());
  return text.empty() ? "0" : text;
}

bool is_open(const v1::SettlementException& of) {
  return of.how() == v1::DISPOSITION_UNSPECIFIED;
}

/// Returns how long it has been open at `now`, or was. Clocks differ: nothing is negative.
std::string age_of(const v1::SettlementException& of, log_time now) {
  const std::uint64_t end = is_open(of) ? now.nanoseconds : of.disposed_at_ns();
  const std::uint64_t minutes = (std::max(end, of.opened_at_ns()) - of.opened_at_ns()) / minute_ns;
  const auto text_of = [](std::uint64_t count, const char* unit) {
    return std::to_string(count) + unit;
  };
  if (minutes < 60)
    return text_of(minutes, "m");
  const std::uint64_t hours = minutes / 60;
  return hours < 24 ? text_of(hours, "h ") + text_of(minutes % 60, "m")
                    : text_of(hours / 24, "d ") + text_of(hours % 24, "h");
}

std::string state_of(const v1::SettlementException& of) {
  if (!is_open(of))
    return v1::SettlementDisposition_Name(of.how());
  return of.alarmed_at_ns() == 0 ? "OPEN" : "OPEN, ALARM";
}

std::string time_of(std::uint64_t ns, const char* if_none) {
  return ns == 0 ? if_none : utc({ns});
}

} // namespace

void print(std::ostream& out, const v1::ListSettlementExceptionsReply& list, log_time now) {
  table rows{{{"ID"},
              {"LEG"},
              {"CLASS"},
              {"REFERENCE"},
              {"WINDOW", align::right},
              {"INTERNAL", align::right},
              {"EXTERNAL", align::right},
              {"SUSPENSE", align::right},
              {"OWNER"},
              {"AGE", align::right},
              {"DUE"},
              {"STATE"}}};
  for (const v1::SettlementException& each : list.data()) {
    const difference& of = each.difference();
    rows.add({each.id(), difference::Leg_Name(of.leg()), difference::Class_Name(of.what()),
              printable(of.reference()), std::to_string(of.window()),
              stated_of(of.has_internal(), of.internal()),
              stated_of(of.has_external(), of.external()), suspense_of(each),
              printable(each.owner()), age_of(each, now), time_of(each.due_at_ns(), "never"),
              state_of(each)});
  }
  rows.print(out);
  if (list.has_more() && !list.data().empty())
    out << "more: --starting-after " << list.data().rbegin()->id() << '\n';
}

void print_in_full(std::ostream& out, const v1::SettlementException& shown, log_time now) {
  const difference& of = shown.difference();
  print_fields(
      out,
      {{"exception", shown.id()},
       {"state", state_of(shown)},
       {"window", std::to_string(of.window()) + " of " + shown.currency()},
       {"leg", difference::Leg_Name(of.leg())},
       {"class", difference::Class_Name(of.what())},
       {"reference", printable(of.reference())},
       {"occurrence", of.occurrence() == 0 ? "" : std::to_string(of.occurrence())},
       {"internal", in_full(of.has_internal(), of.internal())},
       {"external", in_full(of.has_external(), of.external())},
       {"suspense", suspense_of(shown)},
       {"borne by", shown.account().empty() ? "the hub's fees" : printable(shown.account())},
       {"rule", v1::SettlementExceptionRule_Name(shown.rule())},
       {"owner", shown.owner().empty() ? "nobody" : printable(shown.owner())},
       {"opened", utc({shown.opened_at_ns()}) + ", entry " + std::to_string(shown.opened_index())},
       {"age", age_of(shown, now)},
       {"due", time_of(shown.due_at_ns(), "never")},
       {"alarm", time_of(shown.alarmed_at_ns(), "")},
       {"disposed", time_of(shown.disposed_at_ns(), "")},
       {"by", printable(shown.by())},
       {"reason", printable(shown.reason())}});
}

} // namespace ducat::cli
