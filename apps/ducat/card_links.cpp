#include "card_links.hpp"

#include "config.hpp"
#include "iso8583/dialect_file.hpp"

#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/payment/doubt_actor.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <utility>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

constexpr const char* group = "acquirers";

/// What a payment waits for an answer more than the link does (R6: each budget exceeds the inner).
constexpr duration longer_than_the_link = 5s;

/// How long a payment is in doubt, at most, before its reversal is asked for.
constexpr duration look_every = 250ms;

std::string path_of(const card_link& link) {
  return std::string{group} + "/" + link.link.name;
}

tl::unexpected<error> wrong(const acquirer_config& of, const error& why) {
  return fail(why.code, "acquirer " + of.name + ": " + why.message);
}

result<card_link> card_link_of(const acquirer_config& config) {
  auto dialect = find_dialect(config.dialect);
  if (!dialect)
    return wrong(config, dialect.error());
  const auto colon = config.address.rfind(':');
  card_link made;
  made.link.name = config.name;
  made.link.host = config.address.substr(0, colon);
  const std::string port = config.address.substr(colon + 1);
  std::from_chars(port.data(), port.data() + port.size(), made.link.port);
  made.link.plain = config.plain;
  made.link.tls = {.ca = config.ca,
                   .server_name = config.server_name,
                   .certificate = config.certificate,
                   .key = config.key};
  made.link.dialect = std::move(*dialect);
  made.link.options.answer_timeout = std::chrono::milliseconds{config.answer_timeout_ms};
  made.known_as.mti = config.mti;
  made.known_as.terminal = config.terminal;
  made.known_as.merchant = config.merchant;
  if (const auto good = device::check(made.link); !good)
    return wrong(config, good.error());
  if (const auto good = acquiring::check(made.known_as); !good)
    return wrong(config, good.error());
  return made;
}

} // namespace

result<std::vector<card_link>> card_links_of(const node_config& config) {
  std::vector<card_link> links;
  for (const acquirer_config& each : config.acquirers) {
    const bool is_twice = std::ranges::any_of(
        links, [&](const card_link& other) { return other.link.name == each.name; });
    if (is_twice)
      return wrong(each, {errc::invalid_argument, "there are two of that name"});
    auto made = card_link_of(each);
    if (!made)
      return tl::unexpected(made.error());
    links.push_back(std::move(*made));
  }
  return links;
}

payment::card_routes routes_over(const std::vector<card_link>& links, const node& n) {
  payment::card_routes routes{.by = n.id()};
  for (const card_link& each : links) {
    routes.links.push_back({.link = each.link.name, .acquirer = n.find(path_of(each))});
    routes.answer_timeout = std::max(links.size() == 1 ? duration{} : routes.answer_timeout,
                                     each.link.options.answer_timeout + longer_than_the_link);
  }
  return routes;
}

child_spec acquirers_child(const std::vector<card_link>& links, const handle& ledger,
                           const node& n) {
  supervisor_spec spec{.flags = {.strategy = one_for_one, .restarts_max = 50, .window = 10s},
                       .children = {}};
  for (const card_link& each : links) {
    spec.children.push_back(
        {.id = each.link.name + "-link", .start = device::acquirer_link(each.link)});
    spec.children.push_back({.id = each.link.name,
                             .start = start(acquiring::acquirer_actor,
                                            n.find(path_of(each) + "-link"), each.known_as)});
  }
  payment::doubt_options options{.routes = routes_over(links, n)};
  options.answer_timeout = options.routes.answer_timeout;
  options.look_every = look_every;
  spec.children.push_back({.id = "doubts", .start = start(payment::doubt_actor, ledger, options)});
  return {.id = group, .supervisor = std::make_shared<const supervisor_spec>(std::move(spec))};
}

} // namespace ducat::cli
