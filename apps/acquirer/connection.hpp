/// Messages of ISO 8583 over a connection, in both directions.
#pragma once

#include "byte_stream.hpp"

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/framer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>

namespace ducat::acquirer {

struct connection_events {
  std::function<void()> opened; ///< Bytes can go through.
  std::function<void(const std::string& payload)> payload;
};

/// For the thread that runs its executor. Kept alive by run() and by what is being written.
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(boost::asio::any_io_executor io, std::unique_ptr<byte_stream> stream,
             const iso8583::dialect& with)
      : io_{std::move(io)}, stream_{std::move(stream)}, cutter_{with} {}

  /// Opens it and reads until it ends or what comes is no frame.
  boost::asio::awaitable<void> run(connection_events events);

  /// Sends a frame with its length header, behind those that wait already. Does nothing after
  /// close().
  void send(const std::string& frame);

  /// Ends it; what was not sent is lost.
  void close();

private:
  bool give_frames(const connection_events& to);
  boost::asio::awaitable<void> write_all();

  boost::asio::any_io_executor io_;
  std::unique_ptr<byte_stream> stream_;
  iso8583::framer cutter_;
  std::string waiting_; ///< To be written.
  bool is_writing_ = false;
  bool is_closed_ = false;
};

} // namespace ducat::acquirer
