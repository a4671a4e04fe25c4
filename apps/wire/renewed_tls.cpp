#include "wire/renewed_tls.hpp"

#include <spdlog/spdlog.h>

namespace ducat::wire {

namespace {

constexpr std::chrono::seconds between_looks_at_files{1};

} // namespace

result<renewed_tls> renewed_tls::load(tls_files files) {
  renewed_tls made{std::move(files)};
  if (auto good = made.renew(); !good)
    return tl::unexpected(good.error());
  return made;
}

std::shared_ptr<boost::asio::ssl::context> renewed_tls::at(time_point now) {
  if (now - looked_at_ < between_looks_at_files)
    return current_;
  looked_at_ = now;
  if (times_of_files() != loaded_)
    if (const auto good = renew(); !good)
      spdlog::warn("tls_files_unusable why=\"{}\"", good.error().message);
  return current_;
}

/// A session that is taken up again would not be verified again.
result<void> renewed_tls::renew() {
  loaded_ = times_of_files();
  auto made = make_tls(tls_side::server, files_);
  if (!made)
    return tl::unexpected(made.error());
  SSL_CTX_set_session_cache_mode((*made)->native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets((*made)->native_handle(), 0);
  SSL_CTX_set_options((*made)->native_handle(), SSL_OP_NO_TICKET);
  current_ = std::move(*made);
  return {};
}

renewed_tls::times renewed_tls::times_of_files() const {
  times found{};
  std::error_code ignored;
  found[0] = std::filesystem::last_write_time(files_.certificate, ignored);
  found[1] = std::filesystem::last_write_time(files_.key, ignored);
  found[2] = std::filesystem::last_write_time(files_.ca, ignored);
  return found;
}

} // namespace ducat::wire
