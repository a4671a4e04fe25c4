/// The payment machine: payments, their idempotency keys and the book that holds the money.
#pragma once

#include <ducat/ledger/book.hpp>
#include <ducat/ledger/book_keeper.hpp>
#include <ducat/machine.hpp>
#include <ducat/payment/acquirer_totals.hpp>
#include <ducat/payment/doubt_times.hpp>
#include <ducat/payment/event_signal.hpp>
#include <ducat/payment/outbox.hpp>
#include <ducat/payment/payment_counts.hpp>
#include <ducat/payment/records.hpp>
#include <ducat/payment/refusal.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ducat::ledger {
class store_directory;
}

namespace google::protobuf {
class MessageLite;
}

namespace ducat::v1 {
class Command;
class Question;
class Outcome;
class OpenAccount;
class CreatePayment;
class AuthorizePayment;
class CapturePayment;
class VoidPayment;
class RefundPayment;
class SendAttempt;
class ResolveAttempt;
class PassTime;
class GrantLink;
class GiveUpPayment;
class LinkGrant;
class ReversePayment;
class RecordAdvice;
class ReconcileTerminal;
class GetTerminalTotalsRequest;
class TerminalTotals;
class StoredTerminal;
class RecordAudit;
class DecideChange;
class Principal;
class StoredChange;
class ListChangesRequest;
class ResolveAdvice;
class DecidePayment;
class ReconcileAcquirer;
class AcquirerTotals;
class Acquirer;
class Account;
class Payment;
class GetAccountRequest;
class AuditEntry;
class ListAccountsRequest;
class ListAuditRequest;
class GetPaymentRequest;
class ListPaymentsRequest;
class ListOpenAttemptsRequest;
class ListOwedRequest;
class ListAcquirersRequest;
class ListExceptionsRequest;
class ListEventsRequest;
class GetEventRequest;
class Event;
class StoredAccount;
class StoredPayment;
class StoredKey;
class StatusReply;
class StoredLinkGrant;
class StoredAcquirer;
class OpenSettlementExceptions;
class ListSettlementExceptionsRequest;
class SettlementCommand;
class SettlementExceptionCommand;
class DisputePayment;
class SettlementQuestion;
} // namespace ducat::v1

namespace ducat::settlement {
class book;
class exception_book;
struct exception_move;
struct surroundings;
} // namespace ducat::settlement

namespace ducat::payment {

class audit_book;
class change_book;
class endpoint_book;

/// Commands are ducat.v1.Command, questions ducat.v1.Question, replies ducat.v1.Outcome.
///
/// A card payment is authorised by an acquirer: SendAttempt (holds the amount, and records that
/// bytes are about to leave) -> ResolveAttempt (approved, declined, not sent, in doubt). One in
/// doubt owes a reversal until that is accepted; nothing decides it by time. PassTime has the
/// effects of deadlines, by the log's clock.
///
/// A payment of a terminal may be taken back by it at any time, also before it comes
/// (ReversePayment), or have happened already (RecordAdvice); the machine keeps the totals that the
/// terminal reconciles (ReconcileTerminal).
///
/// A payment moves in steps, one command each: create (records payment and key) -> authorise (holds
/// the amount, or declines) -> capture (posts all or a part, releases the rest) or void -> refunds.
/// Each effect happens at most once: a step that has been done is answered with the payment as it
/// is, a key that has been used with the answer it had.
class machine final : public ducat::machine {
public:
  /// When it keeps its state.
  static constexpr ledger::keeping_limits limits{.records = std::size_t{16} * 1024};

  /// A machine in memory.
  machine();
  ~machine() override;

  /// A machine that keeps its state in `store`, too, and begins with what is there.
  explicit machine(std::shared_ptr<ledger::segment_store> store,
                   ledger::keeping_limits keeping = limits);

  std::optional<std::string> answer_without_commit(std::string_view command) const override;
  std::string apply(const position& where, std::string_view command) override;
  std::string query(std::string_view question) const override;
  digest state_digest() const override;

  receipt durable_to() const override { return keeper_.durable_to(); }

  grant_map kept_grants() const override { return keeper_.grants(); }

  void committed(const receipt& newest, const grant_map& grants) override;

  /// Has the signal raised whenever events have been committed.
  void signal_events(std::shared_ptr<event_signal> signal);

private:
  /// Where a command stands, and who proposed it.
  struct proposal : position {
    std::string_view by;
  };

  /// What is to be done about a command.
  struct decision {
    enum class kind : std::uint8_t { commit, replay, refuse };

