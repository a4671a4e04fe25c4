/// The desk: gives each terminal's messages to its child, and starts that when it first speaks.

#include "gateway/codes.hpp"
#include "gateway/terminal_core.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/gateway/terminal.hpp>
#include <ducat/iso8583/mti.hpp>

#include <caf/event_based_actor.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::gateway {

namespace {

using namespace std::chrono_literals;
using iso8583::message;

constexpr duration start_timeout = 5s;
constexpr std::size_t waiting_max = 64; ///< Messages for one terminal that is being started.

struct desk_places {
  handle payments;
  desk_options options;
  std::string terminals; ///< The path of their supervisor.
  std::function<handle(const std::string&)> find;
};

class desk : public std::enable_shared_from_this<desk> {
public:
  desk(caf::event_based_actor* self, desk_places places)
      : self_{self}, places_{std::move(places)} {}

  void take(const heard& what) {
    const auto type = iso8583::parse_mti(what.what.mti());
    if (!type || !type->wants_answer())
      return;
    const std::string id{what.what.find(de::terminal).value_or("")};
    const bool is_network = type->kind == iso8583::message_class::network_management;
    if (id.empty())
      return is_network ? take_network(what) : refuse(what, code::format_error);
    if (const auto profile = places_.options.terminals.find(id))
      return give(*profile, what);
    refuse(what, code::not_this_terminal);
  }

private:
  static void refuse(const heard& what, const char* why) {
    what.from->send(refusal(what.what, why));
  }

  /// Of a connection that several terminals share.
  static void take_network(const heard& what) {
    const reaction made = answer_network(what.what, false);
    if (made.sign_on)
      what.from->is_signed_on = *made.sign_on;
    what.from->send(*made.answer);
  }

  handle child_of(const std::string& id) const {
    return places_.find(places_.terminals + '/' + id);
  }

  void give(const terminal_profile& profile, const heard& what) {
    if (const caf::actor child = child_of(profile.id).current())
      return self_->send(child, what);
    auto& waiting = waiting_[profile.id];
    if (waiting.size() < waiting_max)
      waiting.push_back(what);
    if (waiting.size() == 1)
      start_child_of(profile);
  }

  /// Ids that anybody may invent do not take the places of our own.
  bool takes(const std::string& id) {
    if (places_.options.terminals.names(id) || unknown_.contains(id))
      return true;
    return unknown_.size() < places_.options.unknown_max && unknown_.insert(id).second;
  }

  void start_child_of(const terminal_profile& profile) {
    if (!takes(profile.id)) {
      for (const heard& each : take_waiting(profile.id))
        refuse(each, code::not_available);
      return;
    }
    terminal_options options = places_.options.each;
    options.by += places_.terminals + '/' + profile.id;
    child_spec spec{.id = profile.id, .start = terminal(profile, places_.payments, options)};
    const auto deliver = [me = shared_from_this(), id = profile.id] { me->deliver(id); };
    self_
        ->request(places_.find(places_.terminals).own(), start_timeout,
                  start_child(std::move(spec)))
        .then([deliver](const change_reply&) { deliver(); },
              [deliver](const caf::error&) { deliver(); });
  }

  /// To one that is being restarted nothing is given: it will be asked again, and the log knows.
  void deliver(const std::string& id) {
    const caf::actor child = child_of(id).current();
    for (const heard& each : take_waiting(id))
      if (child)
        self_->send(child, each);
  }

  std::vector<heard> take_waiting(const std::string& id) {
    const auto found = waiting_.extract(id);
    return found.empty() ? std::vector<heard>{} : std::move(found.mapped());
  }

  caf::event_based_actor* self_;
  desk_places places_;
  std::map<std::string, std::vector<heard>> waiting_; ///< For children that are being started.
  std::set<std::string> unknown_; ///< Without a profile of their own; their children were started.
};

caf::behavior desk_actor(caf::event_based_actor* self, const desk_places& places) {
  auto state = std::make_shared<desk>(self, places);
  self->attach_functor([state]() mutable { state.reset(); });
  return {[weak = std::weak_ptr{state}](const heard& what) {
    if (const auto alive = weak.lock())
      alive->take(what);
  }};
}

} // namespace

child_spec gateway_child(const std::string& id, const handle& payments, const desk_options& options,
                         const std::function<handle(const std::string& path)>& find) {
  const supervisor_spec terminals{
      .flags = {.strategy = one_for_one, .restarts_max = 100, .window = 10s}, .children = {}};
  const desk_places places{
      .payments = payments, .options = options, .terminals = id + "/terminals", .find = find};
  supervisor_spec spec{
      .flags = {.strategy = one_for_one, .restarts_max = 50, .window = 10s},
      .children = {
          {.id = "terminals", .supervisor = std::make_shared<const supervisor_spec>(terminals)},
          {.id = "desk", .start = start(desk_actor, places)}}};
  return {.id = id, .supervisor = std::make_shared<const supervisor_spec>(std::move(spec))};
}

} // namespace ducat::gateway
