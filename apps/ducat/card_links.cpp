#include "card_links.hpp"

#include "api/link_calls.hpp"
#include "config.hpp"
#include "iso8583/dialect_file.hpp"

#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/acquiring/late_approval_actor.hpp>
#include <ducat/acquiring/link_group_actor.hpp>
#include <ducat/acquiring/saf_actor.hpp>
#include <ducat/payment/deadline_actor.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <set>
#include <utility>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

constexpr const char* group = "acquirers";

/// What a payment waits for an answer more than the link does (R6: each budget exceeds the inner).
constexpr duration longer_than_the_link = 5s;

/// How long a payment is in doubt, at most, before its reversal is sent.
constexpr duration look_every = 250ms;

std::string path_of(const std::string& id) {
  return std::string{group} + "/" + id;
}

tl::unexpected<error> wrong(const acquirer_config& of, const error& why) {
  return fail(why.code, "acquirer " + of.name + ": " + why.message);
}

/// The first one's child is "NAME-link", the second one's "NAME-link2".
std::string link_name(const std::string& acquirer, std::size_t place) {
  return acquirer + "-link" + (place == 0 ? "" : std::to_string(place + 1));
}

device::link_config link_of(const acquirer_config& config, const iso8583::dialect& dialect,
                            std::size_t place, const std::string& address) {
  const auto colon = address.rfind(':');
  device::link_config link{.name = link_name(config.name, place), .host = address.substr(0, colon)};
  const std::string port = address.substr(colon + 1);
  std::from_chars(port.data(), port.data() + port.size(), link.port);
  link.plain = config.plain;
  link.tls = {.ca = config.ca,
              .server_name = config.server_name,
              .certificate = config.certificate,
              .key = config.key,
              .allows_tls_1_2 = config.tls_1_2};
  link.dialect = dialect;
  link.options.answer_timeout = std::chrono::milliseconds{config.answer_timeout_ms};
  return link;
}

/// `text` is HH:MM.
std::chrono::minutes time_of_day(const std::string& text) {
  return std::chrono::hours{std::stoi(text.substr(0, 2))} +
         std::chrono::minutes{std::stoi(text.substr(3))};
}

result<card_link> card_link_of(const acquirer_config& config) {
  const auto dialect = find_dialect(config.dialect);
  if (!dialect)
    return wrong(config, dialect.error());
  card_link made;
  made.name = config.name;
  const auto addresses = config.addresses.empty() ? std::vector{config.address} : config.addresses;
  for (std::size_t place = 0; place < addresses.size(); ++place) {
    made.links.push_back(link_of(config, *dialect, place, addresses[place]));
    if (const auto good = device::check(made.links.back()); !good)
      return wrong(config, good.error());
  }
  made.deciding.takeover = config.takeover;
  made.deciding.takeover_after = std::chrono::milliseconds{config.takeover_after_ms};
  if (!config.reconcile_at.empty())
    made.reconcile_at = time_of_day(config.reconcile_at);
  made.known_as.mti = config.mti;
  made.known_as.terminal = config.terminal;
  made.known_as.merchant = config.merchant;
  if (const auto good = acquiring::check(made.known_as); !good)
    return wrong(config, good.error());
  return made;
}

/// Returns the ids of the acquirer's children.
std::vector<std::string> children_of(const card_link& of) {
  std::vector<std::string> ids{of.name, of.name + "-group", of.name + "-late"};
  for (const device::link_config& each : of.links)
    ids.push_back(each.name);
  return ids;
}

std::vector<acquiring::carrier> carriers_of(const card_link& of, const node& n) {
  std::vector<acquiring::carrier> all;
  for (const device::link_config& each : of.links)
    all.push_back({.name = each.name, .link = n.find(path_of(each.name))});
  return all;
}

