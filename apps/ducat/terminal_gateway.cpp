#include "terminal_gateway.hpp"

#include "config.hpp"
#include "iso8583/dialect_file.hpp"

#include <utility>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

/// What a terminal's actor waits for a payment more than the payment does for the acquirer: the
/// steps of the log around it.
constexpr duration longer_than_the_payment = 2s;

gateway::terminal_profile profile_of(const terminal_config& config, const std::string& from) {
  return {.id = config.id,
          .merchant = config.merchant,
          .from = from,
          .to = config.to,
          .currency = config.currency,
          .partial = config.partial,
          .locked = config.locked};
}

result<gateway::roster> roster_of(const node_config& config) {
  std::vector<gateway::terminal_profile> known;
  std::optional<gateway::terminal_profile> any;
  for (const terminal_config& each : config.terminals) {
    auto profile = profile_of(each, config.gateway.from);
    if (!each.accept_any)
      known.push_back(std::move(profile));
    else if (std::exchange(any, std::move(profile)))
      return fail(errc::invalid_argument, "two terminals have `accept_any`");
  }
  if (known.empty() && !any)
    return fail(errc::invalid_argument, "a gateway needs terminals: [[terminal]]");
  return gateway::roster::make(std::move(known), std::move(any));
}

} // namespace

result<std::optional<terminal_gateway>> terminal_gateway_of(const node_config& config) {
  if (config.gateway.listen.empty())
    return std::optional<terminal_gateway>{};
  auto dialect = find_dialect(config.gateway.dialect);
  if (!dialect)
    return fail(dialect.error().code, "gateway: " + dialect.error().message);
  auto terminals = roster_of(config);
  if (!terminals)
    return tl::unexpected(terminals.error());
  terminal_gateway made{.port = {.address = config.gateway.listen,
                                 .plain = config.gateway.plain,
                                 .certificate = config.gateway.certificate,
                                 .key = config.gateway.key,
                                 .ca = config.gateway.ca,
                                 .allows_tls_1_2 = config.gateway.tls_1_2,
                                 .dialect = std::move(*dialect)},
                        .terminals = std::move(*terminals)};
  if (auto good = gateway::check(made.port); !good)
    return tl::unexpected(good.error());
  return made;
}

child_spec terminals_child(const terminal_gateway& of, const std::vector<card_link>& links,
                           const node& n) {
  gateway::desk_options options{.terminals = of.terminals};
  options.each.answer_timeout = routes_over(links, n).answer_timeout + longer_than_the_payment;
  options.each.by = n.id() + '/';
  options.each.door = of.door;
  return gateway::gateway_child("iso8583", n.find("payments"), options,
                                [&n](const std::string& path) { return n.find(path); });
}

} // namespace ducat::cli
