// What OTP's own supervisor (25.2.3) did in 1,500 seeded schedules, replayed against ours. Each
// line of the file is one schedule: flags, children, steps, and for the boot and each step the
// reply, the events and the children afterwards. DUCAT_OTP_TRACES names another file.
#include "supervision/virtual_system.hpp"

#include <ducat/dynamic_children.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <fstream>
#include <map>

namespace ducat {
namespace {

using nlohmann::json;

/// How often the next starts of a child fail, by id.
using failures = std::map<std::string, int>;

caf::behavior traced_child(caf::event_based_actor* self, const std::string& id,
                           const std::string& kind, const std::shared_ptr<failures>& failing) {
  if ((*failing)[id] > 0) {
    --(*failing)[id];
    throw std::runtime_error("flaky");
  }
  if (kind == "polite")
    self->set_exit_handler([self](caf::exit_msg&) { quit(self, {exit_kind::shutdown, ""}); });
  if (kind == "stubborn")
    self->set_exit_handler([](caf::exit_msg&) {});
  return {[self](exit_kind how, const std::string& detail) { quit(self, {how, detail}); }};
}

exit_reason reason_of(const json& crash) {
  if (crash.is_array())
    return {exit_kind::shutdown, crash[1]};
  if (crash == "normal")
    return {exit_kind::normal, ""};
  if (crash == "shutdown")
    return {exit_kind::shutdown, ""};
  return {exit_kind::crashed, crash};
}

json json_of(const exit_reason& reason) {
  if (reason.kind == exit_kind::crashed)
    return reason.detail;
  if (reason.kind == exit_kind::shutdown && !reason.detail.empty())
    return {"shutdown", reason.detail};
  return to_string(reason);
}

template <class Enum>
Enum named(const json& name, std::initializer_list<Enum> all) {
  for (const Enum one : all)
    if (to_string(one) == name.get<std::string>())
      return one;
  throw std::runtime_error("unknown name " + name.dump());
}

shutdown_policy policy_of(const json& shutdown) {
  if (shutdown == "brutal_kill")
    return brutal_kill;
  if (shutdown == "infinity")
    return wait_forever;
  return std::chrono::milliseconds{shutdown.get<int>()};
}

/// Replays one line.
class replay {
public:
  replay(test::virtual_system& system, const json& line) : system_{system}, line_{line} {}

  /// Returns the trace, in the form of the file.
  json run() {
    supervisor_options options;
    options.directory = names_;
    options.observer = [this](const supervision_event& event) { on_event(event); };
    root_ = *launch_tree(system_.get(), spec(), options, {});
    root_->attach_functor([this] { dead_ = true; });
    system_.run_to_the_end();
    json trace = json::array({json::array({"boot", take_events(), children()})});
    for (const json& step : line_["steps"])
      if (!dead_)
        trace.push_back(json::array({step, perform(step), take_events(), children()}));
    stop_tree(system_.get(), root_);
    system_.run_to_the_end();
    return trace;
  }

private:
  supervisor_spec spec() {
    const json& flags = line_["flags"];
    supervisor_spec made;
    made.flags = {.strategy = named(flags["strategy"], {one_for_one, one_for_all, rest_for_one}),
                  .restarts_max = flags["intensity"],
                  .window = std::chrono::seconds{flags["period"].get<int>()},
                  .auto_shutdown = named(flags["auto_shutdown"],
                                         {auto_shutdown::never, auto_shutdown::any_significant,
                                          auto_shutdown::all_significant})};
    for (const json& child : line_["children"])
      made.children.push_back(child_of(child));
    return made;
  }

  child_spec child_of(const json& child) {
    const std::string id = child["id"];
    return {.id = id,
            .start = start(traced_child, id, child["kind"].get<std::string>(), failing_),
            .restart = named(child["restart"], {permanent, transient, temporary}),
            .shutdown = policy_of(child["shutdown"]),
            .significant = child["significant"] == "true"};
  }

  json perform(const json& step) {
    if (step[0] == "crash")
      return crash(step[1], step[2]);
    if (step[0] == "fail_next") {
      (*failing_)[step[1]] = step[2];
      return "ok";
    }
    if (step[0] == "start")
      return change(start_child(child_of(step[1])));
    if (step[0] == "terminate")
      return change(terminate_child(step[1]));
    return change(step[0] == "restart" ? restart_child(step[1]) : delete_child(step[1]));
  }

  json crash(const std::string& id, const json& reason) {
    const caf::actor child = names_->find(id).current();
    if (!child)
      return "no_child";
    const exit_reason how = reason_of(reason);
    if (reason == "kill")
      caf::anon_send_exit(child, caf::exit_reason::kill);
    else
      caf::anon_send(child, how.kind, how.detail);
    system_.run_to_the_end();
    return "ok";
  }

  json change(const change_request& request) {
    const auto answer = system_.ask<change_reply>(root_, request);
    system_.run_to_the_end();
    const change_reply& reply = answer->value().value();
    if (reply.outcome == change_outcome::ok)
      return "ok";
    return {"error", reply.outcome == change_outcome::start_failed
                         ? reply.reason.detail
                         : std::string{to_string(reply.outcome)}};
  }

  json children() {
    if (dead_)
      return "dead";
    const auto answer = system_.ask<child_list>(root_, which_children{});
    system_.run();
    json all = json::array();
    for (const child_status& child : answer->value().value().children)
      all.push_back(
          {child.path, child.now == child_status::state::running ? "running" : "undefined"});
    return all;
  }

  void on_event(const supervision_event& event) {
    using kind = supervision_event::kind;
    if (event.what == kind::started || event.what == kind::start_failed)
      events_.push_back({to_string(event.what), event.path});
    if (event.what == kind::down)
      events_.push_back({"down", event.path, json_of(event.reason)});
  }

  json take_events() { return std::exchange(events_, json::array()); }

  test::virtual_system& system_;
  const json& line_;
  std::shared_ptr<directory> names_ = std::make_shared<directory>();
  std::shared_ptr<failures> failing_ = std::make_shared<failures>();
  json events_ = json::array();
  caf::actor root_;
  bool dead_ = false;
};

/// Returns the first entry that differs, as text.
std::string first_difference(const json& expected, const json& actual) {
  for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
    const json want = i < expected.size() ? expected[i] : json{};
    const json have = i < actual.size() ? actual[i] : json{};
    if (want != have)
      return "entry " + std::to_string(i) + "\n  OTP:  " + want.dump() + "\n  ours: " + have.dump();
  }
  return "none";
}

TEST(SupervisorTraces, AreTheSameAsThoseOfOtp) {
  spdlog::set_level(spdlog::level::off);
  const char* const other = std::getenv("DUCAT_OTP_TRACES");
  std::ifstream file{other != nullptr ? other : DUCAT_DEFAULT_TRACES};
  ASSERT_TRUE(file);
  test::virtual_system system;
  int replayed = 0;
  for (std::string text; std::getline(file, text); ++replayed) {
    const json line = json::parse(text);
    const json trace = replay{system, line}.run();
    EXPECT_EQ(trace, line["trace"])
        << "seed " << line["seed"]
        << ", first difference: " << first_difference(line["trace"], trace);
  }
  EXPECT_TRUE(other != nullptr || replayed == 1500) << replayed << " lines";
}

} // namespace
} // namespace ducat
