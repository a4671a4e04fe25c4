/// What a node offers, free of any transport: gRPC and HTTP are two thin edges over it.
#pragma once

#include <ducat/time.hpp>
#include <ducat/v1/account.pb.h>
#include <ducat/v1/acquirer.pb.h>
#include <ducat/v1/alert.pb.h>
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

namespace ducat::api {

template <class T>
using reply = tl::expected<T, v1::Error>;

/// Called exactly once, on any thread, also after the call has returned. Must not block.
template <class T>
using respond = std::function<void(reply<T>)>;

/// Calls never block and may come from any thread. A call that is not answered by `deadline` is
/// answered with Error::UNKNOWN_OUTCOME (or UNAVAILABLE if nothing was sent): never "failed".
/// Requests need not be valid: each wrong one is answered with its own typed error.
class service {
public:
  service() = default;
  service(const service&) = delete;
  service& operator=(const service&) = delete;
  virtual ~service() = default;

  virtual void call(v1::CreatePaymentRequest, time_point deadline, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::CapturePaymentRequest, time_point deadline, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::VoidPaymentRequest, time_point deadline, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::RefundPaymentRequest, time_point deadline, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::DecidePaymentRequest, time_point deadline, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::ResolveAdviceRequest, time_point deadline, respond<v1::PaymentReply>) = 0;
  virtual void call(v1::ListAcquirersRequest, time_point deadline,
                    respond<v1::ListAcquirersReply>) = 0;
  virtual void call(v1::ReconcileRequest, time_point deadline, respond<v1::Acquirer>) = 0;
  virtual void call(v1::ListExceptionsRequest, time_point deadline,
                    respond<v1::ListExceptionsReply>) = 0;
  virtual void call(v1::GetPaymentRequest, time_point deadline, respond<v1::Payment>) = 0;
  virtual void call(v1::ListPaymentsRequest, time_point deadline,
                    respond<v1::ListPaymentsReply>) = 0;

  virtual void call(v1::GetTimelineRequest, time_point deadline, respond<v1::TimelineReply>) = 0;
  virtual void call(v1::ListEventsRequest, time_point deadline, respond<v1::ListEventsReply>) = 0;
  virtual void call(v1::GetEventRequest, time_point deadline, respond<v1::Event>) = 0;
  virtual void call(v1::CreateWebhookRequest, time_point deadline, respond<v1::Webhook>) = 0;
  virtual void call(v1::ListWebhooksRequest, time_point deadline,
                    respond<v1::ListWebhooksReply>) = 0;
  virtual void call(v1::GetWebhookRequest, time_point deadline, respond<v1::Webhook>) = 0;
  virtual void call(v1::ChangeWebhookRequest, time_point deadline, respond<v1::Webhook>) = 0;
  virtual void call(v1::ListDeliveriesRequest, time_point deadline,
                    respond<v1::ListDeliveriesReply>) = 0;
  virtual void call(v1::ReplayWebhookRequest, time_point deadline,
                    respond<v1::ReplayWebhookReply>) = 0;

  virtual void call(v1::SettlementCommand, time_point deadline, respond<v1::SettlementReply>) = 0;
  virtual void call(v1::SettlementQuestion, time_point deadline, respond<v1::SettlementAnswer>) = 0;
  virtual void call(v1::SettlementExceptionCommand, time_point deadline,
                    respond<v1::SettlementReply>) = 0;
  virtual void call(v1::ListSettlementExceptionsRequest, time_point deadline,
                    respond<v1::ListSettlementExceptionsReply>) = 0;

  virtual void call(v1::CreateAccountRequest, time_point deadline, respond<v1::AccountReply>) = 0;
  virtual void call(v1::GetAccountRequest, time_point deadline, respond<v1::Account>) = 0;
  virtual void call(v1::ListAccountsRequest, time_point deadline,
                    respond<v1::ListAccountsReply>) = 0;

  virtual void call(v1::StatusRequest, time_point deadline, respond<v1::StatusReply>) = 0;
  virtual void call(v1::TreeRequest, time_point deadline, respond<v1::TreeReply>) = 0;
  virtual void call(v1::FiguresRequest, time_point deadline, respond<v1::FiguresReply>) = 0;
  virtual void call(v1::CrashRequest, time_point deadline, respond<v1::CrashReply>) = 0;
  virtual void call(v1::ListFaultsRequest, time_point deadline, respond<v1::ListFaultsReply>) = 0;
  virtual void call(v1::ArmFaultRequest, time_point deadline, respond<v1::ArmFaultReply>) = 0;
  virtual void call(v1::DisarmFaultRequest, time_point deadline, respond<v1::DisarmFaultReply>) = 0;
  virtual void call(v1::ListDeadLettersRequest, time_point deadline,
                    respond<v1::ListDeadLettersReply>) = 0;
  virtual void call(v1::GetDeadLetterRequest, time_point deadline, respond<v1::DeadLetter>) = 0;
  virtual void call(v1::RetryDeadLetterRequest, time_point deadline,
                    respond<v1::RetryDeadLetterReply>) = 0;
  virtual void call(v1::ListNodesRequest, time_point deadline, respond<v1::ListNodesReply>) = 0;
  virtual void call(v1::ListGroupsRequest, time_point deadline, respond<v1::ListGroupsReply>) = 0;
  virtual void call(v1::ListLinksRequest, time_point deadline, respond<v1::ListLinksReply>) = 0;
  virtual void call(v1::ChangeLinkRequest, time_point deadline, respond<v1::ChangeLinkReply>) = 0;
  virtual void call(v1::ChangeNodeRequest, time_point deadline, respond<v1::ChangeNodeReply>) = 0;
  virtual void call(v1::AvailabilityRequest, time_point deadline,
                    respond<v1::AvailabilityReply>) = 0;
  virtual void call(v1::DiscardDeadLetterRequest, time_point deadline,
                    respond<v1::DiscardDeadLetterReply>) = 0;

  virtual void call(v1::ListAlertsRequest, time_point deadline, respond<v1::ListAlertsReply>) = 0;
  virtual void call(v1::AcknowledgeAlertRequest, time_point deadline, respond<v1::Alert>) = 0;
  virtual void call(v1::SilenceAlertsRequest, time_point deadline, respond<v1::Silence>) = 0;
  virtual void call(v1::LiftSilenceRequest, time_point deadline, respond<v1::LiftSilenceReply>) = 0;

  /// Returns the newest log entry with an event, as far as this node knows. Never blocks: who
  /// follows events asks for them when it has grown.
  virtual std::uint64_t newest_event() const = 0;

  /// Returns whether the node can commit payments now, or could a second ago. Never blocks.
  virtual bool is_ready() const = 0;
};

} // namespace ducat::api
