/// Messages of ISO 8583 over a connection, in both directions.
#pragma once

#include "wire/byte_stream.hpp"
#include "wire/time_limit.hpp"

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/framer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ducat::wire {

struct connection_events {
  std::function<void()> opened; ///< Bytes can go through.
  std::function<void(const std::string& payload)> payload;
};

/// What a peer may ask of us. 0: there is no limit.
struct connection_limits {
  std::size_t unsent_bytes_max = 0;             ///< More, as it does not read: the end.
  std::size_t unanswered_max = 0;               ///< Of taken(); then nothing is read.
  std::chrono::milliseconds first_frame_max{0}; ///< To it, with the handshake; then the end.
  std::chrono::milliseconds silence_max{0};     ///< From one frame to the next.
};

/// For the thread that runs its executor. Kept alive by run() and by what is being written.
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(boost::asio::any_io_executor io, std::unique_ptr<byte_stream> stream,
             const iso8583::dialect& with, connection_limits limits = {})
      : io_{std::move(io)}, stream_{std::move(stream)}, cutter_{with}, limits_{limits} {}

  /// Opens it and reads until it ends or what comes is no frame.
  boost::asio::awaitable<void> run(connection_events events);

  /// A payload is to be answered; answered() is called when it is, or will never be.
  void taken() { ++unanswered_; }

  void answered();

  /// Sends a frame with its length header, behind those that wait already. Does nothing after
  /// close(). Ends the connection if more waits than may.
  void send(const std::string& frame);

  /// Ends it; what was not sent is lost.
  void close();

private:
  enum class given : std::uint8_t { all, some, broken }; ///< Of the frames that were read.

  given give_frames(const connection_events& to);
  void expect_frame_within(std::chrono::milliseconds most);
  bool is_full() const noexcept;
  boost::asio::awaitable<void> wait_for_answers();
  boost::asio::awaitable<void> watch();
  boost::asio::awaitable<void> write_all();

  boost::asio::any_io_executor io_;
  std::unique_ptr<byte_stream> stream_;
  iso8583::framer cutter_;
  const connection_limits limits_;
  boost::asio::steady_timer silence_{io_}; ///< Expires at frame_.at(), or before.
  boost::asio::steady_timer answer_{io_, boost::asio::steady_timer::time_point::max()};
  time_limit frame_; ///< Of the next one.
  std::size_t unanswered_ = 0;
  std::size_t unsent_bytes_ = 0; ///< Of waiting_, and of what is being written.
  std::string waiting_;          ///< To be written.
  bool is_writing_ = false;
  bool is_closed_ = false;
};

} // namespace ducat::wire
