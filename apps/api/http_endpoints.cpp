#include "api/http_endpoints.hpp"

#include "api/json.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace ducat::api {

namespace {

using made_call = checked<http_call>;

// Bodies

template <class Request>
checked<Request> from_body(const http_request& request) {
  Request asked;
  if (request.body.empty())
    return asked;
  return parse_json(request.body, asked).map([&] { return std::move(asked); });
}

/// What asks for nothing but its path may have an empty object as its body.
checked<void> nothing_in_body(const http_request& request) {
  v1::StatusRequest nothing;
  if (request.body.empty() || request.method != "POST")
    return {};
  return parse_json(request.body, nothing);
}

// Payments

bool is_printable(const std::string& key) {
  return std::all_of(key.begin(), key.end(), [](char c) { return ' ' <= c && c <= '~'; });
}

template <class Request>
checked<Request> keyed(const http_request& request) {
  auto key = idempotency_key(request);
  auto asked = from_body<Request>(request);
  if (!key || !asked)
    return key ? asked : tl::unexpected<v1::Error>(key.error());
  if (!asked->idempotency_key().empty())
    return invalid("idempotency_key_in_body", "the key belongs into the header Idempotency-Key",
                   "idempotency_key");
  asked->set_idempotency_key(std::move(*key));
  return asked;
}

made_call create_payment(const http_request& request, const target&, const std::string&) {
  return keyed<v1::CreatePaymentRequest>(request);
}

template <class Request>
made_call on_payment(const http_request& request, const target&, const std::string& id) {
  auto asked = keyed<Request>(request);
  if (!asked)
    return tl::unexpected<v1::Error>(asked.error());
  if (!asked->id().empty() && asked->id() != id)
    return invalid("id_mismatch", "the id in the body is not the one in the path", "id");
  asked->set_id(id);
  return std::move(*asked);
}

template <class Request>
made_call on_id(const http_request& request, const target&, const std::string& id) {
  auto asked = from_body<Request>(request);
  if (!asked)
    return tl::unexpected<v1::Error>(asked.error());
  if (!asked->id().empty() && asked->id() != id)
    return invalid("id_mismatch", "the id in the body is not the one in the path", "id");
  asked->set_id(id);
  return std::move(*asked);
}

made_call reconcile(const http_request& request, const target&, const std::string& link) {
  auto asked = from_body<v1::ReconcileRequest>(request);
  if (!asked)
    return tl::unexpected<v1::Error>(asked.error());
  if (!asked->link().empty() && asked->link() != link)
    return invalid("link_mismatch", "the link in the body is not the one in the path", "link");
  asked->set_link(link);
  return std::move(*asked);
}

// Reads

template <class Request>
made_call get_by_id(const http_request&, const target&, const std::string& id) {
  Request asked;
  asked.set_id(id);
  return asked;
}

checked<std::uint32_t> parse_limit(const std::string& digits) {
  std::uint32_t limit = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, limit);
  if (failure != std::errc{} || stop != end || limit < 1 || limit > 100)
    return invalid("limit_invalid", "limit must be 1 to 100", "limit");
  return limit;
}

template <class Request>
checked<void> set_parameter(const std::string& name, const std::string& value, Request& asked) {
  if (name == "limit")
    return parse_limit(value).map([&](std::uint32_t limit) { asked.set_limit(limit); });
  if (name != "starting_after")
    return invalid("parameter_unknown", "lists have limit and starting_after", name);
  asked.set_starting_after(value);
  return {};
}

template <class Request>
made_call list(const http_request&, const target& parsed, const std::string&) {
  Request asked;
  for (const auto& [name, value] : parsed.query)
    if (auto set = set_parameter(name, value, asked); !set)
      return tl::unexpected<v1::Error>(set.error());
  return asked;
}

made_call list_changes(const http_request&, const target& parsed, const std::string&) {
  v1::ListChangesRequest asked;
  for (const auto& [name, value] : parsed.query) {
    if (name != "only_pending") {
      if (auto set = set_parameter(name, value, asked); !set)
        return tl::unexpected<v1::Error>(set.error());
    } else if (value != "true" && value != "false") {
      return invalid("only_pending_invalid", "only_pending is true or false", name);
    } else {
      asked.set_only_pending(value == "true");
    }
  }
  return asked;
}

