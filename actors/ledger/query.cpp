#include <ducat/ledger/book.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::ledger {

namespace {

log_time end_of(const query_filter& filter) {
  return filter.timestamp_max == log_time{} ? timestamp_max : filter.timestamp_max;
}

template <class T>
bool matches(const T& wanted, const T& actual) {
  return wanted == T{} || wanted == actual;
}

template <class Record>
bool selects(const query_filter& filter, const Record& record) {
  return matches(filter.user_data_128, record.user_data_128) &&
         matches(filter.user_data_64, record.user_data_64) &&
         matches(filter.user_data_32, record.user_data_32) && matches(filter.code, record.code);
}

template <class Record, class Row, class Id>
std::vector<Record> query(const table<Row, Id>& rows, const query_filter& filter) {
  std::vector<Record> found;
  if (!is_valid(filter))
    return found;
  const row begin = rows.first_since(filter.timestamp_min);
  const row end = rows.first_since({end_of(filter).nanoseconds + 1});
  for (row i = begin; i < end && found.size() < filter.limit; ++i) {
    const Record& record = rows[filter.reversed ? end - 1 - (i - begin) : i].body;
    if (selects(filter, record) && matches(filter.ledger, record.ledger))
      found.push_back(record);
  }
  return found;
}

} // namespace

bool is_valid(const query_filter& filter) noexcept {
  return filter.limit != 0 && filter.timestamp_min <= timestamp_max &&
         filter.timestamp_max <= timestamp_max && filter.timestamp_min <= end_of(filter);
}

bool is_valid(const account_filter& filter) noexcept {
  return filter.account.value != 0 && filter.account.value != u128_max &&
         (filter.debits || filter.credits) && is_valid(filter.common);
}

std::ostream& operator<<(std::ostream& out, const account_balance& balance) {
  using ducat::to_string;
  return out << "balance debits_pending=" << to_string(balance.debits_pending)
             << " debits_posted=" << to_string(balance.debits_posted)
             << " credits_pending=" << to_string(balance.credits_pending)
             << " credits_posted=" << to_string(balance.credits_posted)
             << " timestamp=" << balance.timestamp.nanoseconds;
}

/// Returns the rows of the account's transfers that the filter selects, newest first.
std::vector<row> book::select(const account_filter& filter) const {
  std::vector<row> found;
  const account_row* owner = is_valid(filter) ? accounts_.find(filter.account) : nullptr;
  if (owner == nullptr)
    return found;
  for (row at = owner->newest_transfer; at != no_row;) {
    const transfer_row& each = transfers_[at];
    const bool is_debit = each.body.debit_account_id == filter.account;
    if (each.body.timestamp < filter.common.timestamp_min)
      break;
    if (filter.common.reversed && found.size() == filter.common.limit)
      break;
    if ((is_debit ? filter.debits : filter.credits) &&
        each.body.timestamp <= end_of(filter.common) && selects(filter.common, each.body))
      found.push_back(at);
    at = is_debit ? each.previous_of_debit : each.previous_of_credit;
  }
  if (!filter.common.reversed)
    std::ranges::reverse(found);
  found.resize(std::min<std::size_t>(found.size(), filter.common.limit));
  return found;
}

std::vector<transfer> book::account_transfers(const account_filter& filter) const {
  std::vector<transfer> found;
  for (const row at : select(filter))
    found.push_back(transfers_[at].body);
  return found;
}

std::vector<account_balance> book::account_balances(const account_filter& filter) const {
  std::vector<account_balance> found;
  const account_row* owner = accounts_.find(filter.account);
  if (owner == nullptr || owner->newest_balance == no_row)
    return found;
  std::vector<row> selected = select(filter);
  if (!filter.common.reversed)
    std::ranges::reverse(selected);
  // Both lists go from the newest to the oldest now.
  row at = owner->newest_balance;
  for (const row transfer : selected) {
    while (at != no_row && balances_[at].transfer != transfer)
      at = balances_[at].previous;
    if (at != no_row)
      found.push_back(balances_[at].body);
  }
  if (!filter.common.reversed)
    std::ranges::reverse(found);
  return found;
}

std::optional<account_balance> book::balance_at(account_id id, log_time at) const {
  const account_row* owner = accounts_.find(id);
  if (owner == nullptr || owner->body.timestamp > at)
    return std::nullopt;
  if (!has(owner->body.flags, account_flags::history))
    return std::nullopt;
  row newest = owner->newest_balance;
  while (newest != no_row && balances_[newest].body.timestamp > at)
    newest = balances_[newest].previous;
  if (newest == no_row)
    return account_balance{.timestamp = owner->body.timestamp};
  return balances_[newest].body;
}

std::vector<account> book::query_accounts(const query_filter& filter) const {
  return query<account>(accounts_, filter);
}

std::vector<transfer> book::query_transfers(const query_filter& filter) const {
  return query<transfer>(transfers_, filter);
}

} // namespace ducat::ledger
