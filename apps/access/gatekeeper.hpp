/// Who is let in: from what a call shows to who makes it, and whether they may.
#pragma once

#include "access/denial_notes.hpp"
#include "access/principal.hpp"
#include "access/rate_limit.hpp"

#include <ducat/certificates.hpp>
#include <ducat/error.hpp>
#include <ducat/token.hpp>

#include <tl/expected.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::access {

/// What a call shows.
struct shown {
  std::optional<security::identity> certificate{}; ///< TLS has verified it.
  std::string authorization{};                     ///< The header; empty if absent.
};

/// Why nobody is let in.
struct denial {
  enum class kind : std::uint8_t {
    unauthenticated, ///< Nobody knows who it is.
    not_allowed,     ///< This role may not ask for that.
    too_often,
  };

  kind why = kind::unauthenticated;
  std::string message{};
  std::optional<principal> who{}; ///< If that is known.
};

/// What belongs into the audit: that somebody who is known asked for what they may not, or that
/// keys came and went.
struct noticed {
  std::optional<principal> who{}; ///< Nothing: the node itself.
  std::string action{};
  std::string target{};
  std::string outcome{};
  std::string detail{};
};

struct gatekeeper_options {
  std::string cluster{};              ///< That certificates and tokens have to be of.
  std::filesystem::path token_keys{}; ///< A directory, see token_keys; empty: no token is good.
  rate_limits limits{};
  bool dual_control = true; ///< Whether a second person has to approve what needs two.
  std::function<security::calendar_time()> now{}; ///< Default: the clock of the machine.
};

/// Thread-safety: any thread.
class gatekeeper {
public:
  /// Returns one that asks who calls. Errors: those of token_keys::load().
  static result<std::unique_ptr<gatekeeper>> start(gatekeeper_options options);

  /// Asks who calls; `keys` are those in options.token_keys.
  gatekeeper(gatekeeper_options options, security::token_keys keys);

  /// Returns who makes the call, if they may ask for `request`, the name of a message of ducat.v1.
  /// A token that is shown counts, and otherwise the certificate. Keys that have come or gone since
  /// are noticed within a second. Who is not let in is logged: `access_denied`, ten times a second
  /// at most, with how many were left out before.
  tl::expected<principal, denial> admit(const shown& what, std::string_view request);

  /// Has `witness` told of what belongs into the audit from now on: of those who ask for what they
  /// may not as denial_notes say. It is called by the thread that calls admit(), and must not wait.
  void report_to(std::function<void(const noticed&)> witness);

  /// Returns who it is, whatever they may ask for; denial::unauthenticated if nobody knows. That is
  /// logged in the same way.
  tl::expected<principal, denial> know(const shown& what);

private:
  tl::expected<principal, denial> check(const shown& what, std::string_view request);
  void tell(const denial& denied, const shown& what, std::string_view request);
  void report(const noticed& what);
  void report_denied(const denial& denied, std::string_view request);
  tl::expected<principal, denial> identify(const shown& what);
  tl::expected<principal, denial> identify_by_token(std::string_view header);
  security::calendar_time now() const;
  security::token_keys current_keys();

  const gatekeeper_options options_;
  std::mutex mutex_; // Of what follows.
  security::token_keys keys_;
  time_point looked_at_;
  rate_limit limit_;
  rate_limit telling_{{.per_second = 10, .burst = 10}};
  std::uint64_t untold_ = 0; // Since the last one that was logged.
  std::function<void(const noticed&)> witness_;
  denial_notes notes_;
};

} // namespace ducat::access
