/// One POST to an endpoint.
#pragma once

#include "webhook/delivery_core.hpp"

#include <ducat/error.hpp>
#include <ducat/payment/webhook_url.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ducat::webhook {

struct post_request {
  payment::webhook_url url;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body;
  std::string content_type = "application/json";
};

struct post_options {
  std::chrono::milliseconds timeout{10'000}; ///< Of all of it.
  bool allow_private = false;                ///< Plain HTTP, and addresses that are not public.
  std::shared_ptr<boost::asio::ssl::context> tls; ///< Verifies peers.
};

/// Returns a context that verifies peers by the system's authorities and those in `ca`, if it is
/// not empty. TLS is 1.3 unless 1.2 is allowed. Errors: invalid_argument (`ca` cannot be read).
result<std::shared_ptr<boost::asio::ssl::context>> client_tls(const std::filesystem::path& ca,
                                                              bool allows_tls_1_2);

/// The same; throws std::runtime_error.
std::shared_ptr<boost::asio::ssl::context> client_tls_or_throw(const std::filesystem::path& ca,
                                                               bool allows_tls_1_2);

/// Posts in another way than over HTTP: for simulations.
class poster {
public:
  poster() = default;
  poster(const poster&) = delete;
  poster& operator=(const poster&) = delete;
  virtual ~poster() = default;

  /// As post() below, on whatever thread.
  virtual void post(post_request what, std::function<void(attempt_answer)> tell) = 0;
};

/// Posts and tells what became of it, once, on the thread of `io`. The host is resolved once, and
/// connected to is the address that was checked. Redirects are not followed: they are answers.
/// Of the answer only the status and Retry-After are read.
void post(boost::asio::io_context& io, post_request what, const post_options& options,
          std::function<void(attempt_answer)> tell);

} // namespace ducat::webhook
