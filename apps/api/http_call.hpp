/// An HTTP request, free of sockets, and the call on the service that it asks for.
#pragma once

#include <ducat/v1/account.pb.h>
#include <ducat/v1/acquirer.pb.h>
#include <ducat/v1/alert.pb.h>
#include <ducat/v1/audit.pb.h>
#include <ducat/v1/change.pb.h>
#include <ducat/v1/event.pb.h>
#include <ducat/v1/exception.pb.h>
#include <ducat/v1/node.pb.h>
#include <ducat/v1/payment.pb.h>
#include <ducat/v1/settlement_api.pb.h>
#include <ducat/v1/webhook.pb.h>

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ducat::api {

/// What of a request matters here. Texts are as the client sent them.
struct http_request {
  std::string method = {};
  std::string target = {};
  std::string content_type = {};                  ///< Empty if absent.
  std::string origin = {};                        ///< Empty if absent; only browsers send it.
  std::vector<std::string> idempotency_keys = {}; ///< One for each header of that name.
  std::string body = {};
  std::string accept = {};        ///< Empty if absent.
  std::string last_event_id = {}; ///< The same; a client that resumes a stream sends it.
  std::string host = {};          ///< The same; what the client takes this node for.
  std::string marker = {}; ///< The same: Ducat-Request, which no page from elsewhere can send.
  bool is_secured = false; ///< It came over TLS: a page of this node is https://.
};

struct http_response {
  unsigned status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string content_type = "application/json";
};

/// GET /healthz: the process answers.
struct alive_probe {};

/// GET /readyz: the node can commit payments.
struct ready_probe {};

/// GET /metrics: the node's figures, as text.
struct metrics_request {};

/// GET /openapi.yaml: what this edge answers.
struct openapi_request {};

/// GET /, /favicon.svg, /assets/{}: a file of the page that a node serves of itself.
struct page_request {
  std::string path; ///< As web_file has it.
};

/// GET /v1/dashboard: what dashboards show, as it changes.
struct dashboard_request {};

/// GET /v1/dashboard/children: a page of the children of one supervisor.
struct dashboard_children_request {
  std::string path = {}; ///< Of the supervisor; empty: the root.
  std::size_t from = 0;
};

/// What is answered by a stream of server-sent events.
struct stream_request {
  v1::ListEventsRequest events = {}; ///< Which events, and after which; if it is no payment's.
  bool from_now = false;             ///< Only what happens from now on.
  std::string payment_id = {};       ///< Or this payment's timeline,
  std::uint32_t rows = 0;            ///< after so many of its rows.
};

using http_call = std::variant<
    alive_probe, ready_probe, v1::CreatePaymentRequest, v1::CapturePaymentRequest,
    v1::VoidPaymentRequest, v1::RefundPaymentRequest, v1::DecidePaymentRequest,
    v1::ResolveAdviceRequest, v1::ListAcquirersRequest, v1::ReconcileRequest,
    v1::ListExceptionsRequest, v1::GetPaymentRequest, v1::ListPaymentsRequest,
    v1::CreateAccountRequest, v1::GetAccountRequest, v1::ListAccountsRequest, v1::StatusRequest,
    v1::TreeRequest, v1::FiguresRequest, v1::CrashRequest, v1::ListFaultsRequest,
    v1::ArmFaultRequest, v1::DisarmFaultRequest, v1::ListDeadLettersRequest,
    v1::GetDeadLetterRequest, v1::RetryDeadLetterRequest, v1::DiscardDeadLetterRequest,
    v1::ListNodesRequest, v1::ListGroupsRequest, v1::ChangeNodeRequest, v1::ListLinksRequest,
    v1::ChangeLinkRequest, v1::AvailabilityRequest, openapi_request, v1::GetTimelineRequest,
    v1::ListEventsRequest, v1::GetEventRequest, v1::CreateWebhookRequest, v1::ListWebhooksRequest,
    v1::GetWebhookRequest, v1::ChangeWebhookRequest, v1::ListDeliveriesRequest,
    v1::ReplayWebhookRequest, v1::SettlementCommand, v1::SettlementQuestion,
    v1::SettlementExceptionCommand, v1::ListSettlementExceptionsRequest, v1::ListAlertsRequest,
    v1::AcknowledgeAlertRequest, v1::SilenceAlertsRequest, v1::LiftSilenceRequest,
    v1::ListAuditRequest, v1::ListChangesRequest, v1::DecideChangeRequest, stream_request,
    metrics_request, page_request, dashboard_request, dashboard_children_request>;

/// The status of a success: 201 for what makes a thing (a payment, a refund, an account).
template <class Request>
constexpr unsigned success_status = 200;
template <>
inline constexpr unsigned success_status<v1::CreatePaymentRequest> = 201;
template <>
inline constexpr unsigned success_status<v1::RefundPaymentRequest> = 201;
template <>
inline constexpr unsigned success_status<v1::CreateAccountRequest> = 201;
template <>
inline constexpr unsigned success_status<v1::CreateWebhookRequest> = 201;
template <>
inline constexpr unsigned success_status<v1::SilenceAlertsRequest> = 201;

} // namespace ducat::api
