/// Random commands to a ledger: mostly meaningful, with every mistake a client could make.
#pragma once

#include "command.hpp"
#include "ledger_world.hpp"
#include "naive_ledger.hpp"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

namespace ducat::ledger::test {

constexpr unsigned accounts_max = 10; ///< Ids of accounts are up to this, so conflicts are many.

constexpr std::uint32_t timeout_max = ~std::uint32_t{0};

/// The last time at which a transfer with the longest timeout may be made.
constexpr std::uint64_t longest_begins =
    timestamp_max.nanoseconds - std::uint64_t{timeout_max} * 1'000'000'000;

/// Draws the commands of one world. It looks at the model to find what is worth trying: the edge of
/// a timeout, a transfer that is still pending, a time that is already taken.
class command_generator {
public:
  explicit command_generator(std::uint64_t seed) : random_(seed), huge_(one_in(4)), base_(base()) {}

  command next(const naive_ledger& now) {
    now_ = &now;
    if (now.account_order.size() < 4 || one_in(12))
      return create_accounts{time(), batch<account>(6)};
    if (!one_in(4))
      return create_transfers{time(), batch<transfer>(8)};
    return one_in(2) ? command{advance{time()}} : question();
  }

private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  bool one_in(unsigned n) { return below(n) == 0; }

  template <class T>
  const T& any_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

  template <class T>
  T any_of(std::initializer_list<T> all) {
    return all.begin()[below(all.size())];
  }

  // Times.

  /// When the world begins; some end so late that a timeout passes the end of time, some begin
  /// where the longest one just does not.
  std::uint64_t base() {
    return any_of<std::uint64_t>({0, 1'000'000, 1'700'000'000'000'000'000,
                                  timestamp_max.nanoseconds - 100'000'000'000'000'000,
                                  longest_begins - 200});
  }

