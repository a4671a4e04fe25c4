#include "wire/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <utility>

namespace ducat::wire {

namespace asio = boost::asio;
using boost::system::error_code;

asio::awaitable<void> connection::run(connection_events events) {
  const auto self = shared_from_this();
  expect_frame_within(limits_.first_frame_max);
  if (limits_.first_frame_max.count() != 0 || limits_.silence_max.count() != 0)
    asio::co_spawn(io_, watch(), asio::detached);
  error_code failure = co_await stream_->open();
  if (!failure && !is_closed_)
    events.opened();
  std::array<char, 16 * 1024> bytes{};
  while (!failure && !is_closed_) {
    const std::size_t size = co_await stream_->read_some(asio::buffer(bytes), failure);
    cutter_.feed({bytes.data(), size});
    given how = give_frames(events);
    for (; how == given::some; how = give_frames(events))
      co_await wait_for_answers();
    if (how == given::broken)
      break;
  }
  close();
}

connection::given connection::give_frames(const connection_events& to) {
  while (!is_closed_) {
    if (is_full())
      return given::some;
    const auto next = cutter_.next();
    if (!next)
      return given::broken;
    if (!*next)
      return given::all;
    expect_frame_within(limits_.silence_max);
    to.payload(**next);
  }
  return given::broken;
}

bool connection::is_full() const noexcept {
  return limits_.unanswered_max != 0 && unanswered_ >= limits_.unanswered_max;
}

asio::awaitable<void> connection::wait_for_answers() {
  error_code cancelled;
  while (is_full() && !is_closed_)
    co_await answer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

void connection::answered() {
  --unanswered_;
  answer_.cancel();
}

void connection::expect_frame_within(std::chrono::milliseconds most) {
  if (most.count() == 0)
    frame_.end();
  else
    frame_.begin(std::chrono::steady_clock::now(), most);
  if (frame_.at() < silence_.expiry())
    silence_.cancel();
}

/// Ends the connection when a frame is late. With each frame that time moves on: the timer is set
/// anew only when it has expired.
asio::awaitable<void> connection::watch() {
  const auto self = shared_from_this();
  while (!is_closed_ && !frame_.is_over(std::chrono::steady_clock::now())) {
    silence_.expires_at(frame_.at());
    error_code cancelled;
    co_await silence_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  close();
}

void connection::send(const std::string& frame) {
  if (is_closed_)
    return;
  waiting_ += frame;
  unsent_bytes_ += frame.size();
  if (limits_.unsent_bytes_max != 0 && unsent_bytes_ > limits_.unsent_bytes_max)
    return close();
  if (!std::exchange(is_writing_, true))
    asio::co_spawn(io_, write_all(), asio::detached);
}

asio::awaitable<void> connection::write_all() {
  const auto self = shared_from_this();
  error_code failure;
  while (!waiting_.empty() && !failure && !is_closed_) {
    const std::string bytes = std::exchange(waiting_, {});
    failure = co_await stream_->write(bytes);
    unsent_bytes_ -= bytes.size();
  }
  is_writing_ = false;
  if (failure)
    close();
}

void connection::close() {
  if (std::exchange(is_closed_, true))
    return;
  stream_->close();
  silence_.cancel();
  answer_.cancel();
}

} // namespace ducat::wire
