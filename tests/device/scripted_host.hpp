/// A host of an acquirer on the loopback, which does what the test tells it, step by step.
#pragma once

#include "device/link_text.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/framer.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace ducat::device::test {

/// What is waited for comes much sooner; on a busy machine not at once.
constexpr std::chrono::seconds patience{30};

inline const iso8583::dialect& test_dialect() {
  return *iso8583::find_dialect("ascii87");
}

struct host_tls {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path client_ca{}; ///< If links have to show a certificate.
  bool only_tls_1_2 = false;
};

/// Takes one connection at a time. Every step waits for as long as `patience`, then throws.
class scripted_host {
public:
  enum class mode : std::uint8_t { listens, refuses };

  explicit scripted_host(mode how = mode::listens) {
    acceptor_.open(boost::asio::ip::tcp::v4());
    acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
    if (how == mode::listens)
      acceptor_.listen();
  }

  explicit scripted_host(const host_tls& files) : scripted_host{} {
    namespace ssl = boost::asio::ssl;
    tls_ = std::make_unique<ssl::context>(ssl::context::tls_server);
    tls_->use_certificate_chain_file(files.certificate.string());
    tls_->use_private_key_file(files.key.string(), ssl::context::pem);
    if (files.only_tls_1_2)
      SSL_CTX_set_max_proto_version(tls_->native_handle(), TLS1_2_VERSION);
    if (files.client_ca.empty())
      return;
    tls_->load_verify_file(files.client_ca.string());
    tls_->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  /// From now on connections are taken.
  void listen() { acceptor_.listen(); }

  /// Takes the next connection; returns whether there is TLS, if there has to be.
  bool accept() {
    framer_ = iso8583::framer{test_dialect()};
    plain_ = std::make_unique<boost::asio::ip::tcp::socket>(io_);
    await([&](auto done) { acceptor_.async_accept(*plain_, done); });
    if (!tls_)
      return true;
    secure_ = std::make_unique<tls_stream>(std::move(*plain_), *tls_);
    return !await(
        [&](auto done) { secure_->async_handshake(boost::asio::ssl::stream_base::server, done); });
  }

  /// Returns the next message; nothing if the link has ended the connection.
  std::optional<iso8583::message> read() {
    for (;;) {
      if (const auto frame = framer_.next().value())
        return iso8583::decode(test_dialect(), *frame).value();
      std::size_t size = 0;
      const auto failed = await([&](auto done) {
        on_stream([&](auto& stream) {
          stream.async_read_some(boost::asio::buffer(buffer_), [&size, done](auto ec, auto count) {
            size = count;
            done(ec);
          });
        });
      });
      if (failed)
        return std::nullopt;
      framer_.feed({buffer_.data(), size});
    }
  }

  void write(const iso8583::message& what) {
    write_bytes(iso8583::encode_frame(test_dialect(), what).value());
  }

  void write_bytes(const std::string& bytes) {
    await([&](auto done) {
      on_stream([&](auto& stream) {
        boost::asio::async_write(stream, boost::asio::buffer(bytes),
                                 [done](auto ec, auto) { done(ec); });
      });
    });
  }

  /// Reads one message and answers it; returns what it was.
  iso8583::message answer_next(const std::string& code = "00") {
    const auto request = read().value();
    write(answer_to(request, code));
    return request;
  }

  /// Takes a connection and its sign-on.
  void let_sign_on() {
    if (!accept() || answer_next().find(70) != "001")
      throw std::runtime_error("no sign-on");
  }

  /// Ends the connection.
  void drop() {
    secure_.reset();
    plain_.reset();
  }

private:
  using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

  template <class Step>
  void on_stream(Step step) {
    if (secure_)
      step(*secure_);
    else
      step(*plain_);
  }

  template <class Step>
  boost::system::error_code await(Step step) {
    std::optional<boost::system::error_code> result;
    step([&result](boost::system::error_code failed) { result = failed; });
    io_.restart();
    io_.run_for(patience);
    if (!result)
      throw std::runtime_error("the link did nothing");
    return *result;
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_};
  std::unique_ptr<boost::asio::ssl::context> tls_;
  std::unique_ptr<boost::asio::ip::tcp::socket> plain_;
  std::unique_ptr<tls_stream> secure_;
  iso8583::framer framer_{test_dialect()};
  std::array<char, 4'096> buffer_{};
};

} // namespace ducat::device::test
