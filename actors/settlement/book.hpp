/// What is settled: merchants and participants, windows, settlements, payouts. Pure.
///
/// A capture belongs to the window that is open at its log entry. Its transfer carries the window,
/// so that the ledger lists the members; the book has sums only. Settling moves, for each merchant,
/// what its account holds of the windows to ID.available, less fees and splits; a payout moves that
/// to the bank. Steps are numbered: whoever proposes one that was done meets its effect.
#pragma once

#include "settlement/page.hpp"
#include "settlement/records.hpp"

#include <ducat/ledger/book.hpp>
#include <ducat/machine.hpp>
#include <ducat/payment/records.hpp>
#include <ducat/payment/refusal.hpp>

#include <compare>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

namespace ducat::ledger {
struct kept_row;
class segment_store;
} // namespace ducat::ledger

namespace ducat::v1 {
class SettlementFigures;
}

namespace ducat::settlement {

using payment::account_record;
using payment::refusal;

/// Small, so that payments never wait long for a step. A rule: logs are applied by it.
constexpr std::uint32_t merchants_per_step = 64;
constexpr int presented_max = 4'096;
constexpr int participant_accounts_max = 64;

/// Minor units. So many movements of it as can be in a window have a sum that fits.
constexpr std::int64_t settled_amount_max = 10'000'000'000'000;

/// Codes of transfers. 1 to 3 are those of payments, refunds and reversals. Stored: never reuse.
enum class code : std::uint16_t {
  presented = 10,
  dispute = 11,
  dispute_won = 12,
  dispute_lost = 13,
  fee = 14,
  interchange = 15,
  split = 16,
  settled = 17,
  reserve = 18,
  release = 19,
  liquidity = 20,
  participant = 21,
  payout = 22,
  returned = 23,
};

/// The machine's accounts.
struct account_table {
  const std::vector<account_record>& records;
  const std::unordered_map<std::string, std::uint32_t>& places;

  const account_record* find(const std::string& id) const;

  std::uint32_t place_of(const std::string& id) const { return places.at(id); }
};

/// What decisions are made from, beside the book itself.
struct surroundings {
  account_table accounts;
  const ledger::book& money;
};

/// What effects are made with.
struct effect {
  position where;
  account_table accounts;
  ledger::book& money;
};

struct verdict {
  refusal why = refusal::none;
  std::string_view param{};
  bool changes_nothing = false;
};

/// An account that a command needs.
struct needed_account {
  std::string id;
  std::uint32_t currency;
  bool overdraft = true;
};

/// Returns the accounts that a command needs, which may be there already. The command names a
/// currency or account that exists.
std::vector<needed_account> names_of(const v1::SettlementCommand& command,
                                     const account_table& accounts);

/// What the transfer of a capture is marked with.
struct mark {
  std::uint64_t window = 0;
  std::uint32_t business_date = 0;
};

/// Money that a payment has moved from payer to payee, or back.
struct movement {
  std::uint32_t payer; ///< Place of the account.
  std::uint32_t payee;
  std::int64_t amount;
  ledger::transfer_id transfer;    ///< What has moved it.
  std::uint32_t business_date = 0; ///< 0: that of the window.
  bool is_in_window = true;        ///< Its payee was a merchant when it was captured.
};

/// What becomes of a payment whose payer says that it is wrong.
struct dispute_step {
  v1::DisputePayment command; ///< Its amount is not 0.
  std::uint32_t payer = 0;    ///< Place of the account.
  std::uint32_t payee = 0;
};

/// Names a row of the store. Its parts are numbers: of a currency, a window, a place.
struct row_id {
  enum class kind : std::uint8_t {
    ledger = 0,
    participant = 1,
    merchant = 2,
    window = 3,
    accrual = 4,
    settlement = 5,
    batch = 6,
    payout = 7,
  };

  kind what;
  std::uint32_t currency = 0;
  std::uint64_t number = 0;
  std::uint32_t place = 0;

  friend auto operator<=>(const row_id&, const row_id&) = default;
};

/// What one participant comes to owe another, by their places.
struct debt {
  std::uint32_t from;
  std::uint32_t to;
  std::int64_t amount;
};

/// Where a payout stands.
struct payout_place {
  std::uint32_t currency;
  std::size_t batch;
  std::size_t payout;
};

class book {
public:
  /// Says why the command is refused, or that it would change nothing.
  verdict check(const v1::SettlementCommand& command, const surroundings& around) const;