/// The children of one acquirer; the links come first, since all others speak to them.
void add_children(std::vector<child_spec>& children, const card_link& of, const handle& ledger,
                  const node& n) {
  const handle group_actor = n.find(path_of(of.name + "-group"));
  const bool is_group = of.links.size() > 1;
  for (device::link_config link : of.links) {
    link.listener = group_actor;
    children.push_back({.id = link.name, .start = device::acquirer_link(link)});
  }
  children.push_back(
      {.id = of.name,
       .start = start(acquiring::acquirer_route,
                      acquiring::route_options{.known_as = of.known_as,
                                               .links = carriers_of(of, n),
                                               .group = is_group ? group_actor : handle{}})});
  children.push_back({.id = of.name + "-late",
                      .start = start(acquiring::late_approval_actor, ledger,
                                     acquiring::late_options{.acquirer = of.name, .by = n.id()})});
  children.push_back(
      {.id = of.name + "-group",
       .start = start(acquiring::link_group_actor, ledger,
                      acquiring::group_options{.acquirer = of.name,
                                               .node = n.id(),
                                               .by = n.id(),
                                               .links = carriers_of(of, n),
                                               .route = n.find(path_of(of.name)),
                                               .late = n.find(path_of(of.name + "-late")),
                                               .saf = n.find(path_of("saf")),
                                               .deciding = of.deciding})});
}

} // namespace

result<std::vector<card_link>> card_links_of(const node_config& config) {
  std::vector<card_link> links;
  std::set<std::string> ids{"saf", "deadlines"};
  for (const acquirer_config& each : config.acquirers) {
    auto made = card_link_of(each);
    if (!made)
      return tl::unexpected(made.error());
    for (const std::string& id : children_of(*made))
      if (!ids.insert(id).second)
        return wrong(each, {errc::invalid_argument, "there are two of that name"});
    links.push_back(std::move(*made));
  }
  return links;
}

payment::card_routes routes_over(const std::vector<card_link>& links, const node& n) {
  payment::card_routes routes{.by = n.id(), .node = n.id()};
  for (const card_link& each : links) {
    routes.links.push_back({.link = each.name,
                            .acquirer = n.find(path_of(each.name)),
                            .has_plan = true,
                            .asks = each.known_as.mti == "0100" ? payment::asked_for::authorization
                                                                : payment::asked_for::financial});
    routes.answer_timeout =
        std::max(links.size() == 1 ? duration{} : routes.answer_timeout,
                 each.links.front().options.answer_timeout + longer_than_the_link);
  }
  return routes;
}

child_spec acquirers_child(const std::vector<card_link>& links, const handle& ledger, const node& n,
                           const std::function<log_time()>& now) {
  supervisor_spec spec{.flags = {.strategy = one_for_one, .restarts_max = 50, .window = 10s},
                       .children = {}};
  acquiring::saf_actor_options saf{.by = n.id(),
                                   .look_every = look_every,
                                   .answer_timeout = routes_over(links, n).answer_timeout,
                                   .now = now};
  for (const card_link& each : links) {
    add_children(spec.children, each, ledger, n);
    saf.lines.push_back({.link = each.name,
                         .acquirer = n.find(path_of(each.name)),
                         .reconcile_at = each.reconcile_at});
  }
  spec.children.push_back({.id = "saf", .start = start(acquiring::saf_actor, ledger, saf)});
  spec.children.push_back(
      {.id = "deadlines",
       .start = start(payment::deadline_actor, ledger, payment::deadline_options{.now = now})});
  return {.id = group, .supervisor = std::make_shared<const supervisor_spec>(std::move(spec))};
}

std::vector<api::served_acquirer> served(const std::vector<card_link>& links) {
  std::vector<api::served_acquirer> all;
  for (const card_link& each : links) {
    api::served_acquirer made{
        .name = each.name, .group = path_of(each.name + "-group"), .links = {}};
    for (const device::link_config& link : each.links)
      made.links[link.name] = path_of(link.name);
    all.push_back(std::move(made));
  }
  return all;
}

} // namespace ducat::cli
