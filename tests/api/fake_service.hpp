/// A service in memory that tests can make fail, hold its answers, or not be ready.
#pragma once

#include "api/errors.hpp"
#include "api/service.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ducat::api {

class fake_service final : public service {
public:
  std::atomic<bool> ready = true;
  std::atomic<bool> full = false; ///< There is no room for payments.

  /// From now on every call is answered with `why`; nothing ends that.
  void fail_with(std::optional<v1::Error> why) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(why);
  }

  /// From now on calls are kept unanswered.
  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }

  /// Returns when `count` calls are being kept.
  void wait_for_held(std::size_t count) {
    std::unique_lock lock(mutex_);
    held_more_.wait(lock, [&] { return held_.size() >= count; });
  }

  /// Returns how many calls are being kept.
  std::size_t held() {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }

  /// Answers the calls kept so far, on the caller's thread.
  void release() {
    std::vector<std::function<void()>> held;
    {
      const std::lock_guard lock(mutex_);
      holding_ = false;
      held.swap(held_);
    }
    for (const auto& answer : held)
      answer();
  }

  time_point last_deadline() {
    const std::lock_guard lock(mutex_);
    return deadline_;
  }

  /// Who made the last call.
  std::optional<access::principal> last_caller() {
    const std::lock_guard lock(mutex_);
    return caller_;
  }

  std::size_t payments() {
    const std::lock_guard lock(mutex_);
    return payments_.size();
  }

  void call(v1::CreatePaymentRequest asked, const call_context& at,
            respond<v1::PaymentReply> to) override {
    settle(at, std::move(to), create(asked));
  }

  void call(v1::CapturePaymentRequest asked, const call_context& at,
            respond<v1::PaymentReply> to) override {
    settle(at, std::move(to), change(asked.id(), [&](v1::PaymentReply& reply) {
             auto& payment = *reply.mutable_payment();
             payment.set_state(v1::Payment::CAPTURED);
             payment.set_captured(asked.amount() == 0 ? payment.amount() : asked.amount());
           }));
  }

  void call(v1::VoidPaymentRequest asked, const call_context& at,
            respond<v1::PaymentReply> to) override {
    settle(at, std::move(to), change(asked.id(), [](v1::PaymentReply& reply) {
             reply.mutable_payment()->set_state(v1::Payment::VOIDED);
           }));
  }

  void call(v1::RefundPaymentRequest asked, const call_context& at,
            respond<v1::PaymentReply> to) override {
    settle(at, std::move(to), change(asked.id(), [&](v1::PaymentReply& reply) {
             reply.mutable_refund()->set_id("ref_" + asked.idempotency_key());
             reply.mutable_refund()->set_amount(asked.amount());
             *reply.mutable_payment()->add_refunds() = reply.refund();
           }));
  }

  void call(v1::DecidePaymentRequest asked, const call_context& at,
            respond<v1::PaymentReply> to) override {
    settle(at, std::move(to), change(asked.id(), [&](v1::PaymentReply& reply) {
             reply.mutable_payment()->set_state(
                 asked.decision() == v1::DecidePaymentRequest::WAS_PAID ? v1::Payment::CAPTURED
                                                                        : v1::Payment::REVERSED);
           }));
  }

  void call(v1::ResolveAdviceRequest asked, const call_context& at,
            respond<v1::PaymentReply> to) override {
    settle(at, std::move(to), change(asked.id(), [](v1::PaymentReply&) {}));
  }

  void call(v1::ListAcquirersRequest, const call_context& at,
            respond<v1::ListAcquirersReply> to) override {
    v1::ListAcquirersReply list;
    list.add_data()->set_link("acme");
    settle(at, std::move(to), reply<v1::ListAcquirersReply>(list));
  }

  void call(v1::ReconcileRequest asked, const call_context& at, respond<v1::Acquirer> to) override {
    v1::Acquirer begun;
    begun.set_link(asked.link());
    begun.set_currency(asked.currency());
    settle(at, std::move(to), reply<v1::Acquirer>(begun));
  }

  void call(v1::ListExceptionsRequest, const call_context& at,
            respond<v1::ListExceptionsReply> to) override {
    v1::ListExceptionsReply list;
    list.add_data()->set_link("acme");
    settle(at, std::move(to), reply<v1::ListExceptionsReply>(list));
  }

  void call(v1::GetPaymentRequest asked, const call_context& at, respond<v1::Payment> to) override {
    settle(at, std::move(to), find(payments_, asked.id(), "payment_not_found"));
  }

  void call(v1::ListPaymentsRequest asked, const call_context& at,
            respond<v1::ListPaymentsReply> to) override {
    settle(at, std::move(to), list<v1::ListPaymentsReply>(payments_, asked));
  }

  // Events and webhooks: only what the edges make of them is tested with this.
  void call(v1::GetTimelineRequest asked, const call_context& at,
            respond<v1::TimelineReply> to) override {
    auto found = find(payments_, asked.id(), "payment_not_found");
    settle(at, std::move(to), std::move(found).map([](v1::Payment payment) {
      v1::TimelineReply reply;
      *reply.mutable_data() = std::move(*payment.mutable_timeline());
      return reply;
    }));
  }

  void call(v1::ListEventsRequest asked, const call_context& at,
            respond<v1::ListEventsReply> to) override {
    std::unique_lock lock(mutex_);
    v1::ListEventsReply reply;
    for (const v1::Event& each : events_)
      if (each.id() > asked.after() && reply.data_size() < static_cast<int>(asked.limit()))
        *reply.add_data() = each;
    reply.set_next(reply.data().empty() ? asked.after() : reply.data().rbegin()->id());
    reply.set_newest(events_.empty() ? "" : events_.back().id());
    reply.set_has_more(reply.next() < reply.newest());
    lock.unlock();
    settle(at, std::move(to), api::reply<v1::ListEventsReply>(reply));
  }

  void call(v1::GetEventRequest, const call_context& at, respond<v1::Event> to) override {
    settle(at, std::move(to), api::reply<v1::Event>(v1::Event{}));
  }

  void call(v1::CreateWebhookRequest asked, const call_context& at,
            respond<v1::Webhook> to) override {
    v1::Webhook made;
    made.set_id(asked.id());
    made.set_url(asked.url());
    *made.mutable_types() = asked.types();
    settle(at, std::move(to), api::reply<v1::Webhook>(made));
  }

  void call(v1::ListWebhooksRequest, const call_context& at,
            respond<v1::ListWebhooksReply> to) override {
    settle(at, std::move(to), api::reply<v1::ListWebhooksReply>(v1::ListWebhooksReply{}));
  }

  void call(v1::GetWebhookRequest, const call_context& at, respond<v1::Webhook> to) override {
    settle(at, std::move(to), api::reply<v1::Webhook>(v1::Webhook{}));
  }

  void call(v1::ChangeWebhookRequest, const call_context& at, respond<v1::Webhook> to) override {
    settle(at, std::move(to), api::reply<v1::Webhook>(v1::Webhook{}));
  }

  void call(v1::ListDeliveriesRequest, const call_context& at,
            respond<v1::ListDeliveriesReply> to) override {
    settle(at, std::move(to), api::reply<v1::ListDeliveriesReply>(v1::ListDeliveriesReply{}));
  }

  void call(v1::ReplayWebhookRequest, const call_context& at,
            respond<v1::ReplayWebhookReply> to) override {
    settle(at, std::move(to), api::reply<v1::ReplayWebhookReply>(v1::ReplayWebhookReply{}));
  }

  std::uint64_t newest_event() const override { return newest_event_; }

  /// Something happens: an event with this id.
  void happen(const std::string& id, const std::string& type) {
    {
      const std::lock_guard lock(mutex_);
      v1::Event& made = events_.emplace_back();
      made.set_id(id);
      made.set_type(type);
    }
    ++newest_event_;
  }

  /// Adds a row to the timeline of a payment.
  void add_row(const std::string& id, const std::string& what) {
    {
      const std::lock_guard lock(mutex_);
      payments_[id].add_timeline()->set_what(what);
    }
    ++newest_event_;
  }

  void call(v1::SettlementCommand asked, const call_context& at,
            respond<v1::SettlementReply> to) override {
    v1::SettlementReply done;
    *done.mutable_merchant()->mutable_terms() = asked.merchant();
    prove(*done.mutable_receipt());
    settle(at, std::move(to), api::reply<v1::SettlementReply>(done));
  }

  void call(v1::SettlementQuestion asked, const call_context& at,
            respond<v1::SettlementAnswer> to) override {
    v1::SettlementAnswer found;
    found.mutable_merchants()->add_data()->set_currency(asked.merchants().currency());
    settle(at, std::move(to), api::reply<v1::SettlementAnswer>(found));
  }

  void call(v1::SettlementExceptionCommand asked, const call_context& at,
            respond<v1::SettlementReply> to) override {
    v1::SettlementReply done;
    v1::SettlementException& only = *done.mutable_exceptions()->add_data();
    only.set_id(asked.has_assign() ? asked.assign().id() : asked.dispose().id());
    only.set_currency(asked.open().currency());
    only.set_owner(asked.assign().owner());
    only.set_how(asked.dispose().how());
    prove(*done.mutable_receipt());
    settle(at, std::move(to), api::reply<v1::SettlementReply>(done));
  }

  void call(v1::ListSettlementExceptionsRequest asked, const call_context& at,
            respond<v1::ListSettlementExceptionsReply> to) override {
    v1::ListSettlementExceptionsReply found;
    found.add_data()->set_currency(asked.currency());
    settle(at, std::move(to), api::reply<v1::ListSettlementExceptionsReply>(found));
  }

  void call(v1::CreateAccountRequest asked, const call_context& at,
            respond<v1::AccountReply> to) override {
    v1::AccountReply reply;
    reply.set_replayed(find(accounts_, asked.id(), "").has_value());
    reply.mutable_account()->set_id(asked.id());
    reply.mutable_account()->set_currency(asked.currency());
    prove(*reply.mutable_receipt());
    store(accounts_, reply.account());
    settle(at, std::move(to), api::reply<v1::AccountReply>(reply));
  }

  void call(v1::GetAccountRequest asked, const call_context& at, respond<v1::Account> to) override {
    settle(at, std::move(to), find(accounts_, asked.id(), "account_not_found"));
  }

  void call(v1::ListAccountsRequest asked, const call_context& at,
            respond<v1::ListAccountsReply> to) override {
    settle(at, std::move(to), list<v1::ListAccountsReply>(accounts_, asked));
  }

  void call(v1::StatusRequest, const call_context& at, respond<v1::StatusReply> to) override {
    v1::StatusReply status;
    status.set_node("node1");
    (*status.mutable_payments_by_state())["captured"] = payments();
    settle(at, std::move(to), reply<v1::StatusReply>(status));
  }

  void call(v1::TreeRequest, const call_context& at, respond<v1::TreeReply> to) override {
    v1::TreeReply tree;
    tree.add_children()->set_path("/payments/worker/1");
    settle(at, std::move(to), reply<v1::TreeReply>(tree));
  }

  void call(v1::CrashRequest asked, const call_context& at, respond<v1::CrashReply> to) override {
    v1::CrashReply crashed;
    crashed.set_crashed(asked.times() == 0 ? 1 : asked.times());
    settle(at, std::move(to), reply<v1::CrashReply>(crashed));
  }

  void call(v1::ListFaultsRequest, const call_context& at,
            respond<v1::ListFaultsReply> to) override {
    v1::ListFaultsReply faults;
    const std::lock_guard lock(mutex_);
    for (const auto& [name, fault] : faults_) {
      auto& point = *faults.add_points();
      point.set_name(name);
      point.set_fault(fault);
    }
    settle_locked(at, std::move(to), reply<v1::ListFaultsReply>(faults));
  }

  void call(v1::ArmFaultRequest asked, const call_context& at,
            respond<v1::ArmFaultReply> to) override {
    set_fault(asked.name(), asked.fault());
    settle(at, std::move(to), reply<v1::ArmFaultReply>(v1::ArmFaultReply{}));
  }

  void call(v1::DisarmFaultRequest asked, const call_context& at,
            respond<v1::DisarmFaultReply> to) override {
    set_fault(asked.name(), "");
    settle(at, std::move(to), reply<v1::DisarmFaultReply>(v1::DisarmFaultReply{}));
  }

  void call(v1::ListDeadLettersRequest, const call_context& at,
            respond<v1::ListDeadLettersReply> to) override {
    v1::ListDeadLettersReply list;
    list.add_letters()->set_id(1);
    list.set_poison(1);
    settle(at, std::move(to), reply<v1::ListDeadLettersReply>(list));
  }

  void call(v1::GetDeadLetterRequest asked, const call_context& at,
            respond<v1::DeadLetter> to) override {
    v1::DeadLetter letter;
    letter.set_id(asked.id());
    settle(at, std::move(to), reply<v1::DeadLetter>(letter));
  }

  void call(v1::RetryDeadLetterRequest, const call_context& at,
            respond<v1::RetryDeadLetterReply> to) override {
    v1::RetryDeadLetterReply done;
    done.set_outcome("answered");
    settle(at, std::move(to), reply<v1::RetryDeadLetterReply>(done));
  }

  void call(v1::DiscardDeadLetterRequest, const call_context& at,
            respond<v1::DiscardDeadLetterReply> to) override {
    settle(at, std::move(to), reply<v1::DiscardDeadLetterReply>(v1::DiscardDeadLetterReply{}));
  }

  void call(v1::FiguresRequest, const call_context& at, respond<v1::FiguresReply> to) override {
    v1::FiguresReply figures;
    figures.set_entries_appended(7);
    settle(at, std::move(to), reply<v1::FiguresReply>(figures));
  }

  void call(v1::ListNodesRequest, const call_context& at, respond<v1::ListNodesReply> to) override {
    v1::ListNodesReply list;
    list.add_nodes()->set_id("node1");
    settle(at, std::move(to), reply<v1::ListNodesReply>(list));
  }

  void call(v1::ListGroupsRequest, const call_context& at,
            respond<v1::ListGroupsReply> to) override {
    v1::ListGroupsReply list;
    list.add_groups()->set_pool("payments");
    settle(at, std::move(to), reply<v1::ListGroupsReply>(list));
  }

  void call(v1::ListLinksRequest, const call_context& at, respond<v1::ListLinksReply> to) override {
    v1::ListLinksReply list;
    list.add_acquirers()->set_name("acme");
    settle(at, std::move(to), reply<v1::ListLinksReply>(list));
  }

  void call(v1::ChangeLinkRequest, const call_context& at,
            respond<v1::ChangeLinkReply> to) override {
    settle(at, std::move(to), reply<v1::ChangeLinkReply>(v1::ChangeLinkReply{}));
  }

  void call(v1::ChangeNodeRequest, const call_context& at,
            respond<v1::ChangeNodeReply> to) override {
    settle(at, std::move(to), reply<v1::ChangeNodeReply>(v1::ChangeNodeReply{}));
  }

  void call(v1::AvailabilityRequest asked, const call_context& at,
            respond<v1::AvailabilityReply> to) override {
    v1::AvailabilityReply counted;
    counted.set_window(asked.window());
    v1::SubjectAvailability& only = *counted.add_subjects();
    only.set_subject(asked.subject());
    only.set_availability(0.5);
    settle(at, std::move(to), reply<v1::AvailabilityReply>(counted));
  }

  void call(v1::ListAuditRequest, const call_context& at, respond<v1::ListAuditReply> to) override {
    v1::ListAuditReply found;
    v1::AuditEntry& entry = *found.add_data();
    entry.set_number(1);
    entry.set_role("admin");
    entry.set_name("root");
    entry.set_node("node1");
    entry.set_action("open_account");
    entry.set_target("till");
    entry.set_outcome("done");
    entry.set_hash("beef");
    found.set_newest(1);
    found.set_head("beef");
    settle(at, std::move(to), api::reply<v1::ListAuditReply>(found));
  }

  void call(v1::ListChangesRequest, const call_context& at,
            respond<v1::ListChangesReply> to) override {
    v1::ListChangesReply list;
    list.add_data()->set_id("chg_1");
    settle(at, std::move(to), reply<v1::ListChangesReply>(list));
  }

  void call(v1::DecideChangeRequest asked, const call_context& at,
            respond<v1::Change> to) override {
    v1::Change change;
    change.set_id(asked.id());
    settle(at, std::move(to), reply<v1::Change>(change));
  }

  void call(v1::ListAlertsRequest, const call_context& at,
            respond<v1::ListAlertsReply> to) override {
    v1::ListAlertsReply list;
    list.add_alerts()->set_rule("DucatNodeDown");
    settle(at, std::move(to), reply<v1::ListAlertsReply>(list));
  }

  void call(v1::AcknowledgeAlertRequest asked, const call_context& at,
            respond<v1::Alert> to) override {
    v1::Alert alert;
    alert.set_rule(asked.rule());
    alert.set_acknowledged_by(asked.by());
    settle(at, std::move(to), reply<v1::Alert>(alert));
  }

  void call(v1::SilenceAlertsRequest asked, const call_context& at,
            respond<v1::Silence> to) override {
    v1::Silence silence;
    silence.set_id(1);
    silence.set_rule(asked.rule());
    settle(at, std::move(to), reply<v1::Silence>(silence));
  }

  void call(v1::LiftSilenceRequest, const call_context& at,
            respond<v1::LiftSilenceReply> to) override {
    settle(at, std::move(to), reply<v1::LiftSilenceReply>(v1::LiftSilenceReply{}));
  }

  bool is_ready() const override { return ready; }

  reply<void> has_room(const call_context&) override {
    if (full)
      return tl::unexpected(make_error(v1::Error::UNAVAILABLE, "overloaded", "there is no room"));
    return {};
  }

