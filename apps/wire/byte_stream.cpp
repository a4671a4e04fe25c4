#include "wire/byte_stream.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace ducat::wire {

namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

template <class Stream>
asio::awaitable<std::size_t> read_from(Stream& from, asio::mutable_buffer into,
                                       error_code& failure) {
  co_return co_await from.async_read_some(into, asio::redirect_error(asio::use_awaitable, failure));
}

template <class Stream>
asio::awaitable<error_code> write_to(Stream& to, const std::string& bytes) {
  error_code failure;
  co_await asio::async_write(to, asio::buffer(bytes),
                             asio::redirect_error(asio::use_awaitable, failure));
  co_return failure;
}

void end(tcp::socket& socket) {
  error_code ignored;
  socket.shutdown(tcp::socket::shutdown_both, ignored);
  socket.close(ignored);
}

class plain_stream final : public byte_stream {
public:
  explicit plain_stream(tcp::socket socket) : socket_{std::move(socket)} {}

  asio::awaitable<error_code> open() override { co_return error_code{}; }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into, error_code& failure) override {
    return read_from(socket_, into, failure);
  }

  asio::awaitable<error_code> write(const std::string& bytes) override {
    return write_to(socket_, bytes);
  }

  void close() override { end(socket_); }

private:
  tcp::socket socket_;
};

class secured_stream final : public byte_stream {
public:
  secured_stream(tcp::socket socket, std::shared_ptr<ssl::context> tls, tls_side side,
                 const std::string& peer_name)
      : tls_{std::move(tls)}, stream_{std::move(socket), *tls_}, side_{side} {
    if (!peer_name.empty())
      stream_.set_verify_callback(ssl::host_name_verification(peer_name));
  }

  asio::awaitable<error_code> open() override {
    error_code failure;
    const auto as = side_ == tls_side::server ? ssl::stream_base::server : ssl::stream_base::client;
    co_await stream_.async_handshake(as, asio::redirect_error(asio::use_awaitable, failure));
    co_return failure;
  }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into, error_code& failure) override {
    return read_from(stream_, into, failure);
  }

  asio::awaitable<error_code> write(const std::string& bytes) override {
    return write_to(stream_, bytes);
  }

  void close() override { end(stream_.next_layer()); }

private:
  std::shared_ptr<ssl::context> tls_;
  ssl::stream<tcp::socket> stream_;
  tls_side side_;
};

tl::unexpected<error> unusable(const std::filesystem::path& file, const error_code& why) {
  return fail(errc::invalid_argument, file.string() + ": " + why.message());
}

} // namespace

result<std::shared_ptr<ssl::context>> make_tls(tls_side side, const tls_files& files) {
  auto made = std::make_shared<ssl::context>(side == tls_side::server ? ssl::context::tls_server
                                                                      : ssl::context::tls_client);
  made->set_options(ssl::context::default_workarounds);
  SSL_CTX_set_min_proto_version(made->native_handle(),
                                files.allows_tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION);
  error_code failure;
  if (!files.certificate.empty()) {
    made->use_certificate_chain_file(files.certificate.string(), failure);
    if (failure)
      return unusable(files.certificate, failure);
    made->use_private_key_file(files.key.string(), ssl::context::pem, failure);
    if (failure)
      return unusable(files.key, failure);
  }
  if (!files.ca.empty()) {
    made->load_verify_file(files.ca.string(), failure);
    if (failure)
      return unusable(files.ca, failure);
  }
  if (files.is_optional)
    made->set_verify_mode(ssl::verify_peer);
  else if (side == tls_side::client || !files.ca.empty())
    made->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  return made;
}

std::unique_ptr<byte_stream> make_plain(tcp::socket socket) {
  return std::make_unique<plain_stream>(std::move(socket));
}

std::unique_ptr<byte_stream> make_secured(tcp::socket socket, std::shared_ptr<ssl::context> tls,
                                          tls_side side, const std::string& peer_name) {
  return std::make_unique<secured_stream>(std::move(socket), std::move(tls), side, peer_name);
}

} // namespace ducat::wire