    kind what = kind::commit;
    refusal why = refusal::none;              ///< Only when refused.
    std::string_view param{};                 ///< The field at fault.
    const key_record* key = nullptr;          ///< Of a replay, if it has one.
    const account_record* account = nullptr;  ///< Of a replayed OpenAccount.
    const v1::StoredChange* change = nullptr; ///< That waits for a second person, or was decided.
  };

  static decision refuse(refusal why, std::string_view param = {});
  static decision replay(const key_record& key);
  static decision replay_or_reuse(const key_record& key,
                                  const google::protobuf::MessageLite& request);

  // ownership.cpp: whether whoever asks may; of a merchant, whether it is theirs.
  static bool may_propose(std::string_view role, const v1::Command& command);
  std::optional<decision> check_principal(const v1::Command& command) const;
  std::optional<decision> check_owner(const v1::Command& command) const;
  std::optional<v1::Outcome> ask_as_merchant(const v1::Question& question) const;
  bool is_shown_to(const std::string* merchant, const payment_record& payment) const;
  v1::Outcome own_accounts(const v1::ListAccountsRequest& question,
                           const std::string& merchant) const;
  v1::Outcome own_payments(const v1::ListPaymentsRequest& question,
                           const std::string& merchant) const;
  void note_owner(const account_record& account);
  void note_owners(const payment_record& payment);

  // audit.cpp: what was done by those who administer.
  decision check(const v1::RecordAudit& command) const;
  v1::Outcome apply(const proposal& where, const v1::RecordAudit& command);
  void audit(const proposal& where, const v1::Command& command);
  void audit(const proposal& where, const v1::DecideChange& command);
  void add_audit(const proposal& where, v1::AuditEntry entry);
  v1::Outcome ask(const v1::ListAuditRequest& question) const;

  // changes.cpp: what needs two persons.
  static bool waits_for_second(const v1::Command& command);
  decision check_change(const v1::Command& command) const;
  v1::Outcome add_change(const proposal& where, const v1::Command& command);
  decision check(const v1::DecideChange& command, const v1::Principal& by) const;
  v1::Outcome apply(const proposal& where, const v1::DecideChange& command,
                    const v1::Principal& by);
  v1::Outcome outcome_of_change(const v1::StoredChange& change) const;
  v1::Outcome ask(const v1::ListChangesRequest& question) const;

  // check.cpp: decides, changes nothing.
  decision check(const v1::Command& command) const;
  decision check_by_kind(const v1::Command& command) const;
  decision check(const v1::OpenAccount& command) const;
  decision check(const v1::CreatePayment& command) const;
  decision check_creation(const v1::CreatePayment& command,
                          const google::protobuf::MessageLite& request) const;
  decision check_parties(const v1::CreatePayment& command) const;
  decision check(const v1::AuthorizePayment& command) const;
  decision check(const v1::CapturePayment& command) const;
  decision check_capture_of_creation(const v1::CapturePayment& command) const;
  std::optional<decision> check_change(const std::string& key, const std::string& payment_id,
                                       std::int64_t amount,
                                       const google::protobuf::MessageLite& request) const;
  decision check(const v1::VoidPayment& command) const;
  decision check(const v1::RefundPayment& command) const;
  decision check(const v1::SendAttempt& command) const;
  decision check(const v1::ResolveAttempt& command) const;
  decision check(const v1::PassTime& command) const;
  decision check(const v1::GrantLink& command) const;
  decision check(const v1::GiveUpPayment& command) const;
  refusal check_grant_of(const v1::SendAttempt& command) const;
  const attempt_record* find_attempt(const v1::ResolveAttempt& command) const;
  decision check(const v1::ReversePayment& command) const;
  decision check_taking_back(const payment_record& payment) const;
  decision check(const v1::RecordAdvice& command) const;
  decision check(const v1::ReconcileTerminal& command) const;
  decision check(const v1::ResolveAdvice& command) const;
  decision check(const v1::DecidePayment& command) const;
  decision check(const v1::ReconcileAcquirer& command) const;
  const key_record* find_key(const std::string& key) const;
  const payment_record* find_payment(const std::string& id) const;
  const account_record* find_account(const std::string& id) const;
  const link_grant* find_grant(const std::string& acquirer, const std::string& node) const;

