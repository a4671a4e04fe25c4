#include "device/link_socket.hpp"

#include "device/tls_client.hpp"

#include <ducat/iso8583/framer.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <deque>
#include <type_traits>
#include <utility>

namespace ducat::device {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using tls_stream = asio::ssl::stream<tcp::socket>;

namespace {

/// The address, and what both kinds of connection need.
struct session_target {
  std::string host;
  std::string port;
  std::string server_name;
  iso8583::dialect dialect;
  std::function<void(socket_news)> tell;
};

/// Everything runs on the io thread. `Stream` is a TCP socket, or TLS over one.
template <class Stream>
class session final : public std::enable_shared_from_this<session<Stream>> {
public:
  session(asio::io_context& io, std::shared_ptr<asio::ssl::context> tls, session_target target)
      : tls_{std::move(tls)}, target_{std::move(target)}, resolver_{io}, stream_{make_stream(io)},
        framer_{target_.dialect} {}

  /// Connects and reads until the end. What is pending keeps the session.
  void run() {
    resolver_.async_resolve(
        target_.host, target_.port,
        [self = self()](const error_code& failed, const tcp::resolver::results_type& where) {
          self->on_resolved(failed, where);
        });
  }

  void write(std::string bytes) {
    if (has_ended_)
      return;
    queue_.push_back(std::move(bytes));
    if (queue_.size() == 1)
      write_first();
  }

  void close() {
    has_ended_ = true;
    error_code ignored;
    resolver_.cancel();
    stream_.lowest_layer().close(ignored);
  }

  asio::any_io_executor executor() { return resolver_.get_executor(); }

private:
  static constexpr bool is_tls = std::is_same_v<Stream, tls_stream>;

  Stream make_stream(asio::io_context& io) {
    if constexpr (is_tls)
      return Stream{io, *tls_};
    else
      return Stream{io};
  }

  std::shared_ptr<session> self() { return this->shared_from_this(); }

  void on_resolved(const error_code& failed, const tcp::resolver::results_type& where) {
    if (failed || has_ended_)
      return end("the host has no address: " + failed.message());
    asio::async_connect(stream_.lowest_layer(), where,
                        [self = self()](const error_code& refused, const tcp::endpoint&) {
                          self->on_connected(refused);
                        });
  }

  void on_connected(const error_code& failed) {
    if (failed || has_ended_)
      return end("not connected: " + failed.message());
    error_code ignored;
    stream_.lowest_layer().set_option(tcp::no_delay{true}, ignored);
    if constexpr (is_tls)
      shake_hands();
    else
      begin();
  }

  void shake_hands() {
    if (const auto expected = expect_host(stream_, target_.server_name); !expected)
      return end(expected.error().message);
    stream_.async_handshake(
        asio::ssl::stream_base::client,
        [self = self()](const error_code& failed) { self->on_shaken_hands(failed); });
  }

  void on_shaken_hands(const error_code& failed) {
    if (!failed && !has_ended_)
      return begin();
    const std::string refusal = refusal_of_certificate(stream_);
    end("no TLS: " + (refusal.empty() ? failed.message() : refusal));
  }

  void begin() {
    target_.tell(socket_connected{});
    read();
  }

  void read() {
    stream_.async_read_some(asio::buffer(buffer_),
                            [self = self()](const error_code& failed, std::size_t size) {
                              self->on_read(failed, size);
                            });
  }

  void on_read(const error_code& failed, std::size_t size) {
    if (failed || has_ended_)
      return end(framer_.pending() > 0 ? "ended within a message" : failed.message());
    framer_.feed({buffer_.data(), size});
    if (take_frames())
      read();
  }

  /// Returns whether more can be read.
  bool take_frames() {
    for (;;) {
      auto frame = framer_.next();
      if (!frame) {
        end(socket_unreadable{to_string(frame.error())});
        return false;
      }
      if (!*frame)
        return true;
      if (!(*frame)->empty())
        target_.tell(socket_frame{std::move(**frame)});
    }
  }

  void write_first() {
    asio::async_write(
        stream_, asio::buffer(queue_.front()),
        [self = self()](const error_code& failed, std::size_t) { self->on_written(failed); });
  }

  void on_written(const error_code& failed) {
    if (failed)
      return end("not written: " + failed.message());
    queue_.pop_front();
    if (!queue_.empty() && !has_ended_)
      write_first();
  }

  void end(std::string why) { end(socket_ended{std::move(why)}); }

  /// Tells the last news, unless it was closed.
  void end(socket_news last) {
    if (has_ended_)
      return;
    close();
    target_.tell(std::move(last));
  }

  std::shared_ptr<asio::ssl::context> tls_; // Null without TLS.
  session_target target_;
  tcp::resolver resolver_;
  Stream stream_;
  iso8583::framer framer_;
  std::array<char, 16'384> buffer_{};
  std::deque<std::string> queue_; // The first one is being written.
  bool has_ended_ = false;
};

/// The way from any thread to a session, which it starts.
template <class Stream>
class posting_socket final : public link_socket {
public:
  explicit posting_socket(std::shared_ptr<session<Stream>> to) : to_{std::move(to)} {
    asio::post(to_->executor(), [to = to_] { to->run(); });
  }

  ~posting_socket() override { post_close(); }

  void write(std::string bytes) override {
    asio::post(to_->executor(),
               [to = to_, bytes = std::move(bytes)]() mutable { to->write(std::move(bytes)); });
  }

  void close() override { post_close(); }

private:
  void post_close() {
    asio::post(to_->executor(), [to = to_] { to->close(); });
  }

  std::shared_ptr<session<Stream>> to_;
};

/// A connection that there cannot be.
class no_socket final : public link_socket {
public:
  void write(std::string) override {}

  void close() override {}
};

template <class Stream>
std::shared_ptr<link_socket> start(io_thread& io, std::shared_ptr<asio::ssl::context> tls,
                                   session_target target) {
  return std::make_shared<posting_socket<Stream>>(
      std::make_shared<session<Stream>>(io.context(), std::move(tls), std::move(target)));
}

} // namespace

std::shared_ptr<link_socket> open_socket(io_thread& io, const link_config& config,
                                         std::function<void(socket_news)> tell) {
  session_target target{.host = config.host,
                        .port = std::to_string(config.port),
                        .server_name =
                            config.tls.server_name.empty() ? config.host : config.tls.server_name,
                        .dialect = config.dialect,
                        .tell = std::move(tell)};
  if (config.plain)
    return start<tcp::socket>(io, nullptr, std::move(target));
  auto context = tls_context(config.tls);
  if (context)
    return start<tls_stream>(io, std::move(*context), std::move(target));
  asio::post(io.context(), [tell = std::move(target.tell), why = context.error().message] {
    tell(socket_ended{why});
  });
  return std::make_shared<no_socket>();
}

} // namespace ducat::device
