#include "alerts_child.hpp"

#include "alerts/conditions.hpp"
#include "alerts/figure_source.hpp"
#include "security/files.hpp"

#include <ducat/certificates.hpp>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

result<std::string> secret_in(const std::filesystem::path& file) {
  if (file.empty())
    return std::string{};
  if (auto safe = security::check_key_file(file); !safe)
    return tl::unexpected(safe.error());
  auto text = security::read_file(file);
  if (!text)
    return text;
  while (!text->empty() && text->back() == '\n')
    text->pop_back();
  if (!payment::is_webhook_secret(*text))
    return fail(errc::invalid_argument,
                file.string() + " is no secret: whsec_ and the base64 of 24 to 64 bytes");
  return text;
}

/// Nothing if there is none; the configuration takes only good ones.
std::optional<payment::webhook_url> url_in(const std::string& text) {
  return text.empty() ? std::nullopt : payment::parse_webhook_url(text);
}

} // namespace

result<std::optional<alerts::alert_options>> alerting_of(const node_config& config) {
  const alerts_config& from = config.alerts;
  if (!from.are_looked_for)
    return std::nullopt;
  auto secret = secret_in(from.secret);
  if (!secret)
    return tl::unexpected(secret.error());
  alerts::alert_options options{.from = {.node = config.node, .cluster = config.cluster},
                                .board =
                                    std::make_shared<alerts::alert_board>(alerts::shipped_rules()),
                                .figures = std::make_shared<alerts::figure_source>(),
                                .url = url_in(from.url),
                                .heartbeat = url_in(from.heartbeat),
                                .secret = std::move(*secret),
                                .allow_private = from.allow_private,
                                .ca = from.ca,
                                .allows_tls_1_2 = from.tls_1_2,
                                .heartbeat_every = std::chrono::seconds{from.heartbeat_every_s}};
  if (auto good = alerts::check(options); !good)
    return tl::unexpected(good.error());
  return options;
}

// As what delivers events: one that cannot start does not use up the restarts of payments.
child_spec alerts_child(const alerts::alert_options& options) {
  return {.id = "alerts",
          .start = start(alerts::alert_actor, options),
          .backoff = {.initial = 500ms, .max = 30s}};
}

} // namespace ducat::cli
