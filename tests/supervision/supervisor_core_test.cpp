#include "supervision/supervisor_core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ducat::supervision {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr time_point start_of_time{std::chrono::hours{1}};
const exit_reason boom{exit_kind::crashed, "boom"};
const exit_reason shutdown_reason{exit_kind::shutdown, ""};
const exit_reason killed{exit_kind::killed, ""};

std::string id_of(child_key key) {
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
    for (const child_record& child : std::vector{core_.children()})
      start(id_of(child.traits.key) + "1");
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
    return "arm " + name_of(what.life) + " " + std::to_string(what.after.count());
  }

  std::string text_of(const action::retry_later& what) { return "retry " + id_of(what.key); }

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
};

std::vector<child_traits> children(std::size_t count, restart_type restart = permanent) {
  std::vector<child_traits> all;
  for (child_key key = 1; key <= count; ++key)
    all.push_back({.key = key, .id = id_of(key), .restart = restart});
  return all;
}

core_world booted(strategy how, std::uint32_t restarts_max, std::vector<child_traits> who) {
  core_world world{{.strategy = how, .restarts_max = restarts_max, .window = 5s}, std::move(who)};
  world.boot();
  return world;
}

TEST(SupervisorCore, StartsAChildOnlyAfterTheOneBeforeHasStarted) { // S1
  core_world world{{}, children(2)};
  EXPECT_THAT(world.handle(event::boot{}), ElementsAre("start a1"));
  EXPECT_THAT(world.start("a1"), ElementsAre("started a", "start b1"));
  EXPECT_THAT(world.start("b1"), ElementsAre("started b", "booted"));
}

TEST(SupervisorCore, StopsInReverseAndEndsIfAChildFailsAtBoot) { // S2
  core_world world{{.restarts_max = 9}, children(2)};
  world.handle(event::boot{});
  world.start("a1");
  EXPECT_THAT(world.down("b1", boom), ElementsAre("start_failed b", "signal a1", "arm a1 5000"));
  EXPECT_THAT(
      world.down("a1", shutdown_reason),
      ElementsAre("down a shutdown", "finish shutdown: failed_to_start_child b: crashed: boom"));
}

