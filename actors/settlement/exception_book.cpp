#include "settlement/exception_book.hpp"

#include "settlement/ids.hpp"

#include <ducat/check.hpp>
#include <ducat/ledger/history.hpp>

#include <algorithm>
#include <ostream>
#include <utility>

namespace ducat::settlement {

namespace {

constexpr std::string_view exception_prefix = "x/";
constexpr std::uint64_t hour_ns = std::uint64_t{3'600} * 1'000'000'000;
constexpr std::uint32_t exceptions_listed_max = 1'000;
constexpr std::uint32_t exceptions_listed = 100;

/// The accounts of one currency between which an exception moves money.
struct exception_accounts {
  exception_accounts(const std::string& bearer, std::string_view currency)
      : suspense{hub_account("suspense", currency)}, liquidity{hub_account("liquidity", currency)},
        fees{hub_account("fees", currency)}, bears{bearer.empty() ? fees : bearer} {}

  std::string suspense;
  std::string liquidity;
  std::string fees;
  std::string bears;
};

/// Adds a move of what the exception has in suspense in one currency.
void add_move(std::vector<exception_move>& into, const std::string& name,
              const v1::SettlementSuspense& held, const std::string& debit,
              const std::string& credit) {
  if (debit != credit)
    into.push_back({.name = name + "/" + held.currency(),
                    .debit = debit,
                    .credit = credit,
                    .currency = held.currency(),
                    .amount = held.amount()});
}

/// The account bears nothing in a currency that is not its own: there the hub's fees do.
exception_accounts accounts_of(const v1::SettlementException& of,
                               const v1::SettlementSuspense& held) {
  return {held.currency() == of.currency() ? of.account() : "", held.currency()};
}

void add_opening(std::vector<exception_move>& into, const v1::SettlementException& of) {
  for (const v1::SettlementSuspense& held : of.suspense()) {
    const exception_accounts at = accounts_of(of, held);
    add_move(into, of.id() + "/open", held, held.excess() ? at.liquidity : at.bears, at.suspense);
  }
}

void add_disposition(std::vector<exception_move>& into, const v1::SettlementException& of) {
  for (const v1::SettlementSuspense& held : of.suspense()) {
    const exception_accounts at = accounts_of(of, held);
    const auto out_of_suspense = [&](const std::string& to) {
      add_move(into, of.id() + "/dispose", held, at.suspense, to);
    };
    switch (of.how()) {
    case v1::CORRECTED:
    case v1::LATE_MATCHED:
      out_of_suspense(held.excess() ? at.liquidity : at.bears);
      break;
    case v1::ACCEPTED:
      out_of_suspense(held.excess() ? at.bears : at.liquidity);
      break;
    case v1::WRITE_OFF:
      out_of_suspense(held.excess() ? at.fees : at.bears);
      if (!held.excess())
        add_move(into, of.id() + "/write_off", held, at.fees, at.liquidity);
      break;
    default:
      DUCAT_CHECK(false); // check() has let it pass.
    }
  }
}

std::string stored_exception(const v1::SettlementException& of) {
  v1::StoredSettlementException stored;
  *stored.mutable_facts() = of;
  return stored.SerializeAsString();
}

} // namespace

const v1::SettlementException* exception_book::find(const std::string& id) const {
  const auto found = exceptions_.find(id);
  return found == exceptions_.end() ? nullptr : &found->second;
}

v1::SettlementException& exception_book::changed(const std::string& id) {
  changed_.insert(id);
  return exceptions_[id];
}

/// Counts an exception that is opened (1) or disposed of (-1).
void exception_book::count(const v1::SettlementException& of, std::int64_t sign) {
  open_count_ += static_cast<std::uint64_t>(sign);
  const window_key window{of.currency(), of.difference().window()};
  if ((open_[window] += static_cast<std::uint64_t>(sign)) == 0)
    open_.erase(window);
  for (const v1::SettlementSuspense& each : of.suspense())
    suspense_[each.currency()] += sign * each.amount();
}

std::vector<exception_move> exception_book::apply(const position& at,
                                                  const v1::SettlementExceptionCommand& command) {
  std::vector<exception_move> moves;
  if (command.has_open())
    open(at, command.open(), moves);
  else if (command.has_assign())
    changed(command.assign().id()).set_owner(command.assign().owner());
  else if (command.has_dispose())
    dispose(at.at, command.dispose(), moves);
  else if (command.has_alarm())
    changed(command.alarm().id()).set_alarmed_at_ns(at.at.nanoseconds);
  return moves;
}

void exception_book::open(const position& at, const v1::OpenSettlementExceptions& command,
                          std::vector<exception_move>& moves) {
  for (const v1::SettlementDifference& each : command.differences()) {
    const std::string id = exception_id_of(command.currency(), each);
    if (find(id) != nullptr)
      continue;
    v1::SettlementException& made = changed(id);
    made.set_id(id);
    made.set_currency(command.currency());
    *made.mutable_difference() = each;
    made.set_owner(command.owner());
    made.set_account(command.account());
    made.set_rule(command.rule());
    for (v1::SettlementSuspense& part : suspense_in(each))
      *made.add_suspense() = std::move(part);
    made.set_opened_index(at.index);
    made.set_opened_at_ns(at.at.nanoseconds);
    if (command.due_hours() != 0)
      made.set_due_at_ns(at.at.nanoseconds + command.due_hours() * hour_ns);
    count(made, 1);
    add_opening(moves, made);
  }
}

void exception_book::dispose(log_time at, const v1::DisposeOfSettlementException& command,
                             std::vector<exception_move>& moves) {
  v1::SettlementException& of = changed(command.id());
  count(of, -1);
  of.set_how(command.how());
  of.set_reason(command.reason());
  of.set_by(command.by());
  of.set_disposed_at_ns(at.nanoseconds);
  add_disposition(moves, of);
}

// Questions --------------------------------------------------------------------------------------

std::uint64_t exception_book::open_of(const std::string& currency, std::uint64_t window) const {
  const auto found = open_.find({currency, window});
  return found == open_.end() ? 0 : found->second;
}

std::int64_t exception_book::suspense_of(const std::string& currency) const {
  const auto found = suspense_.find(currency);
  return found == suspense_.end() ? 0 : found->second;
}

v1::ListSettlementExceptionsReply
exception_book::ask(const v1::ListSettlementExceptionsRequest& question) const {
  v1::ListSettlementExceptionsReply reply;
  const std::uint32_t asked = question.limit() == 0 ? exceptions_listed : question.limit();
  const int limit = static_cast<int>(std::min(asked, exceptions_listed_max));
  for (auto each = exceptions_.upper_bound(question.starting_after()); each != exceptions_.end();
       ++each) {
    const v1::SettlementException& found = each->second;
    const bool is_wanted =
        (question.currency().empty() || question.currency() == found.currency()) &&
        (question.window() == 0 || question.window() == found.difference().window()) &&
        (question.id().empty() || question.id() == found.id()) &&
        !(question.only_open() && found.how() != 0);
    if (!is_wanted)
      continue;
    if (reply.data_size() == limit) {
      reply.set_has_more(true);
      break;
    }
    *reply.add_data() = found;
  }
  return reply;
}

// Rows -------------------------------------------------------------------------------------------

void exception_book::forget(const std::string& currency, std::uint64_t window) {
  DUCAT_CHECK(open_of(currency, window) == 0);
  std::erase_if(exceptions_, [&](const auto& each) {
    const v1::SettlementException& known = each.second;
    const bool is_of_it = known.currency() == currency && known.difference().window() == window;
    if (is_of_it)
      changed_.insert(known.id());
    return is_of_it;
  });
}

std::vector<ledger::kept_row> exception_book::take_changed_rows() {
  std::vector<ledger::kept_row> rows;
  for (const std::string& id : std::exchange(changed_, {})) {
    const v1::SettlementException* known = find(id);
    rows.push_back(
        {std::string{exception_prefix} + id, known == nullptr ? "" : stored_exception(*known)});
  }
  return rows;
}

std::vector<ledger::kept_row> exception_book::all_rows() const {
  std::vector<ledger::kept_row> rows;
  for (const auto& [id, known] : exceptions_)
    rows.push_back({std::string{exception_prefix} + id, stored_exception(known)});
  return rows;
}

bool exception_book::restore(std::string_view key, std::string_view value) {
  if (value.empty())
    return true;
  v1::StoredSettlementException stored;
  if (!key.starts_with(exception_prefix) ||
      !stored.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
      key.substr(exception_prefix.size()) != stored.facts().id())
    return false;
  const auto [kept, is_new] = exceptions_.emplace(stored.facts().id(), stored.facts());
  if (is_new && kept->second.how() == 0)
    count(kept->second, 1);
  return is_new;
}

std::ostream& operator<<(std::ostream& out, const exception_move& what) {
  return out << what.name << ' ' << what.debit << " -> " << what.credit << ' ' << what.amount << ' '
             << what.currency;
}

} // namespace ducat::settlement
