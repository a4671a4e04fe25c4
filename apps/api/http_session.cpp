#include "api/http_session.hpp"

#include "api/dashboard_views.hpp"
#include "api/http_answer.hpp"
#include "api/http_endpoints.hpp"
#include "api/http_route.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <optional>

namespace ducat::api {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::redirect_error;
using asio::use_awaitable;

namespace {

constexpr std::uint32_t header_bytes_max = 8 * 1024;
constexpr std::size_t drained_bytes_max = std::size_t{16} << 20;
constexpr std::chrono::milliseconds silence_max(500); ///< What an answer at the deadline may take.

/// Nothing was done, and the same request may be faster the next time.
http_response too_slow() {
  v1::Error why = make_error(v1::Error::INVALID_REQUEST, "request_too_slow",
                             "the request did not arrive in time");
  why.set_retry(v1::Error::SAME_KEY);
  return refuse(408, why);
}

http_response no_request() {
  return wrong(400, "http_malformed", "this is not a complete HTTP/1.1 request");
}

/// Returns the answer to a request that could not be read; nothing if the peer is gone.
std::optional<http_response> answer_to(const boost::system::error_code& failure) {
  if (failure == boost::beast::error::timeout)
    return too_slow();
  if (failure == http::error::body_limit)
    return wrong(413, "body_too_large",
                 "a body has at most 64 KiB, and 1 MiB of captures or results of payouts");
  if (failure == http::error::header_limit || failure == http::error::buffer_overflow)
    return wrong(431, "header_too_large", "a request line with its header has at most 8 KiB");
  if (failure == http::error::end_of_stream ||
      failure.category() != http::make_error_code(http::error::bad_method).category())
    return std::nullopt;
  return no_request();
}

using request_message = http::request<http::string_body>;

/// Returns whether host, framing and who calls are beyond doubt: one Host, no coding but chunked,
/// no second Authorization.
bool is_unambiguous(const request_message& message) {
  const auto coding = message[http::field::transfer_encoding];
  const bool modern = message.version() == 11;
  const bool hosted = message.count(http::field::host) == 1 || !modern;
  const bool of_one = message.count(http::field::authorization) <= 1;
  return hosted && of_one &&
         (coding.empty() || (modern && boost::beast::iequals(coding, "chunked")));
}

std::string text_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

std::vector<std::string> all_of(const request_message& message, const char* name) {
  std::vector<std::string> values;
  const auto [begin, end] = message.equal_range(name);
  for (auto field = begin; field != end; ++field)
    values.push_back(text_of(field->value()));
  return values;
}

arrival arrival_of(const request_message& message) {
  const auto traceparent = message["traceparent"];
  return arrived(edge::http, message.count("traceparent"),
                 {traceparent.data(), traceparent.size()});
}

http_request request_of(const request_message& head, std::string body, bool is_secured) {
  return {.method = text_of(head.method_string()),
          .target = text_of(head.target()),
          .content_type = text_of(head[http::field::content_type]),
          .origin = text_of(head[http::field::origin]),
          .idempotency_keys = all_of(head, "Idempotency-Key"),
          .body = std::move(body),
          .accept = text_of(head[http::field::accept]),
          .last_event_id = text_of(head["Last-Event-ID"]),
          .host = text_of(head[http::field::host]),
          .marker = text_of(head["Ducat-Request"]),
          .is_secured = is_secured};
}

http::response<http::string_body> message_of(http_response response, unsigned version) {
  http::response<http::string_body> message;
  message.version(version);
  message.result(response.status);
  message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : response.headers)
    message.set(name, value);
  message.body() = std::move(response.body);
  return message;
}

/// Returns the name of the message that a call asks for; empty: of nobody's.
struct asked_for {
  std::string_view operator()(const alive_probe&) const { return {}; }

  std::string_view operator()(const ready_probe&) const { return {}; }

  std::string_view operator()(const openapi_request&) const { return {}; }

  std::string_view operator()(const page_request&) const { return {}; }

  std::string_view operator()(const metrics_request&) const { return "FiguresRequest"; }

  std::string_view operator()(const dashboard_request&) const { return "StatusRequest"; }

  std::string_view operator()(const dashboard_children_request&) const { return "TreeRequest"; }

