#include "access/gatekeeper.hpp"

#include "access/role_table.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace ducat::access {

namespace {

constexpr std::chrono::seconds between_looks{1};

tl::unexpected<denial> deny(denial::kind why, std::string message) {
  return tl::unexpected<denial>(denial{.why = why, .message = std::move(message)});
}

/// Returns the token in an Authorization header: the scheme's name in any case, then one space.
std::optional<std::string_view> bearer_in(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  const auto lower = [](char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (header.size() <= scheme.size() ||
      !std::ranges::equal(header.substr(0, scheme.size()), scheme, {}, lower))
    return std::nullopt;
  return header.substr(scheme.size());
}

/// Returns what is in `all` and not in `others`, with commas; both are in order.
std::string rest_of(const std::vector<std::string>& all, const std::vector<std::string>& others) {
  std::string text;
  for (const std::string& each : all)
    if (!std::ranges::binary_search(others, each))
      text += (text.empty() ? "" : ",") + each;
  return text.empty() ? "none" : text;
}

} // namespace

gatekeeper::gatekeeper(gatekeeper_options options, security::token_keys keys)
    : options_{std::move(options)}, keys_{std::move(keys)},
      looked_at_{std::chrono::steady_clock::now()}, limit_{options_.limits} {}

tl::expected<principal, denial> gatekeeper::admit(const shown& what, std::string_view request) {
  auto who = check(what, request);
  if (!who) {
    tell(who.error(), what, request);
    report_denied(who.error(), request);
  }
  return who;
}

void gatekeeper::report_to(std::function<void(const noticed&)> witness) {
  const std::lock_guard lock{mutex_};
  witness_ = std::move(witness);
}

void gatekeeper::report(const noticed& what) {
  std::function<void(const noticed&)> witness;
  {
    const std::lock_guard lock{mutex_};
    witness = witness_;
  }
  if (witness)
    witness(what);
}

/// Whoever is nobody fills the log of the machine only, and not the one that is kept for ever.
void gatekeeper::report_denied(const denial& denied, std::string_view request) {
  if (denied.why != denial::kind::not_allowed)
    return;
  std::optional<std::uint64_t> left_out;
  {
    const std::lock_guard lock{mutex_};
    left_out = notes_.note(*denied.who, request, std::chrono::steady_clock::now());
  }
  if (!left_out)
    return;
  report({.who = denied.who,
          .action = "denied",
          .target = std::string{request},
          .outcome = "role_not_allowed",
          .detail = *left_out == 0 ? "" : "left out before: " + std::to_string(*left_out)});
}

tl::expected<principal, denial> gatekeeper::know(const shown& what) {
  auto who = identify(what);
  if (!who)
    tell(who.error(), what, "none");
  return who;
}

/// What is logged of whoever calls is what TLS has verified: nothing that they could write there.
void gatekeeper::tell(const denial& denied, const shown& what, std::string_view request) {
  const std::lock_guard lock{mutex_};
  if (!telling_.take({}, std::chrono::steady_clock::now())) {
    ++untold_;
    return;
  }
  spdlog::warn("access_denied certificate={} token={} request={} why=\"{}\" left_out={}",
               what.certificate ? security::uri_of(*what.certificate) : "none",
               what.authorization.empty() ? "none" : "shown", request, denied.message,
               std::exchange(untold_, 0));
}

tl::expected<principal, denial> gatekeeper::check(const shown& what, std::string_view request) {
  auto who = identify(what);
  if (!who)
    return who;
  if (!may_ask(who->role, request))
    return tl::unexpected<denial>(
        denial{.why = denial::kind::not_allowed,
               .message = "the role " + std::string{to_string(who->role)} + " may not ask for that",
               .who = *who});
  const std::lock_guard lock{mutex_};
  if (!limit_.take(*who, std::chrono::steady_clock::now()))
    return deny(denial::kind::too_often, "this is more often than one may call");
  who->alone = !options_.dual_control;
  return who;
}

tl::expected<principal, denial> gatekeeper::identify(const shown& what) {
  if (!what.authorization.empty())
    return identify_by_token(what.authorization);
  if (!what.certificate || what.certificate->kind == security::role::node ||
      what.certificate->cluster != options_.cluster)
    return deny(denial::kind::unauthenticated,
                "a certificate of a client of this cluster is needed, or a token");
  return principal{.role = what.certificate->kind, .name = what.certificate->name};
}

tl::expected<principal, denial> gatekeeper::identify_by_token(std::string_view header) {
  const auto token = bearer_in(header);
  if (!token)
    return deny(denial::kind::unauthenticated, "Authorization has to be Bearer and a token");
  const auto claims = current_keys().verify(*token, options_.cluster, now());
  if (!claims)
    return deny(denial::kind::unauthenticated, claims.error().message);
  return principal{.role = claims->who.kind, .name = claims->who.name};
}

security::calendar_time gatekeeper::now() const {
  return options_.now ? options_.now()
                      : std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// Keys that cannot be read leave those that were known.
security::token_keys gatekeeper::current_keys() {
  std::vector<std::string> before;
  security::token_keys now;
  {
    const std::lock_guard lock{mutex_};
    const auto at = std::chrono::steady_clock::now();
    if (options_.token_keys.empty() || at - looked_at_ < between_looks)
      return keys_;
    looked_at_ = at;
    before = keys_.ids();
    if (auto found = security::token_keys::load(options_.token_keys))
      keys_ = std::move(*found);
    else
      spdlog::warn("token_keys_unreadable why=\"{}\"", found.error().message);
    now = keys_;
  }
  if (const auto after = now.ids(); after != before)
    report({.action = "token_keys",
            .outcome = "changed",
            .detail = "came: " + rest_of(after, before) + "; went: " + rest_of(before, after)});
  return now;
}

result<std::unique_ptr<gatekeeper>> gatekeeper::start(gatekeeper_options options) {
  security::token_keys keys;
  if (!options.token_keys.empty()) {
    auto found = security::token_keys::load(options.token_keys);
    if (!found)
      return tl::unexpected(found.error());
    keys = std::move(*found);
  }
  return std::make_unique<gatekeeper>(std::move(options), std::move(keys));
}

} // namespace ducat::access
