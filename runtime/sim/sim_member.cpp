#include "sim/sim_member.hpp"

#include "cluster/lenders.hpp"
#include "cluster/served_ask.hpp"
#include "cluster/trimming.hpp"
#include "link.pb.h"

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <utility>

namespace ducat::sim {

using namespace std::chrono_literals;
using namespace ducat::cluster;

namespace {

namespace pb = ducat::link::v1;

constexpr duration lease_time = 10s;
constexpr duration lease_kept_every = 2s;
constexpr duration tick_time = 20ms;
constexpr unsigned beats_between_trims = 10;
constexpr duration fetch_patience = 10s;
constexpr duration time_between_fetches = 200ms;

} // namespace

sim_member::sim_member(const surface& on, const cluster_options& options)
    : on_{on}, options_{options}, keys_{options.cluster},
      log_{std::make_shared<sim_log>(on.time, on.ways, on.service, options.node, alive_)},
      port_{std::make_shared<replicated_port>([&time = on.time] { return time.now(); })},
      grants_{std::make_shared<grant_board>(options.node)}, view_{options, keys_} {}

void sim_member::join() {
  const auto weak = weak_from_this();
  watch_ = std::make_shared<log_service::key_watch>(log_service::key_watch{
      .node = me(),
      .changed =
          [this](const std::string& key, const std::optional<std::string>& value) {
            value ? view_.put(key, *value) : view_.remove(key);
            note_own_beats();
          },
      .anew =
          [this](const log_service::all_keys& all) {
            view_.begin_anew();
            for (const auto& [key, value] : all)
              view_.put(key, value);
            view_.end_anew();
            note_own_beats();
          }});
  on_.service.watch_keys(watch_);
  on_.links.enter(me(), {.serve =
                             [weak](incoming_ask ask, link_respond respond) {
                               if (const auto to = weak.lock())
                                 to->serve(std::move(ask), std::move(respond));
                             },
                         .on_change =
                             [weak](const std::string& other, link_state now) {
                               if (const auto to = weak.lock())
                                 to->view_.set_link(other, now);
                             }});
  pb::Member record;
  record.set_id(me());
  record.set_link(me());
  record.set_link_version(link_version);
  record.set_priority(options_.priority);
  every(lease_kept_every,
        [this, said = record.SerializeAsString()] { say(keys_.member(me()), said, lease_time); });
  every(options_.beat, [this] { beat(); });
  every(tick_time, [this] { tick(); });
}

void sim_member::every(duration pause, std::function<void()> what) {
  if (!on_.time.is_stopped(me()))
    what();
  on_.time.after(pause, [weak = weak_from_this(), pause, what = std::move(what)] {
    if (const auto still = weak.lock(); still != nullptr && still->is_alive())
      still->every(pause, what);
  });
}

void sim_member::leave() {
  *alive_ = false;
  watch_.reset();
  on_.links.leave(me());
}

void sim_member::say(const std::string& key, const std::string& value, duration lease) {
  on_.ways.call(me(), log_place,
                [&service = on_.service, key, value, lease] { service.put(key, value, lease); });
}

void sim_member::beat() {
  const auto come = port_->progress();
  port_->post([](replicated& machine) { machine.on_tick(); }); // Also after it stood still.
  if (!come)
    return;
  pb::Beat made;
  made.set_count(++beats_);
  made.set_applied(come->applied);
  say(keys_.beat(me()), made.SerializeAsString(), lease_time);
  if (std::exchange(kept_told_, come->kept) != come->kept) {
    pb::Kept kept;
    kept.set_index(come->kept);
    say(keys_.kept(me()), kept.SerializeAsString(), {});
  }
  if (beats_ % beats_between_trims == 0)
    trim();
}

/// Trims the log if this node writes it and there is enough to trim.
void sim_member::trim() {
  const auto nodes = members();
  const auto mine = std::ranges::find(nodes, me(), &member_status::id);
  if (is_trimming_ || mine == nodes.end() || !mine->holds_log)
    return;
  const std::uint64_t up_to = trim_point(nodes, mine->applied, options_.trimming);
  if (up_to < log_->first() + 1 + options_.trimming.entries_kept / 8)
    return;
  is_trimming_ = true;
  on_.time.start(me(), [still = shared_from_this(), up_to] {
    try {
      std::ignore = still->log_->trim(up_to); // It will be tried again.
      still->is_trimming_ = false;
    } catch (const place_ended&) {
      return;
    }
  });
}

// Getting a state --------------------------------------------------------------------------------

/// As fetch_state(), but for the parts: a copy comes in one piece.
result<void> sim_member::fetch_into(state_store& into) {
  const time_point end = on_.time.now() + fetch_patience;
  do {
    for (const std::string& node :
         lenders_among(members(), {.me = me(), .log_first = log_->first()}))
      if (auto done = fetch_from(node, into); done || done.error().code == errc::io)
        return done;
    on_.time.wait_for(time_between_fetches);
  } while (on_.time.now() < end);
  return fail(errc::unavailable, "no node gives a state");
}

result<void> sim_member::fetch_from(const std::string& node, state_store& into) {
  const auto lender = on_.find(node);
  on_.time.wait_for(on_.chance.between(20ms, 400ms));
  if (lender == nullptr || !lender->is_alive() || lender->store_ == nullptr ||
      on_.ways.is_cut(me(), node) || on_.ways.is_cut(node, me()) || on_.time.is_stopped(node))
    return fail(errc::unavailable, "node " + node + " does not answer");
  const std::filesystem::path copy = into.directory().string() + ".fetched";
  return lender->store_->copy_to(copy).and_then([&] { return into.replace_with(copy); });
}

void sim_member::tick() {
  const writer_news news = writer_.look(view_, me(), false, on_.time.now());
  port_->post([newest = news.holder](replicated& machine) { machine.on_holder(newest); });
  if (news.turn)
    port_->post([seen = *news.turn](replicated& machine) { machine.on_turn(seen); });
  children_->look();
}

void sim_member::note_own_beats() {
  if (std::exchange(own_beats_, view_.own_beats()) != view_.own_beats())
    heard_at_ = on_.time.now();
}

surroundings sim_member::see() const {
  const bool is_heard = on_.time.now() - heard_at_ < options_.beat * options_.beats_missed_max;
  return {.me = me(), .members = view_.statuses(), .is_heard = is_heard};
}

void sim_member::serve(incoming_ask ask, link_respond respond) {
  if (ask.to != machine_path_)
    return children_->serve(std::move(ask), std::move(respond));
  const auto kept = std::make_shared<served_ask>(std::move(ask), std::move(respond));
  port_->post(
      [kept](replicated& machine) { machine.serve(kept->ask.type, kept->ask.body, kept->take()); });
}

void sim_member::ask(const std::string& node, outgoing_ask what, time_point deadline,
                     ask_callback done) {
  if (is_alive())
    on_.links.ask(me(), node, std::move(what), deadline, std::move(done));
}

void sim_member::enter(node_options& options, protocol speaks) {
  const auto ask = [me = shared_from_this()](const std::string& node, outgoing_ask what,
                                             time_point deadline, ask_callback done) {
    me->ask(node, std::move(what), deadline, std::move(done));
  };
  options.replicated = [this, ask](const std::string& id, replica_options machine) {
    machine_path_ = id;
    store_ = machine.store;
    return replicated_child({.node = me(),
                             .path = id,
                             .log = log_,
                             .post = {},
                             .now = [&time = on_.time] { return time.now(); },
                             .ask = ask,
                             .fetch_state = [this](state_store& into) { return fetch_into(into); },
                             .on_grant =
                                 [this](const std::string& group, const grant& made) {
                                   grants_->note(group, made);
                                   children_->look();
                                 }},
                            std::move(machine), port_);
  };
  options.grants = grants_;
  options.others = [this, ask,
                    speaks = std::make_shared<const protocol>(std::move(speaks))](node& n) {
    return exchange_child({.speaks = speaks,
                           .grants = grants_,
                           .find = [&n](const std::string& path) { return n.find(path); },
                           .spec = [&n] { return n.spec(); },
                           .see = [this] { return see(); },
                           .ledger = [this] { return machine_path_; },
                           .ask = ask},
                          children_);
  };
}

} // namespace ducat::sim
