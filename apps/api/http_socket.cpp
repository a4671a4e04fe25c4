#include "api/http_socket.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/pem.h>

#include <string>

namespace ducat::api {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

namespace {

std::string pem_of(X509& certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), &BIO_free};
  PEM_write_bio_X509(out.get(), &certificate);
  const char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

} // namespace

http_socket::http_socket(plain socket, std::shared_ptr<ssl::context> tls)
    : tls_{std::move(tls)},
      stream_{tls_ != nullptr
                  ? decltype(stream_){std::in_place_type<secured>, std::move(socket), *tls_}
                  : decltype(stream_){std::move(socket)}} {}

asio::awaitable<boost::system::error_code> http_socket::open() {
  error_code failure;
  if (auto* const stream = std::get_if<secured>(&stream_))
    co_await stream->async_handshake(ssl::stream_base::server,
                                     asio::redirect_error(asio::use_awaitable, failure));
  co_return failure;
}

std::optional<security::certificate_info> http_socket::peer() const {
  const auto* const stream = std::get_if<secured>(&stream_);
  if (stream == nullptr)
    return std::nullopt;
  SSL* const connection = const_cast<secured*>(stream)->native_handle();
  const std::unique_ptr<X509, decltype(&X509_free)> shown{SSL_get1_peer_certificate(connection),
                                                          &X509_free};
  if (shown == nullptr)
    return std::nullopt;
  auto info = security::certificate_in(pem_of(*shown));
  return info ? std::optional{std::move(*info)} : std::nullopt;
}

void http_socket::cancel() {
  error_code ignored;
  lowest().cancel(ignored);
}

/// A client that has not answered the end of TLS, since it is still sending, say, is no failure.
asio::awaitable<boost::system::error_code> http_socket::end_sending() {
  error_code failure;
  if (auto* const stream = std::get_if<secured>(&stream_))
    co_await stream->async_shutdown(asio::redirect_error(asio::use_awaitable, failure));
  lowest().shutdown(plain::shutdown_send, failure);
  co_return failure;
}

asio::ip::tcp::socket& http_socket::lowest() {
  auto* const stream = std::get_if<secured>(&stream_);
  return stream != nullptr ? stream->next_layer() : std::get<plain>(stream_);
}

} // namespace ducat::api