  /// Returns the accounts that have to be there, with overdraft, before it is applied.
  std::vector<needed_account> needs(const v1::SettlementCommand& command,
                                    const surroundings& around) const;

  /// Has the effect of a command that check() let pass.
  v1::SettlementAnswer apply(const effect& on, const v1::SettlementCommand& command);

  /// Returns what there is to say about a command that changes nothing.
  v1::SettlementAnswer answer(const v1::SettlementCommand& command,
                              const surroundings& around) const;

  v1::SettlementAnswer ask(const v1::SettlementQuestion& question, const surroundings& around,
                           verdict& refused) const;

  /// Says how many windows and payouts are in which state, and how old the oldest open window is.
  /// Nothing while there is no settlement. As many steps as there are windows.
  void add_figures(v1::SettlementFigures& to) const;

  /// Returns whether settlement alone may move the money of that account. What merchants have
  /// available is no such account: others may pay into it what is owed.
  bool is_own_account(const std::string& id, const account_table& accounts) const;

  /// Returns whether what that payer pays that payee would be settled.
  bool is_settled(std::uint32_t payer, std::uint32_t payee) const;

  /// Returns how a capture of that account is marked now; nothing if it is no merchant's.
  std::optional<mark> mark_of(std::uint32_t payee) const;

  /// Returns why the payer's participant may not come to owe so much more; empty if it may. The
  /// rule: what it owes unsettled, what its payments reserve and the amount are at most its cap,
  /// and that is at most its liquidity.
  std::string_view cap_reached(std::uint32_t payer, std::uint32_t payee, std::int64_t amount,
                               const surroundings& around) const;

  /// Counts what has been moved; returns the fee of a capture.
  std::int64_t captured(const effect& on, const movement& what);
  void refunded(const effect& on, const movement& what, const refund_of_capture& of);
  void disputed(const effect& on, const dispute_step& what);

  const v1::Dispute* find_dispute(const std::string& payment) const;

  /// Returns where a capture of that merchant in that window stands.
  v1::Membership membership(std::uint32_t payee, std::uint64_t window) const;

  /// Returns whether the window is final; nothing if there is none.
  std::optional<bool> is_final(std::string_view currency, std::uint64_t window) const;

  /// Returns after how many hours an exception of the currency is due; 0: never.
  std::uint32_t exception_hours(std::string_view currency) const;

  /// Returns the rows that differ from those that were taken before.
  std::vector<ledger::kept_row> take_changed_rows();

  /// Takes a row back, after the accounts. Returns false if it is damaged.
  bool restore(std::string_view key, std::string_view value, const account_table& accounts);

  /// Returns everything, as rows by key.
  std::vector<ledger::kept_row> all_rows() const;

  /// Reads what it has let go from `store`, which has the rows that were taken. A row that is
  /// damaged ends the process.
  void read_from(std::shared_ptr<const ledger::segment_store> store) { store_ = std::move(store); }

  /// Forgets what settled windows hold of each merchant, unless it was not taken yet. Requires that
  /// all rows that were taken are durable. Answers stay the same.
  void let_go();

private:
  // book.cpp
  ledger_record* find_ledger(std::string_view currency);
  const ledger_record* find_ledger(std::string_view currency) const;
  const window_record* find_window(std::string_view currency, std::uint64_t number) const;
  merchant_record* merchant_of(std::uint32_t account);
  const merchant_record* find_merchant(std::string_view id) const;
  std::optional<std::uint32_t> participant_of(std::uint32_t account) const;
  const participant_record* find_participant(const std::string& id) const;
  bool is_free_for(const needed_account& what, const account_table& accounts) const;
  accrual& changed(window_record& window, std::uint32_t merchant);
  void add_split(window_record& window, accrual& of, const merchant_record& merchant,
                 std::int64_t amount);
  void owe(ledger_record& of, std::uint32_t from, std::uint32_t to, std::int64_t amount);
  void pass(const effect& on, const debt& what, ledger::transfer_id cause);
  void pass_back(const effect& on, const movement& what);
  std::int64_t unsettled_of(std::uint32_t participant) const;
  std::pair<ledger_record*, settlement_record*> find_settlement(const std::string& id);
  const settlement_record* find_settlement(const std::string& id) const;
  std::pair<ledger_record*, batch_record*> find_batch(const std::string& id);
  std::pair<const ledger_record*, const batch_record*> find_batch(const std::string& id) const;
  std::optional<payout_place> find_payout(std::string id) const;
  const google::protobuf::RepeatedPtrField<v1::SettlementFile>*
  files_of(const std::string& id) const;
  bool is_news(const payout_place& place, const v1::PayoutResult& result) const;