  // apply.cpp: has the effect of a command that check() let pass.
  v1::Outcome apply_by_kind(const proposal& where, const v1::Command& command);
  v1::Outcome apply(const proposal& where, const v1::OpenAccount& command);
  v1::Outcome apply(const proposal& where, const v1::CreatePayment& command);
  v1::Outcome apply(const proposal& where, const v1::AuthorizePayment& command);
  v1::Outcome apply(const proposal& where, const v1::CapturePayment& command);
  v1::Outcome apply(const proposal& where, const v1::VoidPayment& command);
  v1::Outcome apply(const proposal& where, const v1::RefundPayment& command);
  v1::Outcome apply(const proposal& where, const v1::SendAttempt& command);
  v1::Outcome apply(const proposal& where, const v1::ResolveAttempt& command);
  v1::Outcome apply(const proposal& where, const v1::PassTime& command);
  v1::Outcome apply(const proposal& where, const v1::GrantLink& command);
  v1::Outcome apply(const proposal& where, const v1::GiveUpPayment& command);
  v1::Outcome apply(const proposal& where, const v1::ReversePayment& command);
  v1::Outcome apply(const proposal& where, const v1::RecordAdvice& command);
  v1::Outcome apply(const proposal& where, const v1::ReconcileTerminal& command);
  payment_record& add_payment(const proposal& where, const v1::CreatePayment& command,
                              const digest& fingerprint);
  bool hold(const proposal& where, payment_record& payment);
  void post(const proposal& where, payment_record& payment, std::int64_t amount);
  v1::Outcome apply(const proposal& where, const v1::ResolveAdvice& command);
  v1::Outcome apply(const proposal& where, const v1::DecidePayment& command);
  v1::Outcome apply(const proposal& where, const v1::ReconcileAcquirer& command);
  payment_record& payment_at(const std::string& id);
  ledger::transfer between(const payment_record& payment, std::string_view kind) const;
  ledger::transfer_outcome move(log_time at, const ledger::transfer& what);
  void settle_keys(const proposal& where, payment_record& payment, const std::string& key);

  // attempts.cpp, deadlines.cpp: what becomes of an attempt, of its payment and of the money.
  u128 hold_of(const payment_record& payment) const;
  void release(const proposal& where, const payment_record& payment, std::string_view kind);
  void open_attempt(const proposal& where, payment_record& payment, const v1::SendAttempt& command);
  void change(const proposal& where, payment_record& payment, attempt_event what,
              const v1::ResolveAttempt& heard);
  void settle_approval(const proposal& where, payment_record& payment);
  void settle_loss(const proposal& where, payment_record& payment, bool may_reroute,
                   state otherwise);
  void settle_doubt(const proposal& where, payment_record& payment);
  void settle_exception(const proposal& where, payment_record& payment);
  void cancel_attempt(const proposal& where, payment_record& payment);
  void expire(const proposal& where, payment_record& payment);
  void pass_deadline(const proposal& where, payment_record& payment);
  void wait_until(payment_record& payment, log_time deadline);
  void wait_for(const proposal& where, payment_record& payment, std::uint64_t milliseconds);
  void note(const proposal& where, payment_record& payment, std::string_view what,
            std::string_view detail = {}, std::uint64_t attempt_number = 0);
  void note_late_approval(const proposal& where, payment_record& payment, attempt_record& attempt,
                          const v1::ResolveAttempt& heard);
  void remember(const payment_record& payment);
  void note_doubt_ended(const attempt_record& attempt);
  void note_open(const payment_record& payment);

  // late_approval.cpp: attempts that were approved after their reversal had been accepted.
  void reverse_again(const proposal& where, payment_record& payment, attempt_record& attempt,
                     const v1::ResolveAttempt& heard);
  void change_reversed_again(const proposal& where, payment_record& payment,
                             attempt_record& attempt, attempt_event what);
  bool pass_deadline_of_attempt(const proposal& where, payment_record& payment, log_time due);
  void wait_until(const payment_record& payment, attempt_record& attempt, log_time deadline);
  void forget_deadline(const payment_record& payment, log_time deadline);

  // terminals.cpp: what a terminal does to its payments, and its totals.
  void take_back(const proposal& where, payment_record& payment);
  void give_back(const proposal& where, payment_record& payment);
  void count_at_terminal(const payment_record& payment, std::int64_t amount);
  terminal_totals* totals_of(const payment_record& payment);
  v1::TerminalTotals view(const terminal_totals& of) const;
  v1::Outcome outcome_of_reversal(const key_record& key) const;
  v1::Outcome outcome_of_reconciliation(const decision& decided,
                                        const v1::ReconcileTerminal& command) const;
  v1::Outcome ask(const v1::GetTerminalTotalsRequest& question) const;