TEST(SupervisorCore, CountsARestartInTheClosedWindow) { // S17
  for (const auto& [after, survives] :
       {std::pair{4'999ms, false}, {5'000ms, false}, {5'001ms, true}}) {
    auto world = booted(one_for_one, 1, children(1));
    world.down("a1", boom);
    world.start("a2");
    world.now += after;
    const auto actions = world.down("a2", boom);
    EXPECT_EQ(actions.back() == "start a3", survives) << after.count();
  }
}

TEST(SupervisorCore, GivesUpAtTheFirstFailureIfNoRestartIsAllowed) { // S13, S33
  auto world = booted(one_for_one, 0, children(2));
  EXPECT_THAT(world.down("a1", boom),
              ElementsAre("down a crashed: boom", "give_up", "signal b1", "arm b1 5000"));
  EXPECT_THAT(world.down("b1", shutdown_reason), ElementsAre("down b shutdown", "finish shutdown"));
  EXPECT_THAT(world.handle(event::which_children{1}), IsEmpty());
}

TEST(SupervisorCore, CountsAGroupOnceThoughASiblingCrashesWhileItIsStopped) { // S14, S29
  auto world = booted(one_for_all, 1, children(3));
  world.down("a1", boom);                         // Waits for the end of c.
  EXPECT_THAT(world.down("b1", boom), IsEmpty()); // Crashes meanwhile,
  EXPECT_THAT(world.down("c1", shutdown_reason),  // and is collected by the stop.
              ElementsAre("down c shutdown", "down b crashed: boom", "start a2"));
  world.start("a2");
  world.start("b2");
  EXPECT_THAT(world.start("c2"), ElementsAre("started c"));
  EXPECT_EQ(world.states(), "a+b+c+");
}

TEST(SupervisorCore, HandlesASecondCrashAfterTheRestartInProgress) {
  auto world = booted(one_for_one, 5, children(2));
  world.down("a1", boom);
  EXPECT_THAT(world.down("b1", boom), IsEmpty());
  EXPECT_THAT(world.start("a2"),
              ElementsAre("started a", "down b crashed: boom", "restart b", "start b2"));
}

TEST(SupervisorCore, KeepsTheReasonOfAChildThatEndsByItselfDuringTheStop) { // S29
  auto world = booted(one_for_one, 0, children(2));
  world.handle(event::stop{shutdown_reason});
  EXPECT_THAT(world.down("b1", boom),
              ElementsAre("down b crashed: boom", "signal a1", "arm a1 5000"));
}

TEST(SupervisorCore, ServesRequestsBetweenTheAttemptsOfARestart) { // S15, S39, P26
  auto world = booted(one_for_one, 3, children(1));
  world.down("a1", boom);
  EXPECT_THAT(world.down("a2", boom), ElementsAre("start_failed a", "mark a", "retry a"));
  EXPECT_THAT(world.handle(event::which_children{1}), ElementsAre("children 1 a"));
  EXPECT_THAT(world.handle(event::restart_child{2, "a"}), ElementsAre("reply 2 restarting"));
  EXPECT_THAT(world.handle(event::delete_child{3, "a"}), ElementsAre("reply 3 restarting"));
  EXPECT_THAT(world.handle(event::start_child{4, {.key = 9, .id = "a"}}),
              ElementsAre("reply 4 already_present"));
  EXPECT_THAT(world.handle(event::terminate_child{5, "a"}), ElementsAre("unmark a", "reply 5 ok"));
  EXPECT_THAT(world.handle(event::retry{1}), IsEmpty());
  EXPECT_EQ(world.states(), "a-");
}

TEST(SupervisorCore, CountsEachAttemptOfARestart) { // S15
  auto world = booted(one_for_one, 2, children(1));
  EXPECT_EQ(world.down("a1", boom).back(), "start a2");
  world.down("a2", boom);
  EXPECT_EQ(world.handle(event::retry{1}).back(), "start a3");
  world.down("a3", boom);
  EXPECT_THAT(world.handle(event::retry{1}), ElementsAre("give_up", "finish shutdown"));
}

TEST(SupervisorCore, RetriesAFailedGroupFromTheChildThatFailed) { // S22
  auto all = booted(one_for_all, 5, children(3));
  all.down("c1", boom);
  all.down("b1", shutdown_reason);
  all.down("a1", shutdown_reason);
  all.start("a2");
  EXPECT_THAT(all.down("b2", boom), ElementsAre("start_failed b", "mark b", "retry b"));
  EXPECT_EQ(all.states(), "a+b~c-");
  EXPECT_THAT(all.handle(event::retry{2}),
              ElementsAre("restart b", "unmark b", "signal a2", "arm a2 5000"));

  auto rest = booted(rest_for_one, 5, children(3));
  rest.down("a1", boom);
  rest.down("c1", shutdown_reason);
  rest.down("b1", shutdown_reason);
  rest.start("a2");
  rest.down("b2", boom);
  EXPECT_THAT(rest.handle(event::retry{2}), ElementsAre("restart b", "unmark b", "start b3"));
  rest.start("b3");
  rest.start("c2");
  EXPECT_EQ(rest.states(), "a+b+c+");
}

TEST(SupervisorCore, LeavesTheLaterChildrenAloneIfTheRetryIsCancelled) { // S22
  auto world = booted(rest_for_one, 5, children(3));
  world.down("b1", boom);
  world.down("c1", shutdown_reason);
  world.down("b2", boom);
  world.handle(event::terminate_child{1, "b"});
  EXPECT_EQ(world.states(), "a+b-c-");
  EXPECT_THAT(world.handle(event::restart_child{2, "b"}), ElementsAre("start b3"));
  EXPECT_THAT(world.start("b3"), ElementsAre("started b", "reply 2 ok"));
  EXPECT_EQ(world.states(), "a+b+c-");
}

TEST(SupervisorCore, KillsAfterTheTimeoutAndThenWaitsWithoutLimit) { // S26
  auto traits = children(1);
  traits[0].shutdown = 20ms;
  auto world = booted(one_for_one, 0, traits);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}), ElementsAre("signal a1", "arm a1 20"));
  EXPECT_THAT(world.timeout("a1"), ElementsAre("kill a1"));
  EXPECT_THAT(world.down("a1", killed), ElementsAre("down a killed", "finish shutdown"));
}