  // check.cpp, check_parties.cpp, check_windows.cpp, check_payouts.cpp: decide, change nothing.
  verdict check_kind(const v1::SettlementCommand& command, const surroundings& around) const;
  verdict check(const v1::ConfigureSettlement& command) const;
  verdict check(const v1::PutParticipant& command, const surroundings& around) const;
  verdict check(const v1::FundParticipant& command, const surroundings& around) const;
  verdict check(const v1::PutMerchant& command, const surroundings& around) const;
  verdict check(const v1::PresentCaptures& command, const surroundings& around) const;
  verdict check(const v1::CutWindow& command) const;
  verdict check(const v1::StartSettlement& command) const;
  verdict check(const v1::AdvanceSettlement& command) const;
  verdict check(const v1::AbortSettlement& command) const;
  verdict check(const v1::FinalizeWindow& command) const;
  verdict check(const v1::BatchPayouts& command) const;
  verdict check(const v1::ResolvePayouts& command) const;
  verdict check(const v1::RecordFile& command) const;

  // windows.cpp, parties.cpp, present.cpp
  std::int64_t liquidity_of(const participant_record& of, const surroundings& around) const;
  std::int64_t reserved_of(const participant_record& of, const surroundings& around) const;
  void pass_settled(ledger_record& of);
  v1::SettlementAnswer apply(const effect& on, const v1::ConfigureSettlement& command);
  v1::SettlementAnswer apply(const effect& on, const v1::PutParticipant& command);
  v1::SettlementAnswer apply(const effect& on, const v1::FundParticipant& command);
  v1::SettlementAnswer apply(const effect& on, const v1::PutMerchant& command);
  v1::SettlementAnswer apply(const effect& on, const v1::PresentCaptures& presented);
  v1::SettlementAnswer apply(const effect& on, const v1::CutWindow& command);
  v1::SettlementAnswer apply(const effect& on, const v1::FinalizeWindow& command);
  void open_window(const effect& on, ledger_record& of, std::uint32_t business_date);
  void set_state(window_record& window, v1::Window::State state);

  // settle.cpp, settle_positions.cpp, settle_merchants.cpp
  v1::SettlementAnswer apply(const effect& on, const v1::StartSettlement& command);
  v1::SettlementAnswer apply(const effect& on, const v1::AdvanceSettlement& command);
  v1::SettlementAnswer apply(const effect& on, const v1::AbortSettlement& command);
  void record_positions(ledger_record& of, settlement_record& settlement);
  void reserve_positions(const effect& on, ledger_record& of, settlement_record& settlement);
  void commit_positions(const effect& on, ledger_record& of, settlement_record& settlement);
  void settle_merchants(const effect& on, ledger_record& of, settlement_record& settlement);
  void settle_merchant(const effect& on, ledger_record& of, settlement_record& settlement,
                       std::uint32_t merchant);
  void hold_reserve(const effect& on, ledger_record& of, settlement_record& settlement,
                    std::uint32_t merchant, const accrual& sums);
  void end(const effect& on, ledger_record& of, settlement_record& settlement);
  void abort(ledger_record& of, settlement_record& settlement, const std::string& reason);
  const account_record& settlement_account(const v1::Position& of, bool of_other,
                                           std::string_view currency,
                                           const account_table& accounts) const;
  std::uint32_t steps_of(const settlement_record& settlement) const;
  bool is_to_settle(const ledger_record& of, const settlement_record& settlement,
                    std::uint32_t merchant) const;

  // payouts.cpp
  v1::SettlementAnswer apply(const effect& on, const v1::BatchPayouts& command);
  v1::SettlementAnswer apply(const effect& on, const v1::ResolvePayouts& command);
  v1::SettlementAnswer apply(const effect& on, const v1::RecordFile& command);
  void batch_merchants(const effect& on, ledger_record& of, batch_record& batch);
  void pay(const effect& on, ledger_record& of, batch_record& batch, std::uint32_t merchant);
  void resolve(const effect& on, const payout_place& place, const v1::PayoutResult& result);