  // decide.cpp: what somebody says became of a payment.
  void decide_taken_back(const proposal& where, payment_record& payment, const std::string& reason);
  void pay_out(const proposal& where, payment_record& payment);
  void pay_back(const proposal& where, payment_record& payment);

  // advices.cpp: what an acquirer is told until it acknowledges it.
  void owe_capture(const proposal& where, payment_record& payment);
  void owe(const proposal& where, payment_record& payment, advice_kind kind, std::int64_t amount);
  void keep_in_lists(const payment_record& payment, std::size_t place);
  void remember_advices(const payment_record& payment);

  // reconcile.cpp: what was moved with an acquirer.
  using account_key = std::pair<std::string, std::uint32_t>; ///< Link, and the currency's number.

  account_key account_of(const payment_record& payment, const attempt_record& attempt) const;
  acquirer_account& change_account(const account_key& of);
  void count_approval(const payment_record& payment, const attempt_record& attempt);
  void count_reversal(const payment_record& payment, const attempt_record& attempt);
  void count_advice(const payment_record& payment, const advice_record& advice);
  std::uint64_t owed_over(const std::string& link) const;
  void begin_reconciliation(const proposal& where, const account_key& of,
                            const acquirer_totals& told);
  void close_period(acquirer_account& account) const;
  v1::Acquirer view_of_account(const account_key& of) const;
  v1::Outcome ask(const v1::ListOwedRequest& question) const;
  v1::Outcome ask(const v1::ListAcquirersRequest& question) const;
  v1::Outcome ask(const v1::ListExceptionsRequest& question) const;

  // events.cpp: what is told of payments.
  void tell(const proposal& where, payment_record& payment);
  v1::Event view(const event_record& event) const;
  v1::Outcome ask(const v1::ListEventsRequest& question, const std::string* merchant) const;
  v1::Outcome ask(const v1::GetEventRequest& question, const std::string* merchant) const;

  // webhooks.cpp: where it is told.
  static const std::string* webhook_of(const v1::Command& command);
  decision check_webhook(const v1::Command& command) const;
  v1::Outcome apply_webhook(const proposal& where, const v1::Command& command);
  v1::Outcome webhook_outcome(const std::string& endpoint) const;
  v1::Outcome ask_webhooks(const v1::Question& question) const;

  // exceptions.cpp: what reconciliation has found.
  decision check(const v1::SettlementExceptionCommand& command) const;
  decision check(const v1::OpenSettlementExceptions& command) const;
  v1::Outcome apply(const proposal& where, const v1::SettlementExceptionCommand& command);
  v1::Outcome outcome_of_exceptions(const v1::SettlementExceptionCommand& command) const;
  v1::Outcome list_exceptions(const v1::ListSettlementExceptionsRequest& question) const;
  void move(const proposal& where, const settlement::exception_move& what);

  // settlement.cpp: what is captured is settled.
  settlement::surroundings surroundings() const;
  decision check(const v1::SettlementCommand& command) const;
  v1::Outcome apply(const proposal& where, const v1::SettlementCommand& command);
  v1::Outcome ask(const v1::SettlementQuestion& question) const;
  v1::Outcome outcome_of_settlement(const v1::SettlementCommand& command) const;
  decision check(const v1::DisputePayment& command) const;
  void dispute(const proposal& where, const v1::DisputePayment& command);
  void mark(payment_record& payment, ledger::transfer& moved) const;
  void mark_back(const payment_record& payment, ledger::transfer& moved) const;
  void count_capture(const proposal& where, payment_record& payment, ledger::transfer_id moved);
  void count_refund(const proposal& where, const payment_record& payment, std::int64_t amount,
                    ledger::transfer_id moved);
  account_record& open(const proposal& where, account_record record);

  // view.cpp: what callers see.
  v1::Outcome answer(const decision& decided, const v1::Command& command) const;
  v1::Outcome outcome_of(const key_record& key, const std::string& own_key) const;
  v1::Outcome outcome_now(const payment_record& payment, std::uint64_t index) const;
  v1::Account view(const account_record& account) const;
  v1::Payment view(const payment_record& payment, const std::optional<snapshot>& then) const;
  v1::Payment view_with_timeline(const payment_record& payment) const;
  v1::Outcome ask(const v1::Question& question) const;
  v1::Outcome ask(const v1::GetAccountRequest& question) const;
  v1::Outcome ask(const v1::ListAccountsRequest& question) const;
  v1::Outcome ask(const v1::GetPaymentRequest& question) const;
  v1::Outcome ask(const v1::ListPaymentsRequest& question) const;
  v1::Outcome ask(const v1::ListOpenAttemptsRequest& question) const;
  v1::Outcome link_grants() const;
  v1::Outcome outcome_of_grant(const v1::GrantLink& command) const;
  v1::Outcome summary() const;
  void add_time_in_doubt(v1::StatusReply& to) const;