  std::string_view operator()(const stream_request& asked) const {
    return asked.payment_id.empty() ? "ListEventsRequest" : "GetTimelineRequest";
  }

  template <class Request>
  std::string_view operator()(const Request&) const {
    return Request::descriptor()->name();
  }
};

} // namespace

/// A question to the service. Owned by the coroutine that waits for the answer.
struct http_session::open_call {
  explicit open_call(const asio::any_io_executor& io) : answered(io) {}

  asio::steady_timer answered; ///< Cancelled by the answer; expires if there is none.
  std::optional<http_response> response;
};

http_session::http_session(http_socket socket, const entrance& at,
                           const http_server_options& options, dashboard_collector& collector,
                           std::shared_ptr<io_link> link)
    : socket_(std::move(socket)), entrance_(at), options_(options), collector_(collector),
      link_(std::move(link)), buffer_(header_bytes_max + body_bytes_max),
      timer_(socket_.get_executor()) {}

asio::awaitable<void> http_session::run() {
  limit_time(http_wait::handshake);
  const error_code failure = co_await socket_.open();
  unlimit_time();
  if (failure)
    co_return;
  if (auto peer = socket_.peer())
    peer_ = std::move(peer->who);
  bool open = true;
  while (open) {
    open = co_await await_request();
    if (open)
      open = co_await serve_one();
  }
  co_await drain();
}

void http_session::end() {
  ending_ = true;
  if (idle_)
    socket_.cancel();
}

/// Whoever calls is looked at again with a new connection.
bool http_session::is_over() const {
  return ending_ || (options_.guarded &&
                     std::chrono::steady_clock::now() - born_ >= options_.guarded->time_max);
}

/// Returns whether the first byte of a request is there.
asio::awaitable<bool> http_session::await_request() {
  if (ending_ || buffer_.size() > 0)
    co_return !ending_;
  limit_time(http_wait::request);
  idle_ = true;
  error_code failure;
  const std::size_t size = co_await socket_.async_read_some(buffer_.prepare(header_bytes_max),
                                                            redirect_error(use_awaitable, failure));
  buffer_.commit(size);
  idle_ = false;
  co_return !failure;
}

/// Returns whether another request may follow on the connection.
asio::awaitable<bool> http_session::serve_one() {
  parser incoming;
  incoming.header_limit(header_bytes_max);
  incoming.body_limit(boost::none); // Until it is known what it is sent to, and by whom.
  error_code failure = co_await read_head(incoming);
  tl::expected<call_context, http_response> by = call_context{time_point{}};
  if (!failure)
    by = admit(incoming.get());
  // Who calls too often would come back at once: that costs more than to read on.
  if (!failure && (by || by.error().status == 503))
    failure = co_await read_body(incoming);
  manner how;
  std::optional<http_response> response;
  if (failure) {
    response = answer_to(failure);
  } else {
    how = manner_of(incoming);
    auto message = incoming.release();
    if (by)
      response = co_await respond(std::move(message), *by);
    else
      response = std::move(by.error());
  }
  if (!response)
    co_return false;
  how.keep_alive = how.keep_alive && !is_over();
  const bool sent = co_await send(std::move(*response), how);
  co_return sent&& how.keep_alive;
}

/// What was not read of a body is no request.
http_session::manner http_session::manner_of(const parser& incoming) {
  const auto& head = incoming.get();
  return {.version = head.version(),
          .keep_alive = head.keep_alive() && incoming.is_done(),
          .head_only = head.method() == http::verb::head};
}

/// Returns why there is no head that is good.
asio::awaitable<boost::system::error_code> http_session::read_head(parser& incoming) {
  error_code failure;
  limit_time(http_wait::head);
  const std::size_t size = co_await http::async_read_header(socket_, buffer_, incoming,
                                                            redirect_error(use_awaitable, failure));
  unlimit_time();
  if (failure && late_)
    failure = boost::beast::error::timeout;
  else if (!failure && size > header_bytes_max) // The parser takes as much of each of its parts.
    failure = http::error::header_limit;
  else if (!failure && !is_unambiguous(incoming.get()))
    failure = http::error::bad_field;
  co_return failure;
}

