#include <ducat/ledger/book.hpp>

#include <algorithm>
#include <ostream>
#include <ranges>

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

/// Returns the user data that fewest transfers are likely to have; nothing if the filter names
/// none.
std::optional<user_data> rarest_of(const query_filter& filter) {
  if (filter.user_data_128 != 0)
    return user_data{user_data::field::bits_128, filter.user_data_128};
  if (filter.user_data_64 != 0)
    return user_data{user_data::field::bits_64, filter.user_data_64};
  if (filter.user_data_32 != 0)
    return user_data{user_data::field::bits_32, filter.user_data_32};
  return std::nullopt;
}

/// Returns whether the event is a transfer that the filter wants.
bool selects(const account_filter& filter, const account_event& event) {
  if (event.moved == nullptr)
    return false;
  const bool is_debit = event.moved->debit_account_id == filter.account;
  return (is_debit ? filter.debits : filter.credits) && selects(filter.common, *event.moved);
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

bool visit_events(const segment& from, const account_row& heads, bool newest_first,
                  const account_event_visitor& visit) {
  std::vector<account_event> events; // Newest first.
  if (has(heads.body.flags, account_flags::history))
    for (row at = heads.newest_balance; at != no_row; at = from.balances[at].previous) {
      const balance_row& each = from.balances[at];
      events.push_back(
          {each.transfer == no_row ? nullptr : &from.transfers[each.transfer].body, &each.body});
    }
  else
    for (row at = heads.newest_transfer; at != no_row;) {
      const transfer_row& each = from.transfers[at];
      events.push_back({&each.body, nullptr});
      at = each.body.debit_account_id == heads.body.id ? each.previous_of_debit
                                                       : each.previous_of_credit;
    }
  if (!newest_first)
    std::ranges::reverse(events);
  return std::ranges::all_of(events, visit);
}

void book::visit_account(const account_filter& filter, const account_event_visitor& visit) const {
  const row account = is_valid(filter) ? accounts_.row_of(filter.account) : no_row;
  if (account == no_row)
    return;
  const log_time from = filter.common.timestamp_min;
  const log_time to = end_of(filter.common);
  const bool newest_first = filter.common.reversed;
  const account_event_visitor visit_selected = [&](const account_event& event) {
    return event.at() < from || event.at() > to || visit(event);
  };
  const auto visit_past = [&] {
    return past_ == nullptr || past_->visit_account(account, from, to, newest_first, visit);
  };
  const auto visit_sealed = [&](const std::shared_ptr<segment>& each) {
    const account_row* heads = each->find(account);
    return heads == nullptr || visit_events(*each, *heads, newest_first, visit_selected);
  };
  const auto visit_newest = [&] {
    return visit_events(newest_, accounts_[account], newest_first, visit_selected);
  };
  if (newest_first)
    (void)(visit_newest() && std::ranges::all_of(sealed_ | std::views::reverse, visit_sealed) &&
           visit_past());
  else
    (void)(visit_past() && std::ranges::all_of(sealed_, visit_sealed) && visit_newest());
}

/// Visits those in the history that are `with` some user data, and all that are in memory.
bool book::visit_transfers(const std::optional<user_data>& with, log_time from, log_time to,
                           bool newest_first, const transfer_visitor& visit) const {
  const auto visit_segment = [&](const segment& each) {
    const row begin = each.transfers.first_since(from);
    const row end = each.transfers.first_since({to.nanoseconds + 1});
    for (row i = begin; i < end; ++i)
      if (!visit(each.transfers[newest_first ? end - 1 - (i - begin) : i].body))
        return false;
    return true;
  };
  const auto visit_sealed = [&](const std::shared_ptr<segment>& each) {
    return visit_segment(*each);
  };
  const auto visit_past = [&] {
    return past_ == nullptr || past_->visit_transfers(with, from, to, newest_first, visit);
  };
  if (newest_first)
    return visit_segment(newest_) &&
           std::ranges::all_of(sealed_ | std::views::reverse, visit_sealed) && visit_past();
  return visit_past() && std::ranges::all_of(sealed_, visit_sealed) && visit_segment(newest_);
}

std::vector<transfer> book::account_transfers(const account_filter& filter) const {
  std::vector<transfer> found;
  visit_account(filter, [&](const account_event& event) {
    if (selects(filter, event))
      found.push_back(*event.moved);
    return found.size() < filter.common.limit;
  });
  return found;
}

std::vector<account_balance> book::account_balances(const account_filter& filter) const {
  std::vector<account_balance> found;
  visit_account(filter, [&](const account_event& event) {
    if (event.balance == nullptr)
      return false; // Its history is not kept.
    if (selects(filter, event))
      found.push_back(*event.balance);
    return found.size() < filter.common.limit;
  });
  return found;
}

std::optional<account_balance> book::balance_at(account_id id, log_time at) const {
  const account* owner = find(id);
  if (owner == nullptr || owner->timestamp > at)
    return std::nullopt;
  if (!has(owner->flags, account_flags::history))
    return std::nullopt;
  account_balance newest{.timestamp = owner->timestamp};
  visit_account({.account = id,
                 .common = {.timestamp_min = {},
                            .timestamp_max = std::min(at, timestamp_max),
                            .limit = 1,
                            .reversed = true}},
                [&](const account_event& event) {
                  newest = *event.balance;
                  return false;
                });
  return newest;
}

std::vector<account> book::query_accounts(const query_filter& filter) const {
  std::vector<account> found;
  if (!is_valid(filter))
    return found;
  const row begin = accounts_.first_since(filter.timestamp_min);
  const row end = accounts_.first_since({end_of(filter).nanoseconds + 1});
  for (row i = begin; i < end && found.size() < filter.limit; ++i) {
    const account& each = accounts_[filter.reversed ? end - 1 - (i - begin) : i].body;
    if (selects(filter, each) && matches(filter.ledger, each.ledger))
      found.push_back(each);
  }
  return found;
}

std::vector<transfer> book::query_transfers(const query_filter& filter) const {
  std::vector<transfer> found;
  if (!is_valid(filter))
    return found;
  visit_transfers(rarest_of(filter), filter.timestamp_min, end_of(filter), filter.reversed,
                  [&](const transfer& each) {
                    if (selects(filter, each) && matches(filter.ledger, each.ledger))
                      found.push_back(each);
                    return found.size() < filter.limit;
                  });
  return found;
}

} // namespace ducat::ledger