  // keep.cpp: what goes into the store.
  void restore(std::string_view key, std::string_view value);
  void restore(const v1::StoredAccount& stored);
  void restore(const v1::StoredPayment& stored);
  void restore(std::string_view key, const v1::StoredKey& stored);
  void restore(const v1::StoredLinkGrant& stored);
  void restore(std::string_view name, const v1::StoredTerminal& stored);
  void note_changed_key(const std::string& key);
  void note_changed_terminal(const std::string& name);
  void restore(const v1::StoredAcquirer& stored); // keep_advices.cpp
  void take_changed_accounts(std::vector<ledger::kept_row>& into);
  std::vector<ledger::kept_row> take_changed_rows();
  void note_changed(const payment_record& payment, const std::string& key);

  ledger::book book_;
  std::vector<account_record> accounts_; ///< In order of creation.
  std::unordered_map<std::string, std::uint32_t> accounts_by_id_;
  std::vector<payment_record> payments_; ///< In order of creation.
  payment_counts counts_;                ///< Of payments_, as they are now.
  std::unordered_map<std::string, std::uint64_t> payments_by_id_;
  std::map<std::string, owned> owned_; ///< By owner; follows from the others.
  std::unordered_map<std::string, key_record> keys_;

  std::map<std::string, terminal_totals> terminals_; ///< By name_of_totals().

  using due = std::pair<log_time, std::uint64_t>; ///< When, and of which payment.

  std::multiset<due> deadlines_; ///< Of the payments that have one, and of their attempts.
  std::set<std::uint64_t> open_; ///< Payments of which an attempt is sent or owes a reversal.
  std::uint64_t attempts_ = 0;   ///< How many numbers were given, to attempts and others.
  std::vector<std::uint64_t> payment_of_attempt_; ///< Its sequence, by the attempt's number - 1.

  using link_group = std::pair<std::string, std::string>; ///< Acquirer and node.

  std::map<link_group, link_grant> link_grants_; ///< The newest of each.

  /// Of the attempts that are in doubt no more, by link. What is kept of the attempts says it, too.
  std::map<std::string, doubt_times> doubts_ended_;

  using advice_place = std::pair<std::uint64_t, std::size_t>; ///< Payment, and which of it.
  using advice_list = std::map<std::uint64_t, advice_place>;  ///< By number: in order.
  std::map<std::string, advice_list> owed_;                   ///< By link.
  std::map<std::string, advice_list> exhausted_;              ///< The same.
  std::map<account_key, acquirer_account> acquirers_;

  outbox outbox_;
  std::vector<std::string> noted_; ///< Of the command of now: timeline rows not told yet.
  std::shared_ptr<event_signal> signal_;

  ledger::book_keeper keeper_;
  std::unique_ptr<endpoint_book> endpoints_;               ///< Never null.
  std::unique_ptr<audit_book> audit_;                      ///< The same.
  std::unique_ptr<change_book> changes_;                   ///< The same.
  std::unique_ptr<settlement::book> settlement_;           ///< Never null.
  std::unique_ptr<settlement::exception_book> exceptions_; ///< The same.
  std::size_t accounts_kept_ = 0; ///< So many of accounts_, from the first, need not be kept again.
  std::vector<std::uint64_t> changed_payments_; ///< Since the state was kept; some more than once.
  std::vector<std::string> changed_keys_;       ///< The same.
  std::vector<link_group> changed_grants_;      ///< The same.
  std::vector<std::string> changed_terminals_;  ///< The same.
  std::set<account_key> changed_accounts_;      ///< The same, once.
};

/// Returns a payment machine in memory, in its initial state.
std::unique_ptr<ducat::machine> make_machine();

/// Returns what makes payment machines in memory, which raise the signal.
machine_factory machines_with(std::shared_ptr<event_signal> signal);

/// Returns what makes payment machines that keep their state in the directory. They raise the
/// signal, if there is one, whenever events have been committed.
machine_factory machines_in(std::shared_ptr<ledger::store_directory> directory,
                            ledger::keeping_limits keeping = machine::limits,
                            std::shared_ptr<event_signal> signal = nullptr);

} // namespace ducat::payment