private:
  template <class T>
  void settle(const call_context& at, respond<T> to, reply<T> outcome) {
    std::unique_lock lock(mutex_);
    caller_ = at.by;
    if (holding_)
      return settle_locked(at, std::move(to), std::move(outcome));
    deadline_ = at.deadline;
    if (failure_)
      outcome = tl::unexpected(*failure_);
    lock.unlock();
    to(std::move(outcome));
  }

  template <class T>
  void settle_locked(const call_context& at, respond<T> to, reply<T> outcome) {
    deadline_ = at.deadline;
    if (failure_)
      outcome = tl::unexpected(*failure_);
    auto answer = [to = std::move(to), outcome = std::move(outcome)] { to(outcome); };
    if (!holding_)
      return answer();
    held_.push_back(std::move(answer));
    held_more_.notify_all();
  }

  static void prove(v1::Receipt& receipt) {
    receipt.set_index(7);
    receipt.set_hash("beef");
  }

  reply<v1::PaymentReply> create(const v1::CreatePaymentRequest& asked) {
    if (asked.amount() <= 0)
      return invalid("amount_must_be_positive", "amount must be positive", "amount");
    const std::lock_guard lock(mutex_);
    const std::string id = "pay_" + asked.idempotency_key();
    v1::PaymentReply done;
    done.set_replayed(payments_.count(id) != 0);
    v1::Payment& payment = payments_[id];
    payment.set_id(id);
    payment.set_amount(asked.amount());
    payment.set_description(asked.description());
    *done.mutable_payment() = payment;
    prove(*done.mutable_receipt());
    return done;
  }

  template <class Change>
  reply<v1::PaymentReply> change(const std::string& id, const Change& apply) {
    auto found = find(payments_, id, "payment_not_found");
    if (!found)
      return tl::unexpected(found.error());
    v1::PaymentReply done;
    *done.mutable_payment() = *found;
    apply(done);
    store(payments_, done.payment());
    return done;
  }

  template <class T>
  reply<T> find(const std::map<std::string, T>& in, const std::string& id, const char* code) {
    const std::lock_guard lock(mutex_);
    const auto at = in.find(id);
    if (at == in.end())
      return tl::unexpected(make_error(v1::Error::NOT_FOUND, code, "there is no such thing", "id"));
    return at->second;
  }

  template <class T>
  void store(std::map<std::string, T>& in, const T& value) {
    const std::lock_guard lock(mutex_);
    in[value.id()] = value;
  }

  template <class Page, class T, class Request>
  reply<Page> list(const std::map<std::string, T>& from, const Request& asked) {
    const std::lock_guard lock(mutex_);
    Page page;
    for (auto at = from.upper_bound(asked.starting_after()); at != from.end(); ++at) {
      page.set_has_more(page.data_size() == static_cast<int>(asked.limit()) && asked.limit() != 0);
      if (page.has_more())
        break;
      *page.add_data() = at->second;
    }
    return page;
  }

  void set_fault(const std::string& name, const std::string& fault) {
    const std::lock_guard lock(mutex_);
    faults_[name] = fault;
  }

  std::mutex mutex_;
  std::condition_variable held_more_;
  std::optional<v1::Error> failure_;
  bool holding_ = false;
  std::vector<std::function<void()>> held_;
  time_point deadline_;
  std::optional<access::principal> caller_;
  std::map<std::string, v1::Payment> payments_;
  std::map<std::string, v1::Account> accounts_;
  std::vector<v1::Event> events_;
  std::atomic<std::uint64_t> newest_event_ = 0;
  std::map<std::string, std::string> faults_;
};

} // namespace ducat::api
