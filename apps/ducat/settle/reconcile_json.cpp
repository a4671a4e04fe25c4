#include "settle/reconcile_report.hpp"

#include <ducat/payment/currency.hpp>

#include <nlohmann/json.hpp>

namespace ducat::cli {

namespace {

using nlohmann::ordered_json;
using settlement::difference_class;

/// Amounts are texts, as in all JSON of the node.
std::string whole(std::int64_t number) {
  return std::to_string(number);
}

ordered_json sums_of(const settlement::currency_sums& sums) {
  return {{"internal_count", sums.internal_count},
          {"internal", whole(sums.internal)},
          {"count_differences", sums.count_differences},
          {"differences", whole(sums.differences)},
          {"external_count", sums.external_count},
          {"external", whole(sums.external)},
          {"internal_fees", whole(sums.internal_fees)},
          {"fee_differences", whole(sums.fee_differences)},
          {"fees_not_compared", whole(sums.fees_not_compared)},
          {"external_fees", whole(sums.external_fees)}};
}

ordered_json leg_of(const settlement::leg_sums& leg) {
  ordered_json made{{"sums", ordered_json::object()}, {"classes", ordered_json::object()}};
  for (const auto& [currency, sums] : leg.by_currency) {
    const auto known = payment::find_currency(currency);
    made["sums"][known ? std::string{known->code} : std::to_string(currency)] = sums_of(sums);
  }
  for (std::uint8_t number = 1; number <= settlement::difference_classes; ++number) {
    const auto what = static_cast<difference_class>(number);
    made["classes"][std::string{to_string(what)}] = leg.count(what);
  }
  return made;
}

ordered_json differences_of(const settlement::window_report& found) {
  ordered_json all = ordered_json::array();
  for (const settlement::new_exception& each : found.to_open)
    all.push_back(
        {{"exception", each.id}, {"what", ordered_json::parse(json_of(each.difference))}});
  return all;
}

ordered_json totals_of(const compared_totals& totals) {
  const auto tally = [](const settlement::journal_tally& of) {
    return ordered_json{{"count", of.count}, {"amount", whole(of.amount)}};
  };
  return {{"verdict", to_string(totals.verdict)},
          {"ours", ordered_json::parse(json_of(totals.ours))},
          {"journal",
           {{"debits", tally(totals.theirs.debits)},
            {"debit_reversals", tally(totals.theirs.debit_reversals)},
            {"credits", tally(totals.theirs.credits)},
            {"credit_reversals", tally(totals.theirs.credit_reversals)}}}};
}

ordered_json members_of(const settlement::window_report& found) {
  const settlement::member_counts& counts = found.members;
  return {{"compared", counts.compared},
          {"carried", counts.carried},
          {"other_acquirer", counts.other_acquirer},
          {"no_card", counts.no_card},
          {"no_number", counts.no_number},
          {"given_back", found.given_back},
          {"net", whole(found.net)}};
}

} // namespace

std::string reconcile_json(const reconcile_result& of) {
  ordered_json made{{"currency", of.request.currency},
                    {"window", of.request.window},
                    {"acquirer", of.request.acquirer},
                    {"business_date", of.window.business_date()},
                    {"members", members_of(of.found)},
                    {"acquirer_leg", leg_of(of.found.sums.acquirer)},
                    {"bank_leg", leg_of(of.found.sums.bank)},
                    {"new", differences_of(of.found)},
                    {"known", of.found.known},
                    {"seen", of.found.seen.size()},
                    {"seen_by_nobody", of.found.seen_by_nobody},
                    {"dry_run", of.request.is_dry},
                    {"opened", of.done.opened},
                    {"disposed", of.done.disposed},
                    {"open", of.done.open},
                    {"final", of.window.final() || of.done.is_final},
                    {"notes", ordered_json::array()}};
  if (of.totals)
    made["totals"] = totals_of(*of.totals);
  for (const auto& [file, note] : of.notes)
    made["notes"].push_back({{"file", file}, {"note", to_string(note)}});
  return made.dump();
}

} // namespace ducat::cli
