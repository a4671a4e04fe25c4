/// The checker's own reading of the log. It shares no code with the machine that it judges.
#pragma once

#include "check/books.hpp"
#include "check/effect.hpp"
#include "check/entry_reading.hpp"
#include "check/finding.hpp"
#include "check/payment_records.hpp"
#include "check/place_index.hpp"
#include "check/settlement.hpp"
#include "check/steady_list.hpp"

#include <ducat/log.hpp>
#include <ducat/v1/journal.pb.h>

#include <map>
#include <memory_resource>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

/// Everything that happened, entry by entry. A command that must not be there is reported and has
/// no effect.
class history {
public:
  history() = default;
  history(const history&) = delete;
  history& operator=(const history&) = delete;

  /// Takes the next entry. What is wrong with it goes into `found`.
  void add(const entry& e, findings& found);
  void add(const entry_reading& e, findings& found);

  static constexpr std::size_t none = place_index::none;

  /// Returns the place of the effect of one operation, or none.
  std::size_t find(const operation_id& id) const;

  /// Says that find() is called with this soon. It is quicker then, and the same.
  void expect(const operation_id& id) const;

  /// Returns every effect, in order of its first command.
  const steady_list<effect>& effects() const noexcept { return effects_; }

  /// Returns the hash of entry `index`, which must be 1 to entries().
  const digest& hash_at(std::uint64_t index) const { return hashes_[index - 1]; }

  std::uint64_t entries() const noexcept { return hashes_.size(); }

  std::uint64_t commands() const noexcept { return commands_; }

  std::uint64_t payments() const noexcept { return payments_.size(); }

  const books& accounts() const noexcept { return books_; }

  const settlement_book& settlement() const noexcept { return settlement_; }

private:
  using answer = std::optional<finding>;

  /// Accounts of a payment; none where there is no such account.
  struct parties {
    books::number from, to;
  };

  // history.cpp
  void expect(const std::vector<command_reading>& commands) const;
  void check_chain(const entry_reading& e, findings& found) const;
  void check_books(findings& found);
  /// Return why the command cannot be, or nothing once it has had its effect.
  answer apply(const v1::Command& command);
  answer apply(const v1::OpenAccount& command);
  answer apply_now(const v1::Command& command);
  answer check_owner(const v1::Command& command);                         // history_owners.cpp
  answer apply(const v1::DecideChange& command, const v1::Principal& by); // history_changes.cpp
  std::size_t add_effect(effect made);
  std::size_t add_effect(effect made, std::uint64_t key_hash);
  std::size_t find(bool is_account, std::string_view key, std::uint64_t key_hash) const;
  bool is_used(std::string_view key) const;
  bool is_used(std::string_view key, std::uint64_t key_hash) const;
  std::string_view keep(std::string_view text);

  // history_payments.cpp, history_money.cpp
  answer apply(const created_payment& command);
  answer apply(const authorized_payment& command);
  answer apply(const captured_payment& command);
  answer apply(const v1::VoidPayment& command);
  answer apply(const v1::RefundPayment& command);
  answer apply(const v1::DisputePayment& command);
  parties parties_of(const created_payment& command) const;
  answer check_parties(const created_payment& command, const parties& of) const;
  checked_payment& add_payment(const created_payment& command, const parties& of);
  /// Returns what a second hold, capture or void of a payment is.
  static finding not_in_phase(std::string_view what, const checked_payment& payment);
  checked_payment* payment(const payment_name& name);

  checked_payment* payment(std::string_view id) { return payment(payment_name{id}); }

  checked_payment* payment(const half_digest& id);
  void settle(checked_payment& payment, std::size_t mine);
  void hold(checked_payment& payment, std::int64_t amount, books::number to);
  void release(checked_payment& payment);
  bool authorize(checked_payment& payment);
  void capture(checked_payment& payment, std::int64_t amount);
  void give_back(checked_payment& payment);

  // history_cards.cpp, history_ends.cpp
  answer apply(const v1::GrantLink& command);
  answer apply(const v1::SendAttempt& command);
  answer apply(const v1::ResolveAttempt& command);
  answer apply(const v1::PassTime& command);
  answer apply(const v1::GiveUpPayment& command);
  answer apply(const v1::DecidePayment& command);
  checked_attempt* attempt(const v1::ResolveAttempt& command, checked_payment*& of);
  answer resolve(checked_payment& payment, checked_attempt& attempt,
                 const v1::ResolveAttempt& heard);
  bool hear_late(checked_attempt& attempt, const v1::ResolveAttempt& heard);
  void hear_first(checked_payment& payment, const v1::ResolveAttempt& heard);
  void approve(checked_payment& payment, std::int64_t amount);
  void lose(checked_payment& payment, bool may_reroute, payment_phase otherwise);
  void doubt(checked_payment& payment);
  void exhaust(checked_payment& payment);
  void cancel(checked_payment& payment);
  void expire(checked_payment& payment);
  void pass_deadline(checked_payment& payment, std::uint64_t at_ns);
  void wait(checked_payment& payment, std::uint64_t seconds);
  void wait_until(checked_payment& payment, std::uint64_t& deadline_ns, std::uint64_t at_ns);
  void pay_out(checked_payment& payment);

  // history_terminals.cpp
  answer apply(const v1::ReversePayment& command);
  answer apply(const v1::RecordAdvice& command);
  answer apply(const v1::ReconcileTerminal& command);
  answer apply(const v1::ResolveAdvice& command);
  answer apply(const v1::ReconcileAcquirer& command);
  answer take_back(checked_payment& payment);
  void owe_capture(checked_payment& payment);
  void owe_advice(checked_payment& payment);
  void count_at_terminal(const checked_payment& payment, std::int64_t count);

  std::vector<digest> hashes_;
  std::uint64_t commands_ = 0;
  std::uint64_t now_ns_ = 0; ///< Of the entry.
  books books_;
  settlement_book settlement_{books_};
  bool overdraft_reported_ = false;
  std::pmr::monotonic_buffer_resource texts_; ///< Keys and terminals.
  steady_list<checked_payment> payments_;     ///< In order of creation.
  place_index payments_by_id_;
  steady_list<effect> effects_;
  place_index accounts_by_id_; ///< Among effects.
  place_index effects_by_key_;
  std::set<std::string, std::less<>> other_keys_; ///< Of what is no operation of a client.
  std::set<std::string, std::less<>> reversed_ahead_;
  std::multiset<std::pair<std::uint64_t, std::size_t>>
      deadlines_;                    ///< Instant, and which payment's.
  std::uint64_t numbers_ = 0;        ///< Given to attempts, advices and reconciliations.
  std::uint64_t numbers_unsure_ = 0; ///< So many more may have been given.
  std::map<std::uint64_t, std::size_t> payment_by_number_; ///< Of attempts only.

  struct link_grant {
    std::string link;
    std::uint64_t epoch = 0;
  };

  std::map<std::pair<std::string, std::string>, link_grant> grants_; ///< By acquirer and node.
  std::map<std::uint64_t, v1::Command> pending_; ///< By number: what waits for a second person.
  std::uint64_t changes_ = 0;                    ///< So many were asked for.
  /// What a terminal has taken and not given back: by terminal and currency, count and amount.
  std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, std::int64_t>> terminals_;
};

} // namespace ducat::cli