/// Returns in whose name the call is made, or the answer that it is not, by its head alone: nothing
/// else is read of those who are not let in. What says nothing of payments or of the node is for
/// everybody.
tl::expected<call_context, http_response> http_session::admit(const request_message& head) const {
  const call_context anybody{time_point{}};
  if (!options_.guarded)
    return anybody;
  const access::shown what{.certificate = peer_,
                           .authorization = text_of(head[http::field::authorization])};
  const auto call = route(request_of(head, {}, true), routes());
  if (!call) {
    const auto known = entrance_.know(what);
    return tl::unexpected(known ? call.error() : refuse(known.error()));
  }
  const std::string_view request = std::visit(asked_for{}, *call);
  if (request.empty())
    return anybody;
  return entrance_.admit(what, request, time_point{}).map_error([](const v1::Error& why) {
    return refuse(why);
  });
}

asio::awaitable<boost::system::error_code> http_session::read_body(parser& incoming) {
  if (!limit_body(incoming))
    co_return http::error::body_limit;
  if (incoming.is_done())
    co_return error_code{};
  error_code failure;
  limit_time(http_wait::body);
  co_await invite_body(incoming);
  co_await http::async_read(socket_, buffer_, incoming, redirect_error(use_awaitable, failure));
  unlimit_time();
  if (failure && late_)
    failure = boost::beast::error::timeout;
  co_return failure;
}

/// Returns the answer to who was let in; nothing after a stream, whose end is the connection's.
asio::awaitable<std::optional<http_response>> http_session::respond(request_message message,
                                                                    call_context by) {
  const bool head_only = message.method() == http::verb::head;
  std::string body = std::move(message.body());
  const auto request = request_of(message, std::move(body), options_.guarded.has_value());
  if (auto full = look_for_room(request, by); !full)
    co_return std::move(full.error());
  auto call = route(request, routes());
  if (!call)
    co_return std::move(call.error());
  by.from = arrival_of(message);
  by.deadline = std::chrono::steady_clock::now() + options_.answer_time_max;
  if (const auto* const asked = std::get_if<stream_request>(&*call))
    co_return co_await stream(*asked, by, head_only);
  if (std::holds_alternative<dashboard_request>(*call))
    co_return co_await dashboard(head_only);
  co_return co_await ask(std::move(*call), by);
}

/// Returns the answer to a payment that there is no room for: to read what is to be paid would take
/// time from those that are being made.
tl::expected<void, http_response> http_session::look_for_room(const http_request& request,
                                                              const call_context& by) const {
  if (options_.metrics || !pays_from_account(request))
    return {};
  return entrance_.to.has_room(by).map_error([](const v1::Error& why) { return refuse(why); });
}

/// Holds the body to what its route takes. Returns false if its header says that it has more.
bool http_session::limit_body(parser& incoming) const {
  const auto& head = incoming.get();
  const std::uint64_t most =
      body_max_of(text_of(head.method_string()), text_of(head.target()), routes());
  incoming.body_limit(most);
  return incoming.content_length().value_or(0) <= most;
}

/// Answers `Expect: 100-continue`; a failure to write shows when the body is read.
asio::awaitable<void> http_session::invite_body(const parser& incoming) {
  if (!boost::beast::iequals(incoming.get()[http::field::expect], "100-continue"))
    co_return;
  constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code ignored;
  co_await asio::async_write(socket_, asio::buffer(invitation),
                             redirect_error(use_awaitable, ignored));
}

const std::vector<endpoint>& http_session::routes() const {
  return options_.metrics ? monitoring_endpoints() : client_endpoints();
}

asio::awaitable<http_response> http_session::ask(http_call call, call_context by) {
  const auto open = std::make_shared<open_call>(socket_.get_executor());
  open->answered.expires_after(options_.answer_time_max + silence_max);
  std::visit([&](auto& request) { start(std::move(request), by, open); }, call);
  error_code ignored;
  if (!open->response)
    co_await open->answered.async_wait(redirect_error(use_awaitable, ignored));
  co_return open->response ? std::move(*open->response) : refuse(unanswered());
}

void http_session::start(alive_probe, const call_context&, const std::shared_ptr<open_call>& open) {
  open->response = probe_answer(true);
}

void http_session::start(ready_probe, const call_context&, const std::shared_ptr<open_call>& open) {
  open->response = probe_answer(entrance_.to.is_ready());
}

