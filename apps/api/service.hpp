/// What a node offers, free of any transport: gRPC and HTTP are two thin edges over it.
#pragma once

#include "access/principal.hpp"
#include "api/arrival.hpp"

#include <ducat/time.hpp>
#include <ducat/v1/account.pb.h>
#include <ducat/v1/acquirer.pb.h>
#include <ducat/v1/alert.pb.h>
#include <ducat/v1/audit.pb.h>
#include <ducat/v1/change.pb.h>
#include <ducat/v1/common.pb.h>
#include <ducat/v1/event.pb.h>
#include <ducat/v1/exception.pb.h>
#include <ducat/v1/node.pb.h>
#include <ducat/v1/payment.pb.h>
#include <ducat/v1/settlement_api.pb.h>
#include <ducat/v1/webhook.pb.h>

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

namespace ducat::api {

template <class T>
using reply = tl::expected<T, v1::Error>;

/// Called exactly once, on any thread, also after the call has returned. Must not block.
template <class T>
using respond = std::function<void(reply<T>)>;

/// How long a call may take, and who makes it.
struct call_context {
  call_context(time_point until) : deadline{until} {} // NOLINT: a call of the node itself.

  call_context(time_point until, access::principal who) : deadline{until}, by{std::move(who)} {}

  time_point deadline;
  std::optional<access::principal>
      by{}; ///< Nothing: the node itself, or whoever is on its machine.
  arrival from{};
};

/// Calls never block and may come from any thread. A call that is not answered by its deadline is
/// answered with Error::UNKNOWN_OUTCOME (or UNAVAILABLE if nothing was sent): never "failed".
/// Requests need not be valid: each wrong one is answered with its own typed error.
class service {
public:
  service() = default;
  service(const service&) = delete;
  service& operator=(const service&) = delete;
  virtual ~service() = default;

  virtual void call(v1::CreatePaymentRequest, const call_context&, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::CapturePaymentRequest, const call_context&, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::VoidPaymentRequest, const call_context&, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::RefundPaymentRequest, const call_context&, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::DecidePaymentRequest, const call_context&, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::ResolveAdviceRequest, const call_context&, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::ListAcquirersRequest, const call_context&,
                    respond<v1::ListAcquirersReply>) = 0;
  virtual void call(v1::ReconcileRequest, const call_context&, respond<v1::Acquirer>) = 0;
  virtual void call(v1::ListExceptionsRequest, const call_context&,
                    respond<v1::ListExceptionsReply>) = 0;
  virtual void call(v1::GetPaymentRequest, const call_context&, respond<v1::Payment>) = 0;
  virtual void call(v1::ListPaymentsRequest, const call_context&,
                    respond<v1::ListPaymentsReply>) = 0;

  virtual void call(v1::GetTimelineRequest, const call_context&, respond<v1::TimelineReply>) = 0;
  virtual void call(v1::ListEventsRequest, const call_context&, respond<v1::ListEventsReply>) = 0;
  virtual void call(v1::GetEventRequest, const call_context&, respond<v1::Event>) = 0;
  virtual void call(v1::CreateWebhookRequest, const call_context&, respond<v1::Webhook>) = 0;
  virtual void call(v1::ListWebhooksRequest, const call_context&,
                    respond<v1::ListWebhooksReply>) = 0;
  virtual void call(v1::GetWebhookRequest, const call_context&, respond<v1::Webhook>) = 0;
  virtual void call(v1::ChangeWebhookRequest, const call_context&, respond<v1::Webhook>) = 0;
  virtual void call(v1::ListDeliveriesRequest, const call_context&,
                    respond<v1::ListDeliveriesReply>) = 0;
  virtual void call(v1::ReplayWebhookRequest, const call_context&,
                    respond<v1::ReplayWebhookReply>) = 0;

