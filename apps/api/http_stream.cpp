/// Streams of server-sent events on an HTTP connection.

#include "api/http_stream.hpp"

#include "api/event_source.hpp"
#include "api/http_answer.hpp"
#include "api/http_session.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <utility>

namespace ducat::api {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;

namespace {

/// An answer that is waited for on the io thread.
template <class Reply>
struct open_question {
  explicit open_question(const asio::any_io_executor& io) : answered{io} {}

  asio::steady_timer answered;
  std::optional<reply<Reply>> found;
};

template <class Reply, class Request>
asio::awaitable<reply<Reply>> ask_service(service& to, const std::shared_ptr<io_link>& link,
                                          const Request& request, call_context by,
                                          std::chrono::milliseconds time_max) {
  const auto io = co_await asio::this_coro::executor;
  const auto open = std::make_shared<open_question<Reply>>(io);
  open->answered.expires_after(2 * time_max);
  by.deadline = std::chrono::steady_clock::now() + time_max;
  to.call(request, by, [link, waiting = std::weak_ptr{open}](reply<Reply> outcome) {
    link->post([waiting, outcome = std::move(outcome)]() mutable {
      const auto still = waiting.lock();
      if (!still)
        return;
      still->found = std::move(outcome);
      still->answered.cancel();
    });
  });
  boost::system::error_code ignored;
  if (!open->found)
    co_await open->answered.async_wait(redirect_error(use_awaitable, ignored));
  if (!open->found)
    co_return tl::unexpected(unanswered());
  co_return std::move(*open->found);
}

/// Returns the next portion.
asio::awaitable<reply<std::string>> portion(service& to, const std::shared_ptr<io_link>& link,
                                            event_source& from, const call_context& by,
                                            std::chrono::milliseconds time_max) {
  if (from.is_timeline()) {
    const auto question = from.timeline_question();
    const auto found = co_await ask_service<v1::TimelineReply>(to, link, question, by, time_max);
    if (!found)
      co_return tl::unexpected(found.error());
    co_return from.take(*found);
  }
  const auto question = from.events_question();
  const auto found = co_await ask_service<v1::ListEventsReply>(to, link, question, by, time_max);
  if (!found)
    co_return tl::unexpected(found.error());
  co_return from.take(*found);
}

} // namespace

http_response too_many_streams() {
  return refuse(make_error(v1::Error::UNAVAILABLE, "too_many_streams",
                           "this node serves as many streams as it can"));
}

/// Serves the stream until either side ends it; or returns why there is none, to be sent.
asio::awaitable<std::optional<http_response>>
http_session::stream(stream_request what, call_context by, bool head_only) {
  if (link_->streams >= options_.streams_max)
    co_return too_many_streams();
  const place_among_streams counted{link_->streams};
  event_source from{std::move(what)};
  auto first = co_await portion(entrance_.to, link_, from, by, options_.answer_time_max);
  if (!first)
    co_return refuse(first.error());
  if (head_only) {
    http_response empty;
    empty.content_type = "text/event-stream";
    co_return empty;
  }
  // Whatever is awaited has a name: g++ 12 ends temporaries of an awaited expression twice.
  const std::string head = stream_header + *first + heartbeat;
  const bool is_open = co_await write_out(head);
  if (is_open)
    co_await follow(from, by);
  co_return std::nullopt;
}

/// A client that does not take a portion in time is closed: nothing is kept for it but that.
asio::awaitable<void> http_session::follow(event_source& from, const call_context& by) {
  asio::steady_timer pause{socket_.get_executor()};
  boost::system::error_code ignored;
  std::uint64_t known = entrance_.to.newest_event();
  bool is_first = true; // Something may have happened since the first portion.
  auto quiet_since = std::chrono::steady_clock::now();
  while (!is_over()) {
    const bool is_quiet = std::chrono::steady_clock::now() - quiet_since >= options_.heartbeat;
    const std::uint64_t newest = entrance_.to.newest_event();
    if (!is_first && !from.has_more() && newest == known && !is_quiet) {
      pause.expires_after(look_every);
      co_await pause.async_wait(redirect_error(use_awaitable, ignored));
      continue;
    }
    is_first = false;
    auto text = co_await portion(entrance_.to, link_, from, by, options_.answer_time_max);
    if (!text)
      break; // The client comes back with its last id, and is told why.
    known = newest;
    if (text->empty() && !is_quiet)
      continue;
    if (text->empty())
      *text = heartbeat;
    const bool is_open = co_await write_out(*text);
    if (!is_open)
      break;
    quiet_since = std::chrono::steady_clock::now();
  }
}

asio::awaitable<bool> http_session::write_out(const std::string& bytes) {
  limit_time(http_wait::taking);
  boost::system::error_code failure;
  co_await asio::async_write(socket_, asio::buffer(bytes), redirect_error(use_awaitable, failure));
  unlimit_time();
  co_return !failure;
}

} // namespace ducat::api