void http_session::start(openapi_request, const call_context&,
                         const std::shared_ptr<open_call>& open) {
  open->response = openapi_answer();
}

void http_session::start(metrics_request, const call_context& by,
                         const std::shared_ptr<open_call>& open) {
  options_.metrics(by.deadline, [link = link_, call = std::weak_ptr(open)](std::string text) {
    link->post([call, text = std::move(text)]() mutable {
      const auto waiting = call.lock();
      if (!waiting)
        return;
      waiting->response = {.body = std::move(text),
                           .content_type = "text/plain; version=0.0.4; charset=utf-8"};
      waiting->answered.cancel();
    });
  });
}

/// Streams are not asked like this: respond() has seen to them.
void http_session::start(const stream_request&, const call_context&,
                         const std::shared_ptr<open_call>& open) {
  open->response = refuse(unanswered());
}

void http_session::start(const dashboard_request&, const call_context&,
                         const std::shared_ptr<open_call>& open) {
  open->response = refuse(unanswered());
}

void http_session::start(const dashboard_children_request& asked, const call_context& by,
                         const std::shared_ptr<open_call>& open) {
  auto take = [link = link_, call = std::weak_ptr(open), asked](const reply<v1::TreeReply>& tree) {
    http_response response =
        tree ? http_response{.body = children_json(*tree, asked.path, asked.from)}
             : refuse(tree.error());
    link->post([call, response = std::move(response)]() mutable {
      const auto waiting = call.lock();
      if (!waiting)
        return;
      waiting->response = std::move(response);
      waiting->answered.cancel();
    });
  };
  entrance_.to.call(v1::TreeRequest{}, by, std::move(take));
}

void http_session::start(const page_request& asked, const call_context&,
                         const std::shared_ptr<open_call>& open) {
  const auto found = std::ranges::find(options_.page, asked.path, &web_file::path);
  open->response = found != options_.page.end() ? page_answer(*found) : refuse(nothing_there());
}

template <class Request>
void http_session::start(Request request, const call_context& by,
                         const std::shared_ptr<open_call>& open) {
  auto take = [link = link_, call = std::weak_ptr(open)](auto outcome) -> void {
    link->post([call, outcome = std::move(outcome)] {
      const auto waiting = call.lock();
      if (!waiting)
        return;
      waiting->response = answer(success_status<Request>, outcome);
      waiting->answered.cancel();
    });
  };
  entrance_.to.call(std::move(request), by, std::move(take));
}

/// Returns whether all of the answer was handed to the peer.
asio::awaitable<bool> http_session::send(http_response response, manner how) {
  auto message = message_of(std::move(response), how.version);
  message.keep_alive(how.keep_alive);
  message.prepare_payload();
  if (how.head_only) // The length stays that of the body that a GET would get.
    message.body().clear();
  limit_time(http_wait::taking);
  error_code failure;
  co_await http::async_write(socket_, message, redirect_error(use_awaitable, failure));
  unlimit_time();
  co_return !failure;
}

/// Ends the sending side and reads on for a while: to close with unread bytes would reset the
/// connection, and the peer could lose the answer.
asio::awaitable<void> http_session::drain() {
  limit_time(http_wait::leaving);
  idle_ = true;
  error_code failure = co_await socket_.end_sending();
  buffer_.clear();
  for (std::size_t left = drained_bytes_max; !failure && !ending_ && !late_;) {
    const std::size_t size = co_await socket_.async_discard_some(
        buffer_.prepare(header_bytes_max), redirect_error(use_awaitable, failure));
    left -= std::min(left, size);
    if (left == 0)
      break;
  }
  unlimit_time();
}

/// A timer that is too late to be cancelled finds another limit, or none: that one is not over.
void http_session::limit_time(http_wait what) {
  late_ = false;
  limit_.begin(std::chrono::steady_clock::now(), time_max(what, options_));
  timer_.expires_at(limit_.at());
  timer_.async_wait([session = weak_from_this()](const error_code& failure) {
    const auto self = session.lock();
    if (failure || !self || !self->limit_.is_over(std::chrono::steady_clock::now()))
      return;
    self->late_ = true;
    self->socket_.cancel();
  });
}

void http_session::unlimit_time() {
  limit_.end();
  timer_.cancel();
}

} // namespace ducat::api