  virtual void call(v1::SettlementCommand, const call_context&, respond<v1::SettlementReply>) = 0;
  virtual void call(v1::SettlementQuestion, const call_context&, respond<v1::SettlementAnswer>) = 0;
  virtual void call(v1::SettlementExceptionCommand, const call_context&,
                    respond<v1::SettlementReply>) = 0;
  virtual void call(v1::ListSettlementExceptionsRequest, const call_context&,
                    respond<v1::ListSettlementExceptionsReply>) = 0;

  virtual void call(v1::CreateAccountRequest, const call_context&, respond<v1::AccountReply>) = 0;
  virtual void call(v1::GetAccountRequest, const call_context&, respond<v1::Account>) = 0;
  virtual void call(v1::ListAccountsRequest, const call_context&,
                    respond<v1::ListAccountsReply>) = 0;

  virtual void call(v1::StatusRequest, const call_context&, respond<v1::StatusReply>) = 0;
  virtual void call(v1::TreeRequest, const call_context&, respond<v1::TreeReply>) = 0;
  virtual void call(v1::FiguresRequest, const call_context&, respond<v1::FiguresReply>) = 0;
  virtual void call(v1::CrashRequest, const call_context&, respond<v1::CrashReply>) = 0;
  virtual void call(v1::ListFaultsRequest, const call_context&, respond<v1::ListFaultsReply>) = 0;
  virtual void call(v1::ArmFaultRequest, const call_context&, respond<v1::ArmFaultReply>) = 0;
  virtual void call(v1::DisarmFaultRequest, const call_context&, respond<v1::DisarmFaultReply>) = 0;
  virtual void call(v1::ListDeadLettersRequest, const call_context&,
                    respond<v1::ListDeadLettersReply>) = 0;
  virtual void call(v1::GetDeadLetterRequest, const call_context&, respond<v1::DeadLetter>) = 0;
  virtual void call(v1::RetryDeadLetterRequest, const call_context&,
                    respond<v1::RetryDeadLetterReply>) = 0;
  virtual void call(v1::ListNodesRequest, const call_context&, respond<v1::ListNodesReply>) = 0;
  virtual void call(v1::ListGroupsRequest, const call_context&, respond<v1::ListGroupsReply>) = 0;
  virtual void call(v1::ListLinksRequest, const call_context&, respond<v1::ListLinksReply>) = 0;
  virtual void call(v1::ChangeLinkRequest, const call_context&, respond<v1::ChangeLinkReply>) = 0;
  virtual void call(v1::ChangeNodeRequest, const call_context&, respond<v1::ChangeNodeReply>) = 0;
  virtual void call(v1::AvailabilityRequest, const call_context&,
                    respond<v1::AvailabilityReply>) = 0;
  virtual void call(v1::DiscardDeadLetterRequest, const call_context&,
                    respond<v1::DiscardDeadLetterReply>) = 0;

  virtual void call(v1::ListAlertsRequest, const call_context&, respond<v1::ListAlertsReply>) = 0;
  virtual void call(v1::AcknowledgeAlertRequest, const call_context&, respond<v1::Alert>) = 0;
  virtual void call(v1::SilenceAlertsRequest, const call_context&, respond<v1::Silence>) = 0;
  virtual void call(v1::LiftSilenceRequest, const call_context&, respond<v1::LiftSilenceReply>) = 0;

  virtual void call(v1::ListAuditRequest, const call_context&, respond<v1::ListAuditReply>) = 0;
  virtual void call(v1::ListChangesRequest, const call_context&, respond<v1::ListChangesReply>) = 0;
  virtual void call(v1::DecideChangeRequest, const call_context&, respond<v1::Change>) = 0;

  /// Returns why a payment between accounts of whoever calls would be refused at once, whatever it
  /// is; nothing if there is room for one now. Never blocks: so who is refused costs the node less.
  virtual reply<void> has_room(const call_context&) = 0;

  /// Returns the newest log entry with an event, as far as this node knows. Never blocks: who
  /// follows events asks for them when it has grown.
  virtual std::uint64_t newest_event() const = 0;

  /// Returns whether the node can commit payments now, or could a second ago. Never blocks.
  virtual bool is_ready() const = 0;
};

} // namespace ducat::api
