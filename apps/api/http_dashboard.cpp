/// The stream that a dashboard follows.

#include "api/dashboard_collector.hpp"
#include "api/http_session.hpp"
#include "api/http_stream.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <string>

namespace ducat::api {

namespace asio = boost::asio;

namespace {

/// A browser comes back so soon after the node was away.
constexpr const char* come_back_soon = "retry: 1000\n\n";

} // namespace

/// Tells of everything first, and then of what has changed, at most ten times a second. A client
/// that does not take it in time is closed; one that is slow misses what was between.
asio::awaitable<std::optional<http_response>> http_session::dashboard(bool head_only) {
  if (link_->streams >= options_.streams_max)
    co_return too_many_streams();
  if (head_only) {
    http_response empty;
    empty.content_type = "text/event-stream";
    co_return empty;
  }
  const place_among_streams counted{link_->streams};
  asio::steady_timer pause{socket_.get_executor()};
  boost::system::error_code ignored;
  std::uint64_t seen = 0;
  auto quiet_since = std::chrono::steady_clock::now();
  std::string text = std::string{stream_header} + come_back_soon;
  while (!is_over()) {
    const auto now = std::chrono::steady_clock::now();
    collector_.tick(now);
    text += collector_.board().news(seen);
    if (text.empty() && now - quiet_since >= options_.heartbeat)
      text = heartbeat;
    if (!text.empty()) {
      const bool is_open = co_await write_out(text);
      if (!is_open)
        break;
      text.clear();
      quiet_since = now;
    }
    pause.expires_after(look_every);
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return std::nullopt;
}

} // namespace ducat::api
