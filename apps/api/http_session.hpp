/// One HTTP connection.
#pragma once

#include "api/entrance.hpp"
#include "api/http_call.hpp"
#include "api/http_server.hpp"
#include "api/http_socket.hpp"
#include "api/http_wait.hpp"
#include "api/io_link.hpp"
#include "wire/time_limit.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::api {

class dashboard_collector;
class event_source;
struct endpoint;

/// Reads requests one after the other, has the service answer each, and writes the answers in
/// order. All of it happens on the io thread. Owned by the coroutine that runs it.
class http_session : public std::enable_shared_from_this<http_session> {
public:
  /// What `at` names, `options` and `collector` must outlive the session.
  http_session(http_socket socket, const entrance& at, const http_server_options& options,
               dashboard_collector& collector, std::shared_ptr<io_link> link);

  /// Serves the connection until either side ends it. Call once.
  boost::asio::awaitable<void> run();

  /// Ends the connection now if no request is in flight, else after its answer.
  void end();

private:
  using error_code = boost::system::error_code;
  using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using request_message = parser::value_type;
  template <class T>
  using awaitable = boost::asio::awaitable<T>;

  struct open_call;

  /// What of a request decides how its answer is sent.
  struct manner {
    unsigned version = 11;
    bool keep_alive = false;
    bool head_only = false;
  };

  static manner manner_of(const parser& incoming);

  awaitable<bool> await_request();
  awaitable<bool> serve_one();
  awaitable<error_code> read_head(parser& incoming);
  tl::expected<call_context, http_response> admit(const request_message& head) const;
  awaitable<error_code> read_body(parser& incoming);
  awaitable<void> invite_body(const parser& incoming);
  awaitable<std::optional<http_response>> respond(request_message message, call_context by);
  tl::expected<void, http_response> look_for_room(const http_request& request,
                                                  const call_context& by) const;
  awaitable<http_response> ask(http_call call, call_context by);
  awaitable<bool> send(http_response response, manner how);

  // http_stream.cpp
  awaitable<std::optional<http_response>> stream(stream_request what, call_context by,
                                                 bool head_only);
  awaitable<void> follow(event_source& from, const call_context& by);
  bool is_over() const;
  awaitable<std::optional<http_response>> dashboard(bool head_only);
  awaitable<bool> write_out(const std::string& bytes);
  awaitable<void> drain();

  void start(alive_probe, const call_context&, const std::shared_ptr<open_call>& open);
  void start(ready_probe, const call_context&, const std::shared_ptr<open_call>& open);
  void start(openapi_request, const call_context&, const std::shared_ptr<open_call>& open);
  void start(metrics_request, const call_context& by, const std::shared_ptr<open_call>& open);
  void start(const stream_request&, const call_context&, const std::shared_ptr<open_call>& open);
  void start(const dashboard_request&, const call_context&, const std::shared_ptr<open_call>& open);
  void start(const dashboard_children_request& asked, const call_context& by,
             const std::shared_ptr<open_call>& open);
  void start(const page_request& asked, const call_context&,
             const std::shared_ptr<open_call>& open);
  template <class Request>
  void start(Request request, const call_context& by, const std::shared_ptr<open_call>& open);

  const std::vector<endpoint>& routes() const;
  bool limit_body(parser& incoming) const;
  void limit_time(http_wait what);
  void unlimit_time();

  http_socket socket_;
  entrance entrance_;
  const http_server_options& options_;
  dashboard_collector& collector_;
  std::shared_ptr<io_link> link_;
  boost::beast::flat_buffer buffer_;
  boost::asio::steady_timer timer_;
  wire::time_limit limit_; ///< Of what is waited for now.
  bool late_ = false;      ///< The time limit struck.
  bool idle_ = false;      ///< No request is in flight; the peer is to speak.
  bool ending_ = false;
  std::optional<security::identity> peer_{}; ///< What the client's certificate says.
  time_point born_ = std::chrono::steady_clock::now();
};

} // namespace ducat::api
