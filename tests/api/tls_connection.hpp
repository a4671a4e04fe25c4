/// A TLS connection to a port of this machine, for bytes that no client library would send.
#pragma once

#include "api/raw_connection.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ducat::testing {

/// What a client shows, and asks to speak.
struct tls_papers {
  std::string certificate{}; ///< A file; empty: none is shown.
  std::string key{};
  std::string protocol{}; ///< By ALPN; empty: none is named.
  int version_max = 0;    ///< As TLS1_2_VERSION; 0: the newest.
};

/// The server's certificate is not verified: it is the bytes behind it that matter.
class tls_connection {
public:
  /// Throws if there is no TLS.
  explicit tls_connection(int port, const tls_papers& shown = {})
      : raw_{port}, settings_{SSL_CTX_new(TLS_client_method()), &SSL_CTX_free} {
    if (!shown.certificate.empty()) {
      SSL_CTX_use_certificate_chain_file(settings_.get(), shown.certificate.c_str());
      SSL_CTX_use_PrivateKey_file(settings_.get(), shown.key.c_str(), SSL_FILETYPE_PEM);
    }
    SSL_CTX_set_max_proto_version(settings_.get(), shown.version_max);
    tls_.reset(SSL_new(settings_.get()));
    const std::string protocols = static_cast<char>(shown.protocol.size()) + shown.protocol;
    if (!shown.protocol.empty())
      SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                          static_cast<unsigned>(protocols.size()));
    SSL_set_bio(tls_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem())); // It owns them.
    SSL_set_connect_state(tls_.get());
    shake_hands();
  }

  /// Sends as much of `bytes` as the peer takes.
  void send(std::string_view bytes) {
    constexpr std::size_t record = 16 << 10;
    for (std::size_t at = 0; at < bytes.size(); at += record) {
      const std::string_view part = bytes.substr(at, record);
      SSL_write(tls_.get(), part.data(), static_cast<int>(part.size()));
      flush();
    }
  }

  /// Tells the peer that no more will come.
  void end() {
    SSL_shutdown(tls_.get());
    flush();
    raw_.end();
  }

  /// Returns what comes next; "" at the end of the connection.
  std::string receive() {
    char bytes[16 << 10];
    for (;;) {
      const int size = SSL_read(tls_.get(), bytes, sizeof(bytes));
      if (size > 0)
        return {bytes, static_cast<std::size_t>(size)};
      if (SSL_get_error(tls_.get(), size) != SSL_ERROR_WANT_READ || !fetch())
        return "";
    }
  }

  /// Returns all that comes until the peer ends its side.
  std::string receive_all() {
    std::string all;
    for (std::string next = receive(); !next.empty(); next = receive())
      all += next;
    return all;
  }

  /// Returns whether the last receive() ended without the peer's doing.
  bool has_timed_out() const noexcept { return raw_.has_timed_out(); }

private:
  void shake_hands() {
    for (;;) {
      const int done = SSL_do_handshake(tls_.get());
      flush();
      if (done == 1)
        return;
      if (SSL_get_error(tls_.get(), done) != SSL_ERROR_WANT_READ || !fetch())
        throw std::runtime_error("this is no TLS");
    }
  }

  /// Sends what TLS has made.
  void flush() {
    char bytes[16 << 10];
    for (int size = 1; size > 0;) {
      size = BIO_read(SSL_get_wbio(tls_.get()), bytes, sizeof(bytes));
      if (size > 0)
        raw_.send({bytes, static_cast<std::size_t>(size)});
    }
  }

  /// Gives TLS what comes next; returns false at the end.
  bool fetch() {
    const std::string bytes = raw_.receive();
    BIO_write(SSL_get_rbio(tls_.get()), bytes.data(), static_cast<int>(bytes.size()));
    return !bytes.empty();
  }

  raw_connection raw_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> settings_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, &SSL_free};
};

} // namespace ducat::testing
