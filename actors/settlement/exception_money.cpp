/// What of a difference is in suspense.

#include "settlement/exception_book.hpp"

#include <ducat/digest.hpp>
#include <ducat/payment/currency.hpp>

namespace ducat::settlement {

namespace {

void set_statement(v1::SettlementStatement& into, const reconciliation_item& from,
                   std::string_view currency) {
  into.set_amount(from.amount);
  into.set_currency(std::string{currency});
  into.set_business_date(from.business_date);
  if (from.fee)
    into.set_fee(*from.fee);
}

/// Adds what the internal source has more than the external one.
void add_suspense(std::vector<v1::SettlementSuspense>& into, const std::string& currency,
                  std::int64_t surplus) {
  if (surplus == 0)
    return;
  v1::SettlementSuspense& made = into.emplace_back();
  made.set_currency(currency);
  made.set_amount(surplus < 0 ? -surplus : surplus);
  made.set_excess(surplus < 0);
}

} // namespace

std::vector<v1::SettlementSuspense> suspense_in(const v1::SettlementDifference& of) {
  const bool compares_fees = !of.has_internal() || !of.has_external() ||
                             (of.internal().has_fee() && of.external().has_fee());
  const auto net = [&](const v1::SettlementStatement& from) {
    return from.amount() - (compares_fees ? from.fee() : 0);
  };
  const std::int64_t internal = net(of.internal());
  const std::int64_t external = net(of.external());
  std::vector<v1::SettlementSuspense> made;
  const bool has_both = of.has_internal() && of.has_external();
  if (has_both && of.internal().currency() == of.external().currency()) {
    add_suspense(made, of.internal().currency(), internal - external);
    return made;
  }
  add_suspense(made, of.internal().currency(), internal); // What is missing has 0 of everything.
  add_suspense(made, of.external().currency(), -external);
  return made;
}

std::string exception_id_of(const std::string& currency, const v1::SettlementDifference& of) {
  const std::string numbers = "/" + std::to_string(of.window()) + "/" + std::to_string(of.leg()) +
                              "/" + std::to_string(of.what()) + "/" +
                              std::to_string(of.occurrence()) + "/";
  return "exc_" + to_hex(sha256({currency, numbers, of.reference()})).substr(0, 32);
}

std::optional<v1::SettlementDifference> message_of(const difference& what) {
  v1::SettlementDifference made;
  made.set_leg(static_cast<v1::SettlementDifference::Leg>(what.leg));
  made.set_what(static_cast<v1::SettlementDifference::Class>(what.what));
  made.set_reference(what.reference());
  made.set_occurrence(what.occurrence);
  made.set_window(what.window);
  for (const auto* each : {&what.internal, &what.external}) {
    if (!*each)
      continue;
    const auto known = payment::find_currency((*each)->currency);
    if (!known)
      return std::nullopt;
    set_statement(each == &what.internal ? *made.mutable_internal() : *made.mutable_external(),
                  **each, known->code);
  }
  return made;
}

} // namespace ducat::settlement
