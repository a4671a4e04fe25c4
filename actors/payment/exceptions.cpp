/// Exceptions of reconciliation in the payment machine.

#include "payment/ids.hpp"
#include "payment/view.hpp"
#include "settlement/book.hpp"
#include "settlement/exception_book.hpp"
#include "settlement/ids.hpp"

#include <ducat/check.hpp>
#include <ducat/payment/currency.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/machine.pb.h>

#include <algorithm>
#include <set>
#include <span>

namespace ducat::payment {

namespace {

constexpr std::uint16_t exception_code = 30; ///< Of transfers; see settlement::code.

/// Accounts of the hub between which exceptions move money.
constexpr std::string_view exception_kinds[] = {"suspense", "liquidity", "fees"};

std::set<std::string> currencies_in(const v1::OpenSettlementExceptions& command) {
  std::set<std::string> found{command.currency()};
  for (const v1::SettlementDifference& each : command.differences()) {
    if (each.has_internal())
      found.insert(each.internal().currency());
    if (each.has_external())
      found.insert(each.external().currency());
  }
  return found;
}

std::vector<std::string> ids_in(const v1::SettlementExceptionCommand& command) {
  std::vector<std::string> ids;
  for (const v1::SettlementDifference& each : command.open().differences())
    ids.push_back(settlement::exception_id_of(command.open().currency(), each));
  if (command.has_assign())
    ids.push_back(command.assign().id());
  if (command.has_dispose())
    ids.push_back(command.dispose().id());
  if (command.has_alarm())
    ids.push_back(command.alarm().id());
  return ids;
}

} // namespace

machine::decision machine::check(const v1::SettlementExceptionCommand& command) const {
  const settlement::exception_verdict said = exceptions_->check(command);
  if (said.why != refusal::none)
    return refuse(said.why);
  if (said.changes_nothing)
    return {.what = decision::kind::replay};
  return command.has_open() ? check(command.open()) : decision{};
}

/// The book of exceptions has let it pass: currencies are known, and windows have numbers.
machine::decision machine::check(const v1::OpenSettlementExceptions& command) const {
  for (const v1::SettlementDifference& each : command.differences()) {
    const auto is_final = settlement_->is_final(command.currency(), each.window());
    if (!is_final)
      return refuse(refusal::window_not_found, "window");
    if (*is_final)
      return refuse(refusal::exception_not_found, "window");
  }
  for (const std::string& currency : currencies_in(command))
    for (const std::string_view kind : exception_kinds) {
      const account_record* known = find_account(settlement::hub_account(kind, currency));
      if (known != nullptr &&
          !(known->overdraft && known->ledger == find_currency(currency)->number))
        return refuse(refusal::account_exists, "currency");
    }
  if (command.account().empty())
    return {};
  const account_record* bears = find_account(command.account());
  if (bears == nullptr)
    return refuse(refusal::account_not_found, "account");
  if (bears->ledger != find_currency(command.currency())->number)
    return refuse(refusal::currency_mismatch, "account");
  if (settlement_->is_own_account(command.account(), {accounts_, accounts_by_id_}))
    return refuse(refusal::account_of_settlement, "account");
  return bears->overdraft ? decision{} : refuse(refusal::merchant_needs_overdraft, "account");
}

v1::Outcome machine::apply(const proposal& where, const v1::SettlementExceptionCommand& command) {
  if (command.has_open())
    for (const std::string& currency : currencies_in(command.open()))
      for (const std::string_view kind : exception_kinds)
        if (const std::string id = settlement::hub_account(kind, currency);
            find_account(id) == nullptr)
          (void)open(where, {.id = id,
                             .number = {number_of("account", id)},
                             .ledger = find_currency(currency)->number,
                             .overdraft = true,
                             .index = where.index});
  v1::SettlementExceptionCommand whole = command;
  if (command.has_open() && command.open().due_hours() == 0)
    whole.mutable_open()->set_due_hours(settlement_->exception_hours(command.open().currency()));
  for (const settlement::exception_move& each : exceptions_->apply(where, whole))
    move(where, each);
  v1::Outcome out = outcome_of_exceptions(command);
  out.set_index(where.index);
  return out;
}

void machine::move(const proposal& where, const settlement::exception_move& what) {
  const ledger::transfer moved{.id = {number_of("exception", what.name)},
                               .debit_account_id = find_account(what.debit)->number,
                               .credit_account_id = find_account(what.credit)->number,
                               .amount = static_cast<u128>(what.amount),
                               .pending_id = {},
                               .ledger = find_currency(what.currency)->number,
                               .code = exception_code,
                               .timestamp = {}};
  DUCAT_CHECK(move(where.at, moved) == ledger::transfer_outcome::ok);
}

v1::Outcome machine::outcome_of_exceptions(const v1::SettlementExceptionCommand& command) const {
  v1::Outcome out;
  for (const std::string& id : ids_in(command))
    *out.mutable_settlement_exceptions()->add_data() = *exceptions_->find(id);
  return out;
}

v1::Outcome machine::list_exceptions(const v1::ListSettlementExceptionsRequest& question) const {
  v1::Outcome out;
  *out.mutable_settlement_exceptions() = exceptions_->ask(question);
  return out;
}

} // namespace ducat::payment
