/// The pure core of a supervisor, driven by events; what it does comes back as text.
#pragma once

#include "supervision/supervisor_core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace ducat::supervision {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr time_point start_of_time{std::chrono::hours{1}};
inline const exit_reason boom{exit_kind::crashed, "boom"};
inline const exit_reason shutdown_reason{exit_kind::shutdown, ""};
inline const exit_reason killed{exit_kind::killed, ""};

inline std::string id_of(child_key key) {
  return std::string(1, static_cast<char>('a' + key - 1));
}

/// Children a, b, c ... have the keys 1, 2, 3 ... Actions become text, a life is named as a2: the
/// second life of a.
class core_world {
public:
  explicit core_world(const supervisor_flags& flags, std::vector<child_traits> children)
      : core_{flags, std::move(children)} {}

  std::vector<std::string> handle(event::any what) {
    std::vector<std::string> texts;
    for (const action::any& next : core_.handle(std::move(what), now))
      std::visit([&](const auto& action) { texts.push_back(text_of(action)); }, next);
    return texts;
  }

  /// Boots; every start succeeds.
  void boot() {
    handle(event::boot{});
    std::vector<std::string> first_lives;
    for (const child_record& child : core_.children())
      first_lives.push_back(id_of(child.traits.key) + "1");
    for (const std::string& life : first_lives)
      start(life);
  }

  std::vector<std::string> start(const std::string& life) {
    return handle(event::started{lives_.at(life)});
  }

  std::vector<std::string> down(const std::string& life, const exit_reason& why) {
    return handle(event::down{lives_.at(life), why});
  }

  std::vector<std::string> timeout(const std::string& life) {
    return handle(event::stop_timeout{lives_.at(life)});
  }

  /// The timer of all that are being stopped together.
  std::vector<std::string> timeout_of_all() { return handle(event::stop_timeout{0}); }

  std::vector<std::string> hung(const std::string& life) {
    return handle(event::hung{lives_.at(life), {exit_kind::killed, "hung"}});
  }

  /// The retry of that child comes, the last one that was asked for.
  std::vector<std::string> retry(char child) {
    const auto key = static_cast<child_key>(child - 'a' + 1);
    return handle(event::retry{key, attempts_[key]});
  }

  std::size_t children() const { return core_.children().size(); }

  std::string states() const {
    std::string text;
    for (const child_record& child : core_.children())
      text += child.traits.id + (child.now == child_record::state::running      ? "+"
                                 : child.now == child_record::state::restarting ? "~"
                                                                                : "-");
    return text;
  }

  time_point now = start_of_time;

private:
  std::string name_of(life_id life) const { return names_.at(life); }

  std::string text_of(const action::start& what) {
    const std::string name = id_of(what.key) + std::to_string(++begun_[what.key]);
    names_[what.life] = name;
    lives_[name] = what.life;
    return "start " + name;
  }

  std::string text_of(const action::signal& what) { return "signal " + name_of(what.life); }

  std::string text_of(const action::kill& what) { return "kill " + name_of(what.life); }

  std::string text_of(const action::arm_timer& what) {
    return "arm " + (what.life == 0 ? "all" : name_of(what.life)) + " " +
           std::to_string(what.after.count());
  }

  std::string text_of(const action::retry_later& what) {
    attempts_[what.key] = what.attempt;
    const std::string after = std::to_string(what.after.count());
    return "retry " + id_of(what.key) + (what.after.count() == 0 ? "" : " after " + after);
  }

  std::string text_of(const action::reply& what) {
    std::ostringstream text;
    text << "reply " << what.request << " " << what.answer.outcome;
    return text.str();
  }

  std::string text_of(const action::refuse& what) {
    return "refuse " + std::to_string(what.request);
  }

  std::string text_of(const action::reply_children& what) {
    std::string text = "children " + std::to_string(what.request) + " ";
    for (const child_key key : what.children)
      text += id_of(key);
    return text;
  }

  std::string text_of(const action::reply_counts& what) {
    std::ostringstream text;
    text << "counts " << what.request << " " << what.counts;
    return text.str();
  }

  std::string text_of(const action::adopt& what) {
    std::string text = "adopt";
    for (const auto& [key, spec] : what.children)
      text += " " + id_of(key) + (key == spec ? "" : "<" + std::to_string(spec));
    return text;
  }

  std::string text_of(const action::emit& what) {
    std::string text{to_string(what.what)};
    if (what.key != 0)
      text += " " + id_of(what.key);
    return what.what == supervision_event::kind::down ? text + " " + to_string(what.reason) : text;
  }

  std::string text_of(const action::mark& what) {
    return (what.restarting ? "mark " : "unmark ") + id_of(what.key);
  }

  std::string text_of(const action::booted&) { return "booted"; }

  std::string text_of(const action::finish& what) { return "finish " + to_string(what.reason); }

  supervisor_core core_;
  std::map<child_key, int> begun_;
  std::map<life_id, std::string> names_;
  std::map<std::string, life_id> lives_;
  std::map<child_key, std::uint64_t> attempts_;
};

inline std::vector<child_traits> children(std::size_t count, restart_type restart = permanent) {
  std::vector<child_traits> all;
  for (child_key key = 1; key <= count; ++key)
    all.push_back({.key = key, .id = id_of(key), .restart = restart});
  return all;
}

inline core_world booted(strategy how, std::uint32_t restarts_max, std::vector<child_traits> who) {
  core_world world{{.strategy = how, .restarts_max = restarts_max, .window = 5s}, std::move(who)};
  world.boot();
  return world;
}

} // namespace ducat::supervision
