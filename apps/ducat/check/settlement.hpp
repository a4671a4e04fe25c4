/// The checker's own settlement: what the commands of the log come to. It shares no code with what
/// it judges; what it says is compared with the ledger's sums, and with what nodes have said.
#pragma once

#include "check/fees.hpp"
#include "check/finding.hpp"
#include "check/settlement_records.hpp"

#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace ducat::cli {

/// Where a capture is, and what it has cost.
struct captured_mark {
  std::uint64_t window = 0; ///< 0: its payee is no merchant.
  std::int64_t fee = 0;
};

/// Money that a payment has moved.
struct moved_money {
  books::number payer, payee;
  std::int64_t amount;
  std::uint32_t business_date = 0; ///< 0: that of the window.
};

class settlement_book {
public:
  explicit settlement_book(books& accounts) : books_{accounts} {}

  /// Return why a command cannot be, or nothing once it has had its effect. Not of disputes.
  std::optional<finding> apply(const v1::SettlementCommand& command);
  std::optional<finding> apply(const v1::SettlementExceptionCommand& command, std::uint64_t at_ns);

  /// Returns whether the payer's participant may come to owe so much more.
  bool may_owe(books::number payer, books::number payee, std::int64_t amount) const;

  /// Count what payments have moved, in the window that is open.
  captured_mark captured(const moved_money& what);
  void refunded(const moved_money& what, bool is_in_window, const given_refund& of);
  void disputed(const moved_money& what, v1::DisputePayment::Event event, std::int64_t fee);

  /// Holds the sums that have to be equal against each other.
  void check_sums(findings& found, std::uint64_t index);

  const std::map<std::string, checked_ledger>& ledgers() const noexcept { return ledgers_; }

  const checked_merchant& merchant(merchant_number number) const { return merchants_[number]; }

  std::optional<merchant_number> find_merchant(const std::string& id) const;

  /// Returns every exception, by id; also those that were disposed of.
  const std::map<std::string, checked_exception>& exceptions() const noexcept {
    return exceptions_;
  }

private:
  using answer = std::optional<finding>;

  // settlement_terms.cpp
  answer apply(const v1::ConfigureSettlement& command);
  answer apply(const v1::PutParticipant& command);
  answer apply(const v1::FundParticipant& command);
  answer apply(const v1::PutMerchant& command);
  answer apply(const v1::PresentCaptures& command);
  answer check_present(const v1::PresentCaptures& command) const;
  books::number opened(const std::string& id, const std::string& currency, bool overdraft = true);

  // settlement_windows.cpp, settlement_movements.cpp
  answer apply(const v1::CutWindow& command);
  answer apply(const v1::FinalizeWindow& command);
  answer apply(const v1::RecordFile& command);
  checked_ledger* ledger(const std::string& currency);
  void add_window(checked_ledger& of, std::uint32_t business_date);
  void pass_settled(checked_ledger& of);
  std::vector<const v1::PresentedCapture*> payable(const v1::PresentCaptures& command) const;
  static std::uint64_t first_owed(const checked_ledger& of);
  void owe(participant_number from, participant_number to, std::int64_t amount);
  void pass(books::number from, books::number to, std::int64_t amount);
  std::optional<participant_number> participant_of(books::number account) const;
  checked_merchant* merchant_of(books::number account);
  std::int64_t own_balance(const std::string& kind, const std::string& currency) const;

  // settlement_steps.cpp, settlement_merchants.cpp
  answer apply(const v1::StartSettlement& command);
  answer apply(const v1::AdvanceSettlement& command);
  answer apply(const v1::AbortSettlement& command);
  std::pair<checked_ledger*, checked_settlement*> settlement(const std::string& id);
  answer record(checked_ledger& of, checked_settlement& what);
  void reserve(checked_ledger& of, checked_settlement& what);
  void commit(checked_ledger& of, checked_settlement& what);
  void settle_some(checked_ledger& of, checked_settlement& what);
  bool is_due(const checked_ledger& of, const checked_settlement& what,
              merchant_number merchant) const;
  void settle(checked_ledger& of, const checked_settlement& what, merchant_number merchant);
  void hold_back(checked_ledger& of, const checked_settlement& what, merchant_number merchant,
                 const window_sums& sums);
  void end(checked_ledger& of, checked_settlement& what);
  void give_up(checked_ledger& of, checked_settlement& what);
  books::number account_of(const std::string& participant, const std::string& currency) const;
  void move(books::number from, books::number to, std::int64_t amount);

  // settlement_payouts.cpp
  answer apply(const v1::BatchPayouts& command);
  answer apply(const v1::ResolvePayouts& command);
  void pay(checked_ledger& of, checked_batch& batch, merchant_number merchant);
  void resolve(checked_ledger& of, checked_payout& payout, bool is_paid);
  checked_payout* payout(const std::string& id);

  // settlement_exceptions.cpp
  answer apply(const v1::OpenSettlementExceptions& command, std::uint64_t at_ns);
  answer apply(const v1::AssignSettlementException& command);
  answer apply(const v1::DisposeOfSettlementException& command);
  answer apply(const v1::RaiseSettlementAlarm& command);
  void dispose(const checked_exception& what);
  std::uint64_t open_exceptions(const std::string& currency, std::uint64_t window) const;

  books& books_;
  std::map<std::string, checked_ledger> ledgers_; ///< By currency.
  std::vector<checked_merchant> merchants_;
  std::unordered_map<books::number, merchant_number> merchant_by_account_;
  std::vector<checked_participant> participants_;
  std::unordered_map<books::number, participant_number> participant_by_account_;
  std::unordered_set<std::string> funds_;                            ///< Keys.
  std::unordered_set<std::string> presented_;                        ///< References.
  std::map<std::pair<std::string, std::string>, std::string> files_; ///< Of what, name; its hash.
  std::map<std::string, checked_exception> exceptions_;
  std::map<std::string, std::int64_t> suspense_; ///< By currency.
  std::vector<finding> wrong_sums_;              ///< Found while a command had its effect.
  std::set<std::string> reported_;
};

} // namespace ducat::cli