made_call list_audit(const http_request&, const target& parsed, const std::string&) {
  v1::ListAuditRequest asked;
  for (const auto& [name, value] : parsed.query) {
    std::uint64_t after = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), after);
    if (name == "limit") {
      const auto limit = parse_limit(value);
      if (!limit)
        return tl::unexpected<v1::Error>(limit.error());
      asked.set_limit(*limit);
    } else if (name != "after") {
      return invalid("parameter_unknown", "the audit has limit and after", name);
    } else if (failure != std::errc{} || end != value.data() + value.size()) {
      return invalid("after_invalid", "after is the number of an entry", name);
    }
    asked.set_after(name == "after" ? after : asked.after());
  }
  return asked;
}

template <class Call>
made_call plain(const http_request&, const target&, const std::string&) {
  return Call{};
}

// Events and webhooks

bool wants_stream(const http_request& request) {
  return request.accept.find("text/event-stream") != request.accept.npos;
}

/// Takes a query parameter of a list of events, or of a stream of them.
checked<void> set_event_parameter(const std::string& name, const std::string& value, bool in_list,
                                  v1::ListEventsRequest& asked) {
  if (name == "limit" && in_list)
    return parse_limit(value).map([&](std::uint32_t limit) { asked.set_limit(limit); });
  if (name == "after")
    asked.set_after(value);
  else if (name == "types")
    for (std::size_t at = 0; at <= value.size();) {
      const std::size_t end = std::min(value.find(',', at), value.size());
      asked.add_types(value.substr(at, end - at));
      at = end + 1;
    }
  else
    return invalid("parameter_unknown", "events have after and types, and lists of them limit",
                   name);
  return {};
}

made_call stream_events(const http_request& request, const target& parsed, const std::string&) {
  stream_request asked;
  for (const auto& [name, value] : parsed.query)
    if (auto set = set_event_parameter(name, value, false, asked.events); !set)
      return tl::unexpected<v1::Error>(set.error());
  if (!request.last_event_id.empty())
    asked.events.set_after(request.last_event_id);
  asked.from_now = asked.events.after().empty();
  return asked;
}

/// A page of them, or as they happen if the client asks for a stream.
made_call list_events(const http_request& request, const target& parsed, const std::string& id) {
  if (wants_stream(request))
    return stream_events(request, parsed, id);
  v1::ListEventsRequest asked;
  for (const auto& [name, value] : parsed.query)
    if (auto set = set_event_parameter(name, value, true, asked); !set)
      return tl::unexpected<v1::Error>(set.error());
  return asked;
}

/// The rows as they are, or as they come if the client asks for a stream.
made_call timeline(const http_request& request, const target&, const std::string& id) {
  if (!wants_stream(request)) {
    v1::GetTimelineRequest asked;
    asked.set_id(id);
    return asked;
  }
  stream_request asked{.payment_id = id};
  const std::string& last = request.last_event_id;
  const auto [stop, failure] = std::from_chars(last.data(), last.data() + last.size(), asked.rows);
  if (!last.empty() && (failure != std::errc{} || stop != last.data() + last.size()))
    return invalid("last_event_id_invalid", "the id of a row is its number", "Last-Event-ID");
  return asked;
}

template <v1::ChangeWebhookRequest::Change change>
made_call on_webhook(const http_request& request, const target&, const std::string& id) {
  if (auto nothing = nothing_in_body(request); !nothing)
    return tl::unexpected<v1::Error>(nothing.error());
  v1::ChangeWebhookRequest asked;
  asked.set_id(id);
  asked.set_change(change);
  return asked;
}

made_call replay_webhook(const http_request& request, const target&, const std::string& id) {
  auto asked = from_body<v1::ReplayWebhookRequest>(request);
  if (!asked)
    return tl::unexpected<v1::Error>(asked.error());
  if (!asked->id().empty() && asked->id() != id)
    return invalid("id_mismatch", "the id in the body is not the one in the path", "id");
  asked->set_id(id);
  return std::move(*asked);
}

// The dashboard

made_call page_file(const http_request&, const target& parsed, const std::string&) {
  page_request asked;
  for (const std::string& segment : parsed.segments)
    asked.path.append("/").append(segment);
  if (asked.path == "/")
    asked.path = "/index.html";
  return asked;
}

made_call dashboard_children(const http_request&, const target& parsed, const std::string&) {
  dashboard_children_request asked;
  for (const auto& [name, value] : parsed.query) {
    if (name != "path" && name != "from")
      return invalid("parameter_unknown", "this route has path and from", name);
    if (name == "path")
      asked.path = value;
    const char* const end = value.data() + value.size();
    const auto [stop, failure] = name == "from"
                                     ? std::from_chars(value.data(), end, asked.from)
                                     : std::from_chars_result{.ptr = end, .ec = std::errc{}};
    if (failure != std::errc{} || stop != end)
      return invalid("from_invalid", "from must be a number", "from");
  }
  return asked;
}

// Commands