  log_time time() {
    const std::uint64_t clock = std::max(now_->clock, base_);
    switch (below(8)) {
    case 0:
      return {below(now_->clock + 1)};
    case 1:
    case 2:
      return {clock < longest_begins && clock + 200 >= longest_begins ? longest_begins - below(6)
                                                                      : near_expiry(clock)};
    case 3:
      return {clock + below(3'000'000'000)};
    case 4:
      return {clock};
    default:
      return {clock + below(40)};
    }
  }

  std::uint64_t near_expiry(std::uint64_t otherwise) {
    if (now_->deadlines.empty())
      return otherwise + below(2'000'000'000);
    auto due = now_->deadlines.begin();
    if (now_->deadlines.size() > 1 && one_in(3))
      ++due;
    const bool soon = due->expires_at < otherwise + 100'000'000'000;
    return soon ? due->expires_at - 6 + below(8) : otherwise;
  }

  /// A time that an imported event may have: mostly one that it can have.
  log_time imported_time(log_time newest) {
    const std::uint64_t after = std::max(newest.nanoseconds, imported_.nanoseconds);
    switch (below(12)) {
    case 0:
      return any_of<log_time>({{},
                               timestamp_max,
                               {timestamp_max.nanoseconds + 1},
                               {~std::uint64_t{0}},
                               {now_->clock + below(10)}});
    case 1:
    case 2:
      return {taken_time().nanoseconds + below(3) - (one_in(2) ? 1 : 0)};
    case 3:
      return {after + below(now_->clock + 8 - std::min(after, now_->clock))};
    default:
      return imported_ = {after + 1 + below(3)};
    }
  }

  log_time taken_time() {
    if (!now_->transfer_order.empty() && one_in(2))
      return now_->entry_of(any_of(now_->transfer_order))->body.timestamp;
    if (now_->account_order.empty())
      return {now_->clock};
    return now_->account_of(any_of(now_->account_order))->timestamp;
  }

  static void import(account& a) { a.flags = a.flags | account_flags::imported; }

  static void import(transfer& t) { t.flags = t.flags | transfer_flags::imported; }

  static void link(account& a) { a.flags = a.flags | account_flags::linked; }

  static void link(transfer& t) { t.flags = t.flags | transfer_flags::linked; }

  log_time newest(const account&) const {
    return now_->account_order.empty() ? log_time{base_}
                                       : now_->account_of(now_->account_order.back())->timestamp;
  }

  log_time newest(const transfer&) const {
    return now_->transfer_order.empty()
               ? log_time{base_}
               : now_->entry_of(now_->transfer_order.back())->body.timestamp;
  }

  // Batches.

  template <class Event>
  std::vector<Event> batch(std::uint64_t size_max) {
    std::vector<Event> events(one_in(20) ? 0 : 1 + below(size_max));
    const bool imported = one_in(5);
    const bool chains = one_in(3);
    imported_ = {};
    for (Event& e : events) {
      e = event<Event>();
      if (imported != one_in(40)) {
        import(e);
        e.timestamp = imported_time(newest(e));
      }
      if (chains && (&e != &events.back() || one_in(8)) && !one_in(3))
        link(e);
      sent<Event>().push_back(e);
    }
    return events;
  }

  template <class Event>
  std::vector<Event>& sent() {
    return std::get<std::vector<Event>>(sent_);
  }

  template <class Event>
  Event event() {
    const bool retry = one_in(8) && !sent<Event>().empty();
    Event e = retry ? any_of(sent<Event>()) : fresh(Event{});
    if (one_in(retry ? 2 : 8))
      spoil(e);
    return e;
  }

  template <class Event>
  void spoil_user_data(Event& e) {
    switch (below(3)) {
    case 0:
      return void(e.user_data_128 = below(3));
    case 1:
      return void(e.user_data_64 = below(3));
    default:
      return void(e.user_data_32 = static_cast<std::uint32_t>(below(3)));
    }
  }

  u128 odd_id() { return one_in(3) ? u128_max : below(3); }

  // Accounts.

  account fresh(const account&) {
    const u128 id = 1 + below(accounts_max);
    account a = make_account(id, account_flags::none, id < 9 ? 1 : 2);
    if (one_in(3))
      a.flags = account_flags(2 << below(2));
    if (one_in(2))
      a.flags = a.flags | account_flags::history;
    if (one_in(12))
      a.flags = a.flags | account_flags::closed;
    if (one_in(4))
      spoil_user_data(a);
    return a;
  }

  void spoil(account& a) {
    switch (below(11)) {
    case 0:
      return void(a.timestamp = {below(2)});
    case 1:
      return void(a.flags = a.flags | account_flags(1u << below(16)));
    case 2:
      return void(a.id = {odd_id()});
    case 3:
      return void(a.debits_pending = below(2));
    case 4:
      return void(a.debits_posted = below(2));
    case 5:
      return void(a.credits_pending = below(2));
    case 6:
      return void(a.credits_posted = below(2));
    case 7:
      return void(a.ledger = static_cast<std::uint32_t>(below(4)));
    case 8:
      return void(a.code = static_cast<std::uint16_t>(below(3)));
    case 9:
      return void(a.flags = account_flags(6));
    default:
      return spoil_user_data(a);
    }
  }

  // Transfers.

  transfer fresh(const transfer&) {
    const u128 id = ++newest_id_;
    transfer t = one_in(3) ? resolution(id) : movement(id);
    if (one_in(4))
      spoil_user_data(t);
    return t;
  }

  transfer movement(u128 id) {
    transfer t = make_transfer(id, 1 + below(8), 1 + below(8), amount());
    if (one_in(2))
      make_pending(t);
    if (one_in(6))
      t.flags = t.flags | any_of({transfer_flags::balancing_debit, transfer_flags::balancing_credit,
                                  transfer_flags(48)});
    if (has(t.flags, transfer_flags(48)) && one_in(3))
      t.amount = u128_max;
    return t;
  }

  void make_pending(transfer& t) {
    t.flags = transfer_flags::pending;
    if (one_in(2))
      t.timeout = one_in(base_ == longest_begins - 200 ? 3 : 10)
                      ? timeout_max
                      : static_cast<std::uint32_t>(1 + below(3));
    if (one_in(12))
      t.flags = t.flags | any_of({transfer_flags::closing_debit, transfer_flags::closing_credit,
                                  transfer_flags(192)});
  }

  transfer resolution(u128 id) {
    transfer t =
        make_resolution(id, resolvable(), amount(),
                        one_in(2) ? transfer_flags::post_pending : transfer_flags::void_pending);
    if (!one_in(3))
      t.amount = has(t.flags, transfer_flags::void_pending) == one_in(8) ? u128_max : 0;
    return t;
  }

  /// The id of a transfer that may be pending: one of those, one of any, or one of this batch.
  u128 resolvable() {
    const std::vector<transfer_id>& all = now_->transfer_order;
    if (all.empty() || one_in(4))
      return newest_id_ > 4 ? newest_id_ - 1 - below(4) : 1;
    for (int tries = 0; tries < 6; ++tries) {
      const auto* e = now_->entry_of(any_of(all));
      if (has(e->body.flags, transfer_flags::pending) && e->status == pending_status::pending)
        return e->body.id.value;
    }
    return any_of(all).value;
  }

  u128 amount() { return huge_ && one_in(12) ? u128_max - below(20) : below(30); }

  void spoil(transfer& t) {
    switch (below(17)) {
    case 0:
      return void(t.timestamp = {below(2)});
    case 1:
      return void(t.flags = t.flags | transfer_flags(1u << below(16)));
    case 2:
      return void(t.id = {odd_id()});
    case 3:
      return void(t.id = {1 + below(low_half(newest_id_) + 1)});
    case 4:
      return void(t.debit_account_id = {one_in(2) ? odd_id() : below(12)});
    case 5:
      return void(t.credit_account_id = {one_in(2) ? odd_id() : below(12)});
    case 6:
      return void(t.amount = one_in(3) ? t.amount + 1 - 2 * below(2) : below(30));
    case 7:
      return void(t.pending_id = {one_in(2) ? odd_id() : 1 + below(low_half(newest_id_) + 1)});
    case 8:
      return void(t.pending_id = t.id);
    case 9:
      return void(t.ledger = static_cast<std::uint32_t>(below(3)));
    case 10:
      return void(t.code = static_cast<std::uint16_t>(below(3)));
    case 11:
      return void(t.timeout = static_cast<std::uint32_t>(below(3)));
    case 12:
      return void(t.flags = t.flags | transfer_flags(64 << below(2)));
    case 13:
      return void(t.flags = t.flags & ~transfer_flags(1u << below(9)));
    case 14:
      return void(std::swap(t.debit_account_id, t.credit_account_id));
    default:
      return spoil_user_data(t);
    }
  }

  // Questions.

  command question() {
    switch (below(9)) {
    case 0:
      return look_closely{};
    case 1:
    case 2:
      return ask_balance{{1 + below(accounts_max + 1)}, asked_time()};
    case 3:
    case 4:
    case 5:
      return ask_all{filter()};
    default:
      return ask_account{{.account = {one_in(20) ? odd_id() : u128{1 + below(accounts_max)}},
                          .common = filter(),
                          .debits = !one_in(3),
                          .credits = !one_in(3)}};
    }
  }

  log_time asked_time() {
    switch (below(6)) {
    case 0:
      return {};
    case 1:
      return any_of<log_time>(
          {timestamp_max, {timestamp_max.nanoseconds + 1}, {~std::uint64_t{0}}});
    case 2:
      return {now_->clock - below(std::min<std::uint64_t>(now_->clock, 3) + 1)};
    case 3:
      return {base_ + below(now_->clock + 1 - std::min(now_->clock, base_))};
    default:
      return {taken_time().nanoseconds + 1 - below(3)};
    }
  }

  query_filter filter() {
    query_filter f{.timestamp_min = {},
                   .timestamp_max = {},
                   .limit = static_cast<std::uint32_t>(one_in(2) ? below(8) : 10'000),
                   .reversed = one_in(2)};
    if (one_in(4))
      spoil_user_data(f);
    if (one_in(4))
      f.ledger = static_cast<std::uint32_t>(below(4));
    if (one_in(4))
      f.code = static_cast<std::uint16_t>(below(3));
    if (one_in(2))
      f.timestamp_min = asked_time();
    if (one_in(2))
      f.timestamp_max = asked_time();
    return f;
  }

  std::mt19937_64 random_;
  bool huge_; ///< Whether some amounts come near the end of the range.
  std::uint64_t base_;
  const naive_ledger* now_ = nullptr;
  log_time imported_; ///< The latest time given to an event of this batch.
  u128 newest_id_ = 0;
  std::pair<std::vector<account>, std::vector<transfer>> sent_;
};

} // namespace ducat::ledger::test
