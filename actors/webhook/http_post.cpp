#include "webhook/http_post.hpp"

#include "webhook/address.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <charconv>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace ducat::webhook {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint32_t header_bytes_max = 16 * 1024;

bool may_be_reached(const asio::ip::address& address) {
  return address.is_v4() ? is_public(address.to_v4().to_uint())
                         : is_public(address.to_v6().to_bytes());
}

attempt_answer problem(std::string why) {
  return {.problem = std::move(why)};
}

attempt_answer failed(const char* what, const error_code& why) {
  return problem(why == beast::error::timeout ? "no answer in time"
                                              : std::string{what} + ": " + why.message());
}

std::uint64_t seconds_in(std::string_view text) {
  std::uint64_t seconds = 0; // A date is not read: the schedule holds then.
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds;
}

http::request<http::string_body> message_of(post_request& what) {
  http::request<http::string_body> message{http::verb::post, what.url.target, 11};
  message.set(http::field::host, what.url.authority());
  message.set(http::field::user_agent, "ducat");
  message.set(http::field::content_type, what.content_type);
  for (const auto& [name, value] : what.headers)
    message.insert(name, value);
  message.keep_alive(false);
  message.body() = std::move(what.body);
  message.prepare_payload();
  return message;
}

/// Writes the request and reads the head of the answer.
template <class Stream>
asio::awaitable<attempt_answer> exchange(Stream& stream, post_request& what) {
  const auto message = message_of(what);
  error_code why;
  co_await http::async_write(stream, message, redirect_error(use_awaitable, why));
  if (why)
    co_return failed("it was not sent", why);
  beast::flat_buffer buffer{header_bytes_max};
  http::response_parser<http::empty_body> answer;
  answer.header_limit(header_bytes_max);
  co_await http::async_read_header(stream, buffer, answer, redirect_error(use_awaitable, why));
  if (why)
    co_return failed("no answer", why);
  const unsigned status = answer.get().result_int();
  attempt_answer heard{.status = status};
  if (status < 200 || status > 299)
    heard.problem = "HTTP " + std::to_string(status);
  const auto asked = answer.get()[http::field::retry_after];
  heard.retry_after_s = seconds_in({asked.data(), asked.size()});
  co_return heard;
}

asio::awaitable<attempt_answer> over_tls(beast::tcp_stream& stream, post_request& what,
                                         asio::ssl::context& context) {
  asio::ssl::stream<beast::tcp_stream&> secure{stream, context};
  error_code is_name;
  asio::ip::make_address(what.url.host, is_name);
  if (is_name)
    SSL_set_tlsext_host_name(secure.native_handle(), what.url.host.c_str());
  error_code why;
  secure.set_verify_callback(asio::ssl::host_name_verification{what.url.host}, why);
  if (!why)
    co_await secure.async_handshake(asio::ssl::stream_base::client,
                                    redirect_error(use_awaitable, why));
  if (why)
    co_return failed("TLS", why);
  co_return co_await exchange(secure, what);
}

/// A name that is being resolved. It may go on when nobody waits any more: the system's resolver
/// cannot be stopped.
struct resolving {
  explicit resolving(const asio::any_io_executor& io) : resolver{io}, timer{io} {}

  tcp::resolver resolver;
  asio::steady_timer timer; ///< Until then it is waited for.
  std::optional<error_code> outcome;
  tcp::resolver::results_type found;
};

/// Returns what the name stands for; with `why`, nothing.
asio::awaitable<tcp::resolver::results_type>
resolve(const payment::webhook_url& url, asio::steady_timer::time_point deadline, error_code& why) {
  const auto io = co_await asio::this_coro::executor;
  const auto name = std::make_shared<resolving>(io);
  name->timer.expires_at(deadline);
  name->resolver.async_resolve(url.host, std::to_string(url.port),
                               [name](const error_code& failed, tcp::resolver::results_type found) {
                                 name->outcome = failed;
                                 name->found = std::move(found);
                                 name->timer.cancel();
                               });
  error_code ignored;
  co_await name->timer.async_wait(redirect_error(use_awaitable, ignored));
  why = name->outcome.value_or(asio::error::timed_out);
  co_return std::move(name->found);
}

asio::awaitable<attempt_answer> run(post_request what, post_options options) {
  const auto io = co_await asio::this_coro::executor;
  if (!what.url.is_tls && !options.allow_private)
    co_return problem("plain HTTP is not allowed");
  error_code why;
  const auto deadline = asio::steady_timer{io, options.timeout}.expiry(); // Of the whole attempt.
  const auto found = co_await resolve(what.url, deadline, why);
  if (why || found.empty())
    co_return failed("its name", why);
  std::vector<tcp::endpoint> to;
  for (const auto& each : found)
    if (options.allow_private || may_be_reached(each.endpoint().address()))
      to.push_back(each.endpoint());
  if (to.empty())
    co_return problem("its address is not a public one");
  beast::tcp_stream stream{io};
  stream.expires_at(deadline);
  co_await stream.async_connect(to, redirect_error(use_awaitable, why));
  if (why)
    co_return failed("no connection", why);
  if (what.url.is_tls)
    co_return co_await over_tls(stream, what, *options.tls);
  co_return co_await exchange(stream, what);
}

} // namespace

result<std::shared_ptr<asio::ssl::context>> client_tls(const std::filesystem::path& ca,
                                                       bool allows_tls_1_2) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(),
                                allows_tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION);
  context->set_verify_mode(asio::ssl::verify_peer);
  error_code failed;
  context->set_default_verify_paths(failed);
  if (!ca.empty())
    context->load_verify_file(ca.string(), failed);
  if (failed && !ca.empty())
    return fail(errc::invalid_argument, ca.string() + ": " + failed.message());
  return context;
}

std::shared_ptr<asio::ssl::context> client_tls_or_throw(const std::filesystem::path& ca,
                                                        bool allows_tls_1_2) {
  auto context = client_tls(ca, allows_tls_1_2);
  if (!context)
    throw std::runtime_error{context.error().message};
  return std::move(*context);
}

void post(asio::io_context& io, post_request what, const post_options& options,
          std::function<void(attempt_answer)> tell) {
  asio::co_spawn(io, run(std::move(what), options),
                 [tell = std::move(tell)](const std::exception_ptr& thrown, attempt_answer heard) {
                   tell(thrown ? problem("it could not be sent") : std::move(heard));
                 });
}

} // namespace ducat::webhook