template <class Request>
made_call body_only(const http_request& request, const target&, const std::string&) {
  return from_body<Request>(request);
}

template <class Request>
made_call on_fault(const http_request& request, const target&, const std::string& name) {
  auto asked = from_body<Request>(request);
  if (!asked)
    return tl::unexpected<v1::Error>(asked.error());
  if (!asked->name().empty() && asked->name() != name)
    return invalid("name_mismatch", "the name in the body is not the one in the path", "name");
  asked->set_name(name);
  return std::move(*asked);
}

template <class Request>
made_call on_number(const http_request& request, const target&, const std::string& digits) {
  Request asked;
  if (auto nothing = nothing_in_body(request); !nothing)
    return tl::unexpected<v1::Error>(nothing.error());
  std::uint64_t id = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, id);
  if (failure != std::errc{} || stop != end)
    return invalid("id_invalid", "this id is a number", "id");
  asked.set_id(id);
  return asked;
}

made_call availability(const http_request&, const target& parsed, const std::string&) {
  v1::AvailabilityRequest asked;
  for (const auto& [name, value] : parsed.query) {
    if (name != "subject" && name != "window")
      return invalid("parameter_unknown", "this route has subject and window", name);
    name == "subject" ? asked.set_subject(value) : asked.set_window(value);
  }
  return asked;
}

template <v1::ChangeNodeRequest::Change change>
made_call on_node(const http_request& request, const target&, const std::string& id) {
  if (auto nothing = nothing_in_body(request); !nothing)
    return tl::unexpected<v1::Error>(nothing.error());
  v1::ChangeNodeRequest asked;
  asked.set_id(id);
  asked.set_change(change);
  return asked;
}

template <v1::ChangeLinkRequest::Change change>
made_call on_link(const http_request& request, const target&, const std::string& name) {
  if (auto nothing = nothing_in_body(request); !nothing)
    return tl::unexpected<v1::Error>(nothing.error());
  v1::ChangeLinkRequest asked;
  asked.set_name(name);
  asked.set_change(change);
  return asked;
}

std::vector<endpoint> with_settlement(std::vector<endpoint> others) {
  auto all = settlement_endpoints();
  std::move(others.begin(), others.end(), std::back_inserter(all));
  return all;
}

} // namespace

checked<std::string> idempotency_key(const http_request& request) {
  constexpr auto param = "Idempotency-Key";
  const auto& keys = request.idempotency_keys;
  if (keys.size() > 1)
    return invalid("idempotency_key_repeated", "one request has one Idempotency-Key", param);
  if (keys.empty() || keys.front().empty())
    return invalid("idempotency_key_missing", "this request needs the header Idempotency-Key",
                   param);
  if (keys.front().size() > 255 || !is_printable(keys.front()))
    return invalid("idempotency_key_invalid",
                   "an Idempotency-Key is 1 to 255 printable ASCII characters", param);
  return keys.front();
}

