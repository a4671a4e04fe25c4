#include "connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <array>
#include <utility>

namespace ducat::acquirer {

namespace asio = boost::asio;
using boost::system::error_code;

asio::awaitable<void> connection::run(connection_events events) {
  const auto self = shared_from_this();
  error_code failure = co_await stream_->open();
  if (!failure && !is_closed_)
    events.opened();
  std::array<char, 16 * 1024> bytes{};
  while (!failure && !is_closed_) {
    const std::size_t size = co_await stream_->read_some(asio::buffer(bytes), failure);
    cutter_.feed({bytes.data(), size});
    if (!give_frames(events))
      break;
  }
  close();
}

/// Returns whether more can be read.
bool connection::give_frames(const connection_events& to) {
  while (!is_closed_) {
    const auto next = cutter_.next();
    if (!next)
      return false;
    if (!*next)
      return true;
    to.payload(**next);
  }
  return false;
}

void connection::send(const std::string& frame) {
  if (is_closed_)
    return;
  waiting_ += frame;
  if (!std::exchange(is_writing_, true))
    asio::co_spawn(io_, write_all(), asio::detached);
}

asio::awaitable<void> connection::write_all() {
  const auto self = shared_from_this();
  error_code failure;
  while (!waiting_.empty() && !failure && !is_closed_) {
    const std::string bytes = std::exchange(waiting_, {});
    failure = co_await stream_->write(bytes);
  }
  is_writing_ = false;
  if (failure)
    close();
}

void connection::close() {
  if (!std::exchange(is_closed_, true))
    stream_->close();
}

} // namespace ducat::acquirer
