/// A book and the model of it, given the same commands and compared.
#pragma once

#include "command.hpp"
#include "command_generator.hpp"
#include "naive_ledger.hpp"

#include <ducat/ledger/book.hpp>

#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace ducat::ledger::test {

/// The outcomes that were seen.
struct outcomes_seen {
  std::set<account_outcome> accounts;
  std::set<transfer_outcome> transfers;
};

constexpr query_filter no_filter{.timestamp_min = {}, .timestamp_max = {}, .limit = 10'000};

/// Runs commands on a book and on its model until they differ, or an invariant of the book fails.
class duel {
public:
  explicit duel(outcomes_seen& seen) : seen_(seen) {}

  const naive_ledger& model() const { return naive_; }

  /// Returns what the two do not agree on; nothing if they do.
  std::string run(const command& c) {
    std::visit([this](const auto& each) { execute(each); }, c);
    return wrong_.str();
  }

private:
  template <class T>
  static void print(std::ostream& out, const T& value) {
    if constexpr (requires { out << value; })
      out << value;
    else if constexpr (requires { value.nanoseconds; })
      out << value.nanoseconds;
    else if constexpr (requires { value.has_value(); })
      value.has_value() ? print(out, *value) : void(out << "nothing");
    else
      for (const auto& each : value)
        print(out << "\n    ", each);
  }

  /// Notes the first difference only: what follows from it would hide it.
  template <class T>
  void expect_equal(const T& real, const T& wanted, std::string_view what) {
    if (real == wanted || wrong_.tellp() > 0)
      return;
    print(wrong_ << what << " differ: the book has ", real);
    print(wrong_ << ", the model ", wanted);
  }

  void expect(bool holds, std::string_view what, const account& of) {
    if (!holds && wrong_.tellp() <= 0)
      wrong_ << what << ": " << of;
  }

  void execute(const create_accounts& c) {
    history_.emplace_back(c);
    const auto outcomes = real_.create_accounts(c.at, c.events);
    expect_equal(outcomes, naive_.create(c.at, c.events), "outcomes of accounts");
    seen_.accounts.insert(outcomes.begin(), outcomes.end());
    compare_all_accounts();
  }

  void execute(const create_transfers& c) {
    history_.emplace_back(c);
    std::optional<book> before;
    if (c.at.nanoseconds % 16 == 0) // not always: a copy of everything is dear
      before = real_;
    const std::size_t burnt = naive_.burnt.size();
    const auto outcomes = real_.create_transfers(c.at, c.events);
    expect_equal(outcomes, naive_.create(c.at, c.events), "outcomes of transfers");
    seen_.transfers.insert(outcomes.begin(), outcomes.end());
    compare_all_accounts();
    for (const transfer& t : c.events) {
      compare_transfer(t.id);
      compare_transfer(t.pending_id);
    }
    seal_sometimes(c.at);
    const bool in_vain = std::ranges::count(outcomes, transfer_outcome::ok) == 0;
    if (before && in_vain && naive_.burnt.size() == burnt)
      expect_no_trace(std::move(*before), c);
  }

  /// Closes a segment now and then: it must be the same book wherever its past is.
  void seal_sometimes(log_time at) {
    if (at.nanoseconds % 5 == 0)
      real_.seal();
  }

  /// Expects that of a batch in which all failed nothing is left but that time went by.
  void expect_no_trace(book before, const create_transfers& c) {
    const log_time end{naive_.clock};
    if (c.events.empty())
      before.advance(c.at);
    else
      before.advance({end.nanoseconds + 1 - c.events.size()}); // when the batch began
    before.advance(end);
    book after = real_;
    after.advance(end);
    expect_equal(after.state_digest() == before.state_digest(), true,
                 "traces of a batch in vain: digests");
  }

  void execute(const advance& c) {
    history_.emplace_back(c);
    expect_equal(real_.advance(c.to), naive_.advance(c.to), "counts of expired transfers");
    compare_all_accounts();
  }

  void execute(const ask_account& c) {
    expect_equal(real_.account_transfers(c.filter), naive_.account_transfers(c.filter),
                 "transfers of the account");
    expect_equal(real_.account_balances(c.filter), naive_.account_balances(c.filter),
                 "balances of the account");
  }

  void execute(const ask_balance& c) {
    expect_equal(real_.balance_at(c.account, c.at), naive_.balance_at(c.account, c.at),
                 "balances at a time");
  }

  void execute(const ask_all& c) {
    expect_equal(real_.query_accounts(c.filter), naive_.query_accounts(c.filter), "accounts");
    expect_equal(real_.query_transfers(c.filter), naive_.query_transfers(c.filter), "transfers");
  }

  void execute(const look_closely&) {
    for (const auto& [id, entry] : naive_.transfers)
      compare_transfer(id);
    for (const transfer_id id : naive_.burnt)
      compare_transfer(id);
    for (unsigned id = 1; id <= accounts_max; ++id)
      execute(ask_account{{.account = {id}, .common = no_filter}});
    execute(ask_all{no_filter});
    compare_totals();
    expect_equal(rebuilt() == real_.state_digest(), true, "digests of the book and a rebuilt one");
  }

  void compare_all_accounts() {
    expect_equal(real_.now(), log_time{naive_.clock}, "clocks");
    for (unsigned id = 1; id <= accounts_max; ++id)
      compare_account({id});
  }

  void compare_account(account_id id) {
    const account* real = real_.find(id);
    const account* wanted = naive_.account_of(id);
    expect_equal(real != nullptr, wanted != nullptr, "whether the account is there");
    if (real == nullptr || wanted == nullptr)
      return;
    expect_equal(*real, *wanted, "accounts");
    check_bounds(*real);
    check_growth(*real, before_[id]);
    before_[id] = *real;
  }

  // I3: no bound is violated.
  void check_bounds(const account& a) {
    const bool debits_bound = has(a.flags, account_flags::debits_must_not_exceed_credits);
    const bool credits_bound = has(a.flags, account_flags::credits_must_not_exceed_debits);
    expect(!debits_bound || a.debits_pending + a.debits_posted <= a.credits_posted, "bound", a);
    expect(!credits_bound || a.credits_pending + a.credits_posted <= a.debits_posted, "bound", a);
  }

  // I4: what is posted only grows.
  void check_growth(const account& a, const account& before) {
    expect(a.debits_posted >= before.debits_posted, "debits shrank", a);
    expect(a.credits_posted >= before.credits_posted, "credits shrank", a);
  }

  // I5: a pending transfer is resolved at most once, and its status says how.
  void compare_transfer(transfer_id id) {
    const auto* wanted = naive_.entry_of(id);
    const auto real = real_.find(id);
    expect_equal(real_.is_burnt(id), naive_.burnt.contains(id), "burnt ids");
    expect_equal(real.has_value(), wanted != nullptr, "whether the transfer is there");
    if (!real || wanted == nullptr)
      return;
    expect_equal(*real, wanted->body, "transfers");
    std::optional<pending_status> status;
    if (has(real->flags, transfer_flags::pending))
      status = wanted->status;
    expect_equal(real_.status_of(id), status, "statuses");
  }

  // I1, I2: in each ledger debits equal credits, posted and pending; and the sums are right.
  void compare_totals() {
    std::map<std::uint32_t, ledger_totals> wanted;
    for (const account_id id : naive_.account_order) {
      const account& a = *naive_.account_of(id);
      ledger_totals& sums = wanted[a.ledger];
      add(sums, sums.debits_pending, a.debits_pending);
      add(sums, sums.debits_posted, a.debits_posted);
      add(sums, sums.credits_pending, a.credits_pending);
      add(sums, sums.credits_posted, a.credits_posted);
    }
    expect_equal(real_.totals() == wanted, true, "totals");
    for (const auto& [ledger, sums] : real_.totals()) {
      expect_equal(sums.debits_pending == sums.credits_pending, true, "pending debits and credits");
      expect_equal(sums.debits_posted == sums.credits_posted, true, "posted debits and credits");
    }
  }

  static void add(ledger_totals& sums, u128& sum, u128 term) {
    sum += term;
    sums.exact = sums.exact && sum >= term;
  }

  // I6: the same commands make the same book.
  digest rebuilt() const {
    book again;
    for (const command& c : history_) {
      if (const auto* a = std::get_if<create_accounts>(&c))
        again.create_accounts(a->at, a->events);
      else if (const auto* t = std::get_if<create_transfers>(&c))
        again.create_transfers(t->at, t->events);
      else if (const auto* to = std::get_if<advance>(&c))
        again.advance(to->to);
    }
    return again.state_digest();
  }

  outcomes_seen& seen_;
  book real_;
  naive_ledger naive_;
  std::map<account_id, account> before_;
  std::vector<command> history_;
  std::ostringstream wrong_;
};

/// What a run of commands came to.
struct verdict {
  std::size_t commands = 0; ///< How many were run, the one that failed included.
  std::string wrong;        ///< Empty if there was no difference.
};

inline verdict judge(const std::vector<command>& commands) {
  outcomes_seen seen;
  duel fight(seen);
  verdict v;
  while (v.commands < commands.size() && v.wrong.empty())
    v.wrong = fight.run(commands[v.commands++]);
  return v;
}

/// Cuts a failing run down: drops what follows the failure, then commands and events as long as
/// what remains fails.
class shrinker {
public:
  explicit shrinker(std::vector<command> failing) : commands_(std::move(failing)) {
    for (bool smaller = true; smaller;)
      smaller = drop_commands() || drop_events();
  }

  const std::vector<command>& commands() const { return commands_; }

private:
  bool take_if_failing(std::vector<command> fewer) {
    const verdict v = judge(fewer);
    if (v.wrong.empty())
      return false;
    fewer.resize(v.commands);
    commands_ = std::move(fewer);
    return true;
  }

  bool drop_commands() {
    bool dropped = false;
    for (std::size_t i = commands_.size(); i-- > 0;) {
      auto fewer = commands_;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      dropped |= take_if_failing(std::move(fewer));
      i = std::min(i, commands_.size());
    }
    return dropped;
  }

  bool drop_events() {
    bool dropped = false;
    for (std::size_t i = 0; i < commands_.size(); ++i)
      for (std::size_t event = events_of(commands_[i]); event-- > 0 && i < commands_.size();)
        if (event < events_of(commands_[i]))
          dropped |= take_if_failing(without(i, event));
    return dropped;
  }

  static std::size_t events_of(const command& c) {
    const bool is_batch =
        std::holds_alternative<create_accounts>(c) || std::holds_alternative<create_transfers>(c);
    return is_batch ? size_of(c) : 0;
  }

  std::vector<command> without(std::size_t i, std::size_t event) const {
    auto fewer = commands_;
    const auto drop = [event](auto& events) {
      events.erase(events.begin() + static_cast<std::ptrdiff_t>(event));
    };
    if (auto* a = std::get_if<create_accounts>(&fewer[i]))
      drop(a->events);
    else if (auto* t = std::get_if<create_transfers>(&fewer[i]))
      drop(t->events);
    return fewer;
  }

  std::vector<command> commands_;
};

} // namespace ducat::ledger::test
