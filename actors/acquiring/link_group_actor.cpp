#include "acquiring/ledger_timeout.hpp"

#include <ducat/acquiring/link_group_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/durable.hpp>
#include <ducat/life.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace ducat::acquiring {

namespace {

/// Sent by the actor to itself.
struct look_at_links {};

} // namespace
} // namespace ducat::acquiring

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::acquiring::look_at_links)

namespace ducat::acquiring {
namespace {

constexpr duration link_timeout = std::chrono::seconds{1};
/// Somebody else may have granted: the log is read again after so long.
constexpr duration read_again_after = std::chrono::seconds{10};

/// The state of one life.
class group : public std::enable_shared_from_this<group> {
public:
  group(caf::event_based_actor* self, handle ledger, group_options options)
      : self_{self}, ledger_{std::move(ledger)}, options_{std::move(options)} {
    for (const carrier& each : options_.links)
      links_.push_back({.seen = {.name = each.name, .since = now()}});
  }

  void look_around() {
    for (std::size_t place = 0; place < links_.size(); ++place)
      look_at(place);
    if (is_grouped() && (!is_known_ || now() - read_at_ >= read_again_after))
      read_grant();
    tell_route();
    self_->delayed_send(self_, options_.look_every, look_at_links{});
  }

  void heard(const device::link_changed& what) {
    const auto place = std::ranges::find(options_.links, what.link, &carrier::name);
    if (place == options_.links.end())
      return;
    note(static_cast<std::size_t>(place - options_.links.begin()), what.to);
    decide();
    if (const caf::actor saf = options_.saf.current()) {
      device::link_changed told = what;
      told.link = options_.acquirer;
      caf::anon_send(saf, std::move(told));
    }
  }

  void heard(const device::link_unmatched& what) {
    if (const caf::actor late = options_.late.current())
      caf::anon_send(late, what);
    if (const caf::actor saf = options_.saf.current()) {
      device::link_unmatched told = what;
      told.link = options_.acquirer;
      caf::anon_send(saf, std::move(told));
    }
  }

  void tell_route() {
    self_->request(options_.route.current(), link_timeout, use_link{grant_.link, grant_.epoch})
        .then([me = shared_from_this()](const route_figures& told) { me->breaker_ = told.breaker; },
              [](const caf::error&) {}); // It asks when it begins.
  }

  group_figures figures() const {
    return {.acquirer = options_.acquirer,
            .node = options_.node,
            .grant = grant_,
            .breaker = breaker_,
            .links = links_};
  }

private:
  time_point now() const { return self_->clock().now(); }

  bool is_grouped() const { return links_.size() > 1; }

  void look_at(std::size_t place) {
    self_->request(options_.links[place].link.current(), link_timeout, device::query_link{})
        .then(
            [me = shared_from_this(), place](const device::link_figures& told) {
              me->links_[place].figures = told;
              me->note(place, told.state);
              me->decide();
            },
            [me = shared_from_this(), place](const caf::error&) {
              me->note(place, device::link_state::down);
              me->decide();
            });
  }

  void note(std::size_t place, device::link_state state) {
    link_view& seen = links_[place].seen;
    if (seen.state != state)
      seen.since = now();
    seen.state = state;
  }

  void read_grant() {
    read_at_ = now();
    v1::Question question;
    question.mutable_link_grants();
    self_->request(ledger_.current(), ledger_timeout, query{question.SerializeAsString()})
        .then(
            [me = shared_from_this()](const answer& told) {
              v1::Outcome outcome;
              if (outcome.ParseFromString(told.text) && !outcome.has_error())
                me->take(outcome.link_grants());
            },
            [](const caf::error&) {}); // It is read at the next look.
  }

  void take(const v1::LinkGrants& all) {
    for (const v1::LinkGrant& each : all.data())
      if (each.acquirer() == options_.acquirer && each.node() == options_.node &&
          each.epoch() > grant_.epoch)
        grant_ = {.link = each.link(), .epoch = each.epoch()};
    is_known_ = true;
    tell_route();
    decide();
  }

  void decide() {
    if (!is_grouped() || !is_known_ || is_committing_)
      return;
    std::vector<link_view> seen;
    for (const link_figures_shown& each : links_)
      seen.push_back(each.seen);
    if (const auto next = link_to_grant(seen, grant_, options_.deciding, now()))
      grant(*next);
  }

  void grant(const std::string& link) {
    v1::Command command;
    command.set_by(options_.by + '/' + life_of(self_));
    auto& wanted = *command.mutable_grant_link();
    wanted.set_acquirer(options_.acquirer);
    wanted.set_node(options_.node);
    wanted.set_link(link);
    wanted.set_after_epoch(grant_.epoch);
    is_committing_ = true;
    self_
        ->request(ledger_.current(), ledger_timeout,
                  commit{.command = command.SerializeAsString(), .token = {}})
        .then([me = shared_from_this()](const committed& done) { me->granted(done.reply); },
              [me = shared_from_this()](const caf::error&) { me->read_again(); });
  }

  void granted(const std::string& reply) {
    v1::Outcome outcome;
    if (!outcome.ParseFromString(reply) || outcome.has_error())
      return read_again();
    is_committing_ = false;
    const std::string before = grant_.link;
    take(outcome.link_grants());
    spdlog::log(before.empty() ? spdlog::level::info : spdlog::level::warn,
                "link_granted acquirer={} node={} from={} to={} epoch={}", options_.acquirer,
                options_.node, before.empty() ? "none" : before, grant_.link, grant_.epoch);
  }

  /// Whether it stands is seen in the log.
  void read_again() {
    is_committing_ = false;
    is_known_ = false;
  }

  caf::event_based_actor* self_;
  handle ledger_;
  group_options options_;
  std::vector<link_figures_shown> links_; // As options_.links.
  held_grant grant_{};
  bool is_known_ = false; // What the log has was read, or written.
  bool is_committing_ = false;
  time_point read_at_{};
  routing::breaker_state breaker_ = routing::breaker_state::closed;
};

} // namespace

caf::behavior link_group_actor(caf::event_based_actor* self, const handle& ledger,
                               const group_options& options) {
  auto owned = std::make_shared<group>(self, ledger, options);
  const std::weak_ptr life = owned;
  self->attach_functor([owned]() mutable { owned.reset(); });
  owned->look_around();
  const auto with_life = [life](auto what) {
    if (const auto alive = life.lock())
      what(*alive);
  };
  return {
      [=](look_at_links) { with_life([](group& g) { g.look_around(); }); },
      [=](const device::link_changed& what) { with_life([&](group& g) { g.heard(what); }); },
      [=](const device::link_unmatched& what) { with_life([&](group& g) { g.heard(what); }); },
      [=](who_holds) { with_life([](group& g) { g.tell_route(); }); },
      [=](query_group) {
        const auto alive = life.lock();
        return alive ? alive->figures() : group_figures{};
      },
  };
}

} // namespace ducat::acquiring
