/// One connection to a host: bytes in, frames out.
#pragma once

#include "device/io_thread.hpp"

#include <ducat/device/link.hpp>
#include <ducat/iso8583/dialect.hpp>

#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace ducat::device {

/// The connection is made, and the host is who it should be.
struct socket_connected {};

/// The payload of a frame, never empty.
struct socket_frame {
  std::string payload;
};

/// What comes is no frame, and the connection has ended.
struct socket_unreadable {
  std::string why;
};

/// The connection could not be made, or has ended.
struct socket_ended {
  std::string why;
};

/// After the last two there is nothing more.
using socket_news = std::variant<socket_connected, socket_frame, socket_unreadable, socket_ended>;

/// Safe from any thread. Is closed when nobody has it any more.
class link_socket {
public:
  link_socket() = default;
  link_socket(const link_socket&) = delete;
  link_socket& operator=(const link_socket&) = delete;
  virtual ~link_socket() = default;

  /// Writes after what was written before. Whether it arrives nobody knows.
  virtual void write(std::string bytes) = 0;

  /// Ends the connection; there is no news of that.
  virtual void close() = 0;
};

/// Makes connections in another way than over TCP: for simulations. `tell` may be called from
/// whatever thread, also before open() returns.
class link_dialer {
public:
  link_dialer() = default;
  link_dialer(const link_dialer&) = delete;
  link_dialer& operator=(const link_dialer&) = delete;
  virtual ~link_dialer() = default;

  virtual std::shared_ptr<link_socket> open(const link_config& config,
                                            std::function<void(socket_news)> tell) = 0;
};

/// Begins to connect. `tell` is called on the io thread. Errors in `config` are news.
std::shared_ptr<link_socket> open_socket(io_thread& io, const link_config& config,
                                         std::function<void(socket_news)> tell);

} // namespace ducat::device