  // view.cpp
  v1::SettlementLedger view(const ledger_record& of) const;
  v1::Window view(const window_record& window) const;
  v1::Settlement view(const settlement_record& settlement) const;
  v1::Merchant view(const merchant_record& merchant, const surroundings& around) const;
  v1::Participant view(std::uint32_t participant, const surroundings& around) const;

  // lists.cpp, members.cpp
  v1::SettlementAnswer ask(const v1::ListWindowsRequest& question) const;
  v1::SettlementAnswer ask(const v1::ListSettlementsRequest& question) const;
  v1::SettlementAnswer ask(const v1::ListMerchantWindowsRequest& question, verdict& refused) const;
  v1::SettlementAnswer ask(const v1::ListMembersRequest& question, const surroundings& around,
                           verdict& refused) const;
  v1::SettlementAnswer ask(const v1::ListMerchantsRequest& question, const surroundings& around,
                           verdict& refused) const;
  v1::SettlementAnswer ask(const v1::ListPayoutBatchesRequest& question) const;
  v1::SettlementAnswer ask(const v1::ListParticipantsRequest& question,
                           const surroundings& around) const;
  v1::SettlementAnswer ask(const v1::ListPositionsRequest& question, verdict& refused) const;
  /// Returns the first place of a page; nothing if that merchant, the last of a page, is not there.
  std::optional<std::uint32_t> place_after(const std::string& merchant, verdict& refused) const;

  // payout_lists.cpp
  using payout_page = page<v1::ListPayoutsReply>;
  v1::SettlementAnswer ask(const v1::ListPayoutsRequest& question, verdict& refused) const;
  void list_payouts(payout_page& reply, const batch_record& batch,
                    const std::optional<payout_place>& last) const;
  void list_payouts(payout_page& reply, const merchant_record& merchant,
                    const std::optional<payout_place>& last) const;
  /// Lets the merchant of a payout, the newest, know it.
  void index_payout(const ledger_record& of, const payout_place& at);

  // let_go.cpp
  using accrual_visitor = std::function<bool(std::uint32_t merchant, const accrual& sums)>;
  /// Visits what a window holds of each merchant from that place on, until the visitor has enough.
  void visit_merchants(const ledger_record& of, const window_record& window, std::uint32_t from,
                       const accrual_visitor& visit) const;
  void note_let_go(window_record& window, std::uint32_t merchant, const accrual& sums);
  std::int64_t unpaid_of(const ledger_record& of, std::uint32_t merchant) const;
  void add_let_go_rows(std::vector<ledger::kept_row>& to) const;

  // keep.cpp, restore.cpp
  void note_changed(const ledger_record& of, const settlement_record& settlement);
  void note_changed(const ledger_record& of, const batch_record& batch);
  void note_changed(const ledger_record& of, const batch_record& batch, std::size_t payout);
  ledger::kept_row row(const row_id& id) const;
  bool restore_of_ledger(const row_id& id, std::string_view value, ledger_record& of);
  bool restore_participant(const row_id& id, std::string_view value, const account_table& accounts);
  bool restore_merchant(const row_id& id, std::string_view value, const account_table& accounts);

  std::map<std::uint32_t, ledger_record> ledgers_; ///< By number of the currency.
  std::vector<merchant_record> merchants_;         ///< In order of registration.
  std::unordered_map<std::uint32_t, std::uint32_t> merchant_of_account_;
  std::map<std::string, std::uint32_t, std::less<>> merchants_by_id_;
  std::vector<participant_record> participants_; ///< The same.
  std::unordered_map<std::uint32_t, std::uint32_t> participant_of_account_;
  std::set<std::uint32_t> available_;           ///< Accounts `ID.available`, by place.
  std::set<std::uint32_t> own_;                 ///< The same, `ID.reserve` and `ID.settlement`.
  std::map<std::string, v1::Dispute> disputes_; ///< By payment.
  std::set<std::string> changed_disputes_;
  std::set<row_id> changed_; ///< Since rows were taken.
  std::shared_ptr<const ledger::segment_store> store_;
};

} // namespace ducat::settlement
