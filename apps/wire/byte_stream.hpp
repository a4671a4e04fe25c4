/// A TCP connection, in the clear or with TLS.
#pragma once

#include <ducat/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace ducat::wire {

/// For the thread that runs its io_context.
class byte_stream {
public:
  virtual ~byte_stream() = default;

  /// Returns when bytes can go through, which with TLS is after the handshake.
  virtual boost::asio::awaitable<boost::system::error_code> open() = 0;

  /// Returns how many bytes were read; none with `failure`.
  virtual boost::asio::awaitable<std::size_t> read_some(boost::asio::mutable_buffer into,
                                                        boost::system::error_code& failure) = 0;

  /// Writes all of `bytes`, which must stay until it returns.
  virtual boost::asio::awaitable<boost::system::error_code> write(const std::string& bytes) = 0;

  /// Ends it at once; what waits on it returns.
  virtual void close() = 0;
};

enum class tls_side : std::uint8_t { server, client };

struct tls_files {
  std::filesystem::path certificate{}; ///< PEM, with its chain; empty: shows none.
  std::filesystem::path key{};         ///< PEM.
  std::filesystem::path ca{};          ///< PEM. A server asks clients for a certificate of it;
                                       ///< empty: no one.
  bool is_optional = false;            ///< A server takes clients without one, too.
  bool allows_tls_1_2 = false;         ///< Otherwise TLS is 1.3.
};

/// Returns the settings of TLS. A client trusts only `ca`. Errors: invalid_argument (a
/// file that cannot be read, or that is no certificate or key).
result<std::shared_ptr<boost::asio::ssl::context>> make_tls(tls_side side, const tls_files& files);

std::unique_ptr<byte_stream> make_plain(boost::asio::ip::tcp::socket socket);

/// `tls` outlives it by being shared. A client checks that the peer's certificate is for
/// `peer_name`, unless that is empty.
std::unique_ptr<byte_stream> make_secured(boost::asio::ip::tcp::socket socket,
                                          std::shared_ptr<boost::asio::ssl::context> tls,
                                          tls_side side, const std::string& peer_name = "");

} // namespace ducat::wire