const std::vector<endpoint>& endpoints() {
  using namespace v1;
  static const std::vector<endpoint> all = with_settlement({
      {"POST", {"v1", "payments"}, create_payment},
      {"GET", {"v1", "payments"}, list<ListPaymentsRequest>, true},
      {"GET", {"v1", "payments", wildcard}, get_by_id<GetPaymentRequest>},
      {"POST", {"v1", "payments", wildcard, "capture"}, on_payment<CapturePaymentRequest>},
      {"POST", {"v1", "payments", wildcard, "void"}, on_payment<VoidPaymentRequest>},
      {"POST", {"v1", "payments", wildcard, "refunds"}, on_payment<RefundPaymentRequest>},
      {"GET", {"v1", "payments", wildcard, "timeline"}, timeline},
      {"GET", {"v1", "events"}, list_events, true},
      {"GET", {"v1", "events", wildcard}, get_by_id<GetEventRequest>},
      {"POST", {"v1", "webhooks"}, body_only<CreateWebhookRequest>},
      {"GET", {"v1", "webhooks"}, plain<ListWebhooksRequest>},
      {"GET", {"v1", "webhooks", wildcard}, get_by_id<GetWebhookRequest>},
      {"POST", {"v1", "webhooks", wildcard, "enable"}, on_webhook<ChangeWebhookRequest::ENABLE>},
      {"POST", {"v1", "webhooks", wildcard, "disable"}, on_webhook<ChangeWebhookRequest::DISABLE>},
      {"POST", {"v1", "webhooks", wildcard, "rotate"}, on_webhook<ChangeWebhookRequest::ROTATE>},
      {"POST", {"v1", "webhooks", wildcard, "remove"}, on_webhook<ChangeWebhookRequest::REMOVE>},
      {"GET", {"v1", "webhooks", wildcard, "deliveries"}, get_by_id<ListDeliveriesRequest>},
      {"POST", {"v1", "webhooks", wildcard, "replay"}, replay_webhook},
      {"POST", {"v1", "payments", wildcard, "decision"}, on_payment<DecidePaymentRequest>},
      {"POST", {"v1", "payments", wildcard, "advice"}, on_id<ResolveAdviceRequest>},
      {"GET", {"v1", "acquirers"}, plain<ListAcquirersRequest>},
      {"POST", {"v1", "acquirers", wildcard, "reconcile"}, reconcile},
      {"GET", {"v1", "exceptions"}, plain<ListExceptionsRequest>},
      {"POST", {"v1", "accounts"}, body_only<CreateAccountRequest>},
      {"GET", {"v1", "accounts"}, list<ListAccountsRequest>, true},
      {"GET", {"v1", "accounts", wildcard}, get_by_id<GetAccountRequest>},
      {"GET", {"v1", "status"}, plain<StatusRequest>},
      {"GET", {"v1", "tree"}, plain<TreeRequest>},
      {"GET", {"v1", "figures"}, plain<FiguresRequest>},
      {"POST", {"v1", "crash"}, body_only<CrashRequest>},
      {"GET", {"v1", "faults"}, plain<ListFaultsRequest>},
      {"POST", {"v1", "faults", wildcard, "arm"}, on_fault<ArmFaultRequest>},
      {"POST", {"v1", "faults", wildcard, "disarm"}, on_fault<DisarmFaultRequest>},
      {"GET", {"v1", "dead_letters"}, plain<ListDeadLettersRequest>},
      {"GET", {"v1", "dead_letters", wildcard}, on_number<GetDeadLetterRequest>},
      {"POST", {"v1", "dead_letters", wildcard, "retry"}, on_number<RetryDeadLetterRequest>},
      {"POST", {"v1", "dead_letters", wildcard, "discard"}, on_number<DiscardDeadLetterRequest>},
      {"GET", {"v1", "alerts"}, plain<ListAlertsRequest>},
      {"POST", {"v1", "alerts", "acknowledge"}, body_only<AcknowledgeAlertRequest>},
      {"POST", {"v1", "silences"}, body_only<SilenceAlertsRequest>},
      {"POST", {"v1", "silences", wildcard, "lift"}, on_number<LiftSilenceRequest>},
      {"GET", {"v1", "audit"}, list_audit, true},
      {"GET", {"v1", "changes"}, list_changes, true},
      {"POST", {"v1", "changes", wildcard, "decision"}, on_id<DecideChangeRequest>},
      {"GET", {"v1", "nodes"}, plain<ListNodesRequest>},
      {"GET", {"v1", "groups"}, plain<ListGroupsRequest>},
      {"GET", {"v1", "links"}, plain<ListLinksRequest>},
      {"POST", {"v1", "links", wildcard, "drain"}, on_link<ChangeLinkRequest::DRAIN>},
      {"POST", {"v1", "links", wildcard, "resume"}, on_link<ChangeLinkRequest::RESUME>},
      {"POST", {"v1", "nodes", wildcard, "drain"}, on_node<ChangeNodeRequest::DRAIN>},
      {"POST", {"v1", "nodes", wildcard, "resume"}, on_node<ChangeNodeRequest::RESUME>},
      {"POST", {"v1", "nodes", wildcard, "remove"}, on_node<ChangeNodeRequest::REMOVE>},
      {"GET", {"v1", "availability"}, availability, true},
      {"GET", {"v1", "dashboard"}, plain<dashboard_request>},
      {"GET", {"v1", "dashboard", "children"}, dashboard_children, true},
      {"GET", {"healthz"}, plain<alive_probe>},
      {"GET", {"readyz"}, plain<ready_probe>},
      {"GET", {"openapi.yaml"}, plain<openapi_request>},
  });
  return all;
}

const std::vector<endpoint>& client_endpoints() {
  static const std::vector<endpoint> all = [] {
    auto made = endpoints();
    made.push_back({"GET", {""}, page_file, true});
    made.push_back({"GET", {"favicon.svg"}, page_file, true});
    made.push_back({"GET", {"assets", wildcard}, page_file, true});
    return made;
  }();
  return all;
}

const std::vector<endpoint>& monitoring_endpoints() {
  static const std::vector<endpoint> all{{"GET", {"metrics"}, plain<metrics_request>},
                                         {"GET", {"alive"}, plain<alive_probe>},
                                         {"GET", {"ready"}, plain<ready_probe>}};
  return all;
}

} // namespace ducat::api