TEST(SupervisorCore, IgnoresATimerOfAStopThatIsOver) {
  auto world = booted(one_for_all, 5, children(2));
  world.down("a1", boom);
  world.down("b1", shutdown_reason);
  EXPECT_THAT(world.timeout("b1"), IsEmpty());
}

TEST(SupervisorCore, KillsAtOnceIfThePolicyIsBrutal) { // S27
  auto traits = children(1);
  traits[0].shutdown = brutal_kill;
  auto world = booted(one_for_one, 0, traits);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}), ElementsAre("kill a1"));
}

TEST(SupervisorCore, ArmsNoTimerIfItMayWaitForEver) { // S28
  auto traits = children(1);
  traits[0].shutdown = wait_forever;
  auto world = booted(one_for_one, 0, traits);
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}), ElementsAre("signal a1"));
}

TEST(SupervisorCore, IgnoresTheEndOfAnUnknownLife) { // S10
  auto world = booted(one_for_one, 0, children(1));
  EXPECT_THAT(world.handle(event::down{77, boom}), IsEmpty());
}

TEST(SupervisorCore, KeepsAChildStoppedWhoseManualRestartFails) { // S40
  auto world = booted(one_for_one, 0, children(1, transient));
  world.down("a1", {});
  EXPECT_THAT(world.handle(event::restart_child{1, "a"}), ElementsAre("start a2"));
  EXPECT_THAT(world.down("a2", boom), ElementsAre("start_failed a", "reply 1 start_failed"));
  EXPECT_EQ(world.states(), "a-");
  EXPECT_THAT(world.handle(event::retry{1}), IsEmpty());
}

TEST(SupervisorCore, KeepsNoSpecOfAChildWhoseFirstStartFails) { // S38
  auto world = booted(one_for_one, 0, {});
  EXPECT_THAT(world.handle(event::start_child{1, {.key = 1, .id = "a"}}), ElementsAre("start a1"));
  EXPECT_THAT(world.down("a1", boom),
              ElementsAre("start_failed a", "removed a", "reply 1 start_failed"));
  EXPECT_EQ(world.states(), "");
}

TEST(SupervisorCore, AnswersRequestsInTurnAfterASlowStop) { // S44
  auto world = booted(one_for_one, 0, children(2));
  world.handle(event::terminate_child{1, "a"});
  EXPECT_THAT(world.handle(event::which_children{2}), IsEmpty());
  EXPECT_THAT(world.handle(event::delete_child{3, "a"}), IsEmpty());
  EXPECT_THAT(
      world.down("a1", shutdown_reason),
      ElementsAre("down a shutdown", "reply 1 ok", "children 2 ab", "removed a", "reply 3 ok"));
}

TEST(SupervisorCore, RefusesWhatWaitsWhenItEnds) {
  auto world = booted(one_for_one, 0, children(1));
  world.down("a1", boom);
  auto stopping = booted(one_for_one, 0, children(1));
  stopping.handle(event::stop{shutdown_reason});
  stopping.handle(event::which_children{1});
  stopping.handle(event::restart_child{2, "a"});
  EXPECT_THAT(stopping.down("a1", shutdown_reason),
              ElementsAre("down a shutdown", "refuse 1", "refuse 2", "finish shutdown"));
}

TEST(SupervisorCore, StopsOnlyAfterTheStartInProgress) { // S44
  core_world world{{}, children(2)};
  world.handle(event::boot{});
  EXPECT_THAT(world.handle(event::stop{shutdown_reason}), IsEmpty());
  world.start("a1");
  EXPECT_THAT(world.start("b1"), ElementsAre("started b", "booted", "signal b1", "arm b1 5000"));
}

TEST(SupervisorCore, CountsAChildThatIsBeingRestartedAsActiveForAutoShutdown) { // S47
  auto traits = children(2, transient);
  traits[0].significant = traits[1].significant = true;
  core_world world{{.restarts_max = 5, .auto_shutdown = auto_shutdown::all_significant}, traits};
  world.boot();
  world.down("a1", boom);
  world.down("a2", boom); // a is restarting.
  EXPECT_THAT(world.down("b1", {}), ElementsAre("down b normal"));
  world.handle(event::retry{1});
  world.start("a3");
  EXPECT_THAT(world.down("a3", {}),
              ElementsAre("down a normal", "auto_shutdown", "finish shutdown"));
}

} // namespace
} // namespace ducat::supervision
