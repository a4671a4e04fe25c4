#include "supervision/supervisor_core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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

TEST(SupervisorCore, LetsEachChildKeepItsReasonInARaceWithTheStop) { // S29, sup_stop_race
  std::vector<child_traits> twelve;
  for (const restart_type type : {permanent, transient, temporary})
    for (int i = 0; i < 4; ++i)
      twelve.push_back({.key = twelve.size() + 1, .id = id_of(twelve.size() + 1), .restart = type});
  auto world = booted(one_for_one, 0, twelve);
  world.handle(event::stop{shutdown_reason});
  const exit_reason reasons[] = {{}, shutdown_reason, boom, killed};
  for (int i = 0; i < 11; ++i) // All but the last one, which is being stopped.
    EXPECT_THAT(world.down(id_of(i + 1u) + "1", reasons[i % 4]), IsEmpty());
  std::vector<std::string> ends;
  for (const std::string& action : world.down("l1", boom))
    if (!action.starts_with("removed"))
      ends.push_back(action);
  EXPECT_THAT(ends, ElementsAre("down l crashed: boom", "down k crashed: boom", "down j shutdown",
                                "down i normal", "down h killed", "down g crashed: boom",
                                "down f shutdown", "down e normal", "down d killed",
                                "down c crashed: boom", "down b shutdown", "down a normal",
                                "finish shutdown"));
}

TEST(SupervisorCore, EndsItsOtherChildrenWhenTheRestartsOfOneKeepFailing) { // S15, S33
  for (const strategy how : {one_for_one, one_for_all, rest_for_one}) {     // *_escalation
    auto world = booted(how, 4, children(2));
    world.down("a1", boom);
    if (how != one_for_one)
      world.down("b1", shutdown_reason);
    for (const char* const life : {"a2", "a3", "a4", "a5"}) {
      EXPECT_EQ(world.down(life, boom).back(), "retry a") << how;
      if (life != std::string{"a5"})
        world.handle(event::retry{1});
    }
    auto last = world.handle(event::retry{1});
    EXPECT_EQ(last.front(), "give_up") << how;
    if (how == one_for_one)
      last = world.down("b1", shutdown_reason);
    EXPECT_EQ(last.back(), "finish shutdown") << how;
  }
}

TEST(SupervisorCore, StopsAndStartsTheRestInOrder) { // S21, S25, order_of_children
  auto world = booted(rest_for_one, 1, children(5));
  EXPECT_EQ(world.down("c1", boom).back(), "arm e1 5000");
  EXPECT_EQ(world.down("e1", shutdown_reason).back(), "arm d1 5000");
  EXPECT_EQ(world.down("d1", shutdown_reason).back(), "start c2");
  EXPECT_EQ(world.start("c2").back(), "start d2");
  EXPECT_EQ(world.start("d2").back(), "start e2");
  world.start("e2");
  world.handle(event::stop{shutdown_reason});
  for (const auto& [life, next] : {std::pair{"e2", "d2"}, {"d2", "c2"}, {"c2", "b1"}, {"b1", "a1"}})
    EXPECT_EQ(world.down(life, shutdown_reason).back(), "arm " + std::string{next} + " 5000");
}

TEST(SupervisorCore, CanBeStoppedBetweenTheAttemptsOfARestart) { // S15, hanging_restart_loop
  for (const strategy how : {one_for_one, rest_for_one}) {
    auto world = booted(how, 9, children(2));
    world.down("b1", boom);
    world.down("b2", boom); // b is restarting.
    EXPECT_THAT(world.handle(event::stop{shutdown_reason}),
                ElementsAre("unmark b", "signal a1", "arm a1 5000"))
        << how;
    EXPECT_EQ(world.down("a1", shutdown_reason).back(), "finish shutdown") << how;
  }
}

/// Returns whether `why` as the end of the first of two children of `type` ends their supervisor.
bool shuts_down_when(restart_type type, bool significant, const exit_reason& why) {
  auto traits = children(2, type);
  traits[0].significant = significant;
  core_world world{{.restarts_max = 9, .auto_shutdown = auto_shutdown::any_significant}, traits};
  world.boot();
  const auto actions = world.down("a1", why);
  return std::ranges::find(actions, "auto_shutdown") != actions.end();
}

TEST(SupervisorCore, NeverShutsDownForAChildThatIsNotSignificant) { // S46, nonsignificant_*
  for (const restart_type type : {transient, temporary})
    for (const exit_reason& why : {exit_reason{}, shutdown_reason, boom, killed})
      EXPECT_FALSE(shuts_down_when(type, false, why)) << type << " " << why;
}

TEST(SupervisorCore, ShutsDownForEveryEndOfASignificantTemporaryChild) { // S46
  for (const exit_reason& why : {exit_reason{}, shutdown_reason, boom, killed})
    EXPECT_TRUE(shuts_down_when(temporary, true, why)) << why;
}

TEST(SupervisorCore, ShutsDownOnlyForANormalEndOfASignificantTransientChild) { // S46
  for (const exit_reason& why : {exit_reason{}, shutdown_reason})
    EXPECT_TRUE(shuts_down_when(transient, true, why)) << why;
  for (const exit_reason& why : {boom, killed})
    EXPECT_FALSE(shuts_down_when(transient, true, why)) << why;
}

TEST(SupervisorCore, NeverShutsDownForABystander) { // S48, significant_bystander
  using enum auto_shutdown;
  for (const strategy how : {one_for_all, rest_for_one})
    for (const auto mode : {any_significant, all_significant}) {
      auto traits = children(2);
      traits[1].restart = temporary;
      traits[1].significant = true;
      core_world world{{.strategy = how, .restarts_max = 9, .auto_shutdown = mode}, traits};
      world.boot();
      world.down("a1", killed);
      EXPECT_THAT(world.down("b1", shutdown_reason),
                  ElementsAre("down b shutdown", "removed b", "start a2"));
    }
}

TEST(SupervisorCore, CountsNoChangeByHandAsARestart) { // S16
  auto world = booted(one_for_one, 1, children(1));
  for (const char* const life : {"a1", "a2", "a3"}) {
    world.handle(event::terminate_child{1, "a"});
    world.down(life, shutdown_reason);
    world.handle(event::restart_child{2, "a"});
    world.start("a" + std::to_string(life[1] - '0' + 1));
  }
  EXPECT_EQ(world.down("a4", boom).back(), "start a5");
}

TEST(SupervisorCore, BringsBackTheWholeGroupButForItsTemporaryChildren) { // S20, S24
  auto traits = children(4);                                              // temporary_bystander
  traits[2].restart = temporary;
  auto world = booted(one_for_all, 1, traits);
  world.handle(event::terminate_child{1, "d"});
  world.down("d1", shutdown_reason);
  world.down("a1", boom);
  EXPECT_THAT(world.down("c1", shutdown_reason),
              ElementsAre("down c shutdown", "removed c", "signal b1", "arm b1 5000"));
  world.down("b1", shutdown_reason);
  world.start("a2");
  EXPECT_THAT(world.start("b2"), ElementsAre("started b", "start d2"));
  world.start("d2");
  EXPECT_EQ(world.states(), "a+b+d+");
}

const exit_reason ignored{exit_kind::ignored, ""};

TEST(SupervisorCore, GoesOnBootingAfterAChildThatIgnores) { // S3, sup_start_ignore_child
  core_world world{{}, children(2)};
  world.handle(event::boot{});
  EXPECT_THAT(world.down("a1", ignored), ElementsAre("ignored a", "start b1"));
  EXPECT_THAT(world.start("b1"), ElementsAre("started b", "booted"));
  EXPECT_EQ(world.states(), "a-b+");
}

TEST(SupervisorCore, KeepsNoTraceOfATemporaryChildThatIgnores) { // S3
  core_world world{{}, children(1, temporary)};
  world.handle(event::boot{});
  EXPECT_THAT(world.down("a1", ignored), ElementsAre("ignored a", "removed a", "booted"));
  EXPECT_THAT(world.handle(event::start_child{1, {.key = 2, .id = "b", .restart = temporary}}),
              ElementsAre("start b1"));
  EXPECT_THAT(world.down("b1", ignored), ElementsAre("ignored b", "removed b", "reply 1 ok"));
  EXPECT_EQ(world.states(), "");
}

TEST(SupervisorCore, CountsTheStartOfAChildThatIgnoresAsASuccess) { // S3, S40
  auto world = booted(one_for_one, 0, {});
  world.handle(event::start_child{1, {.key = 1, .id = "a"}});
  EXPECT_THAT(world.down("a1", ignored), ElementsAre("ignored a", "reply 1 ok"));
  EXPECT_THAT(world.handle(event::restart_child{2, "a"}), ElementsAre("start a2"));
  EXPECT_THAT(world.down("a2", ignored), ElementsAre("ignored a", "reply 2 ok"));
  EXPECT_EQ(world.states(), "a-");
}

TEST(SupervisorCore, SaysInTheAnswerThatTheChildIgnored) { // S3: {ok, undefined}
  supervisor_core core{{}, {}};
  core.handle(event::boot{}, start_of_time);
  core.handle(event::start_child{1, {.key = 1, .id = "a"}}, start_of_time);
  const auto actions = core.handle(event::down{1, ignored}, start_of_time);
  EXPECT_EQ(std::get<action::reply>(actions.back()).answer.reason, ignored);
}

TEST(SupervisorCore, TriesAChildThatIgnoresInARestartNoMore) { // S3
  auto world = booted(rest_for_one, 1, children(3));
  world.down("b1", boom);
  world.down("c1", shutdown_reason);
  EXPECT_THAT(world.down("b2", ignored), ElementsAre("ignored b", "start c2"));
  EXPECT_THAT(world.start("c2"), ElementsAre("started c"));
  EXPECT_EQ(world.states(), "a+b-c+");
}

TEST(SupervisorCore, DoesNotShutDownForASignificantChildThatIgnores) { // S3, S46
  auto traits = children(2, transient);
  traits[0].significant = true;
  core_world world{{.auto_shutdown = auto_shutdown::any_significant}, traits};
  world.handle(event::boot{});
  EXPECT_THAT(world.down("a1", ignored), ElementsAre("ignored a", "start b1"));
}

TEST(SupervisorCore, CountsAChildThatDoesNotRunAsNotActive) { // S42, count_restarting_children
  auto world = booted(one_for_one, 9, children(4));
  world.handle(event::terminate_child{1, "a"});
  world.down("a1", shutdown_reason);
  world.down("b1", boom);
  world.down("b2", boom); // b is restarting.
  EXPECT_THAT(world.handle(event::count_children{2}),
              ElementsAre("counts 2 specs=4 active=2 supervisors=0 workers=4"));
}

TEST(SupervisorCore, CountsSupervisorsAndWorkersApart) { // S42, count_children_supervisor
  auto traits = children(3);
  traits[1].is_supervisor = true;
  auto world = booted(one_for_one, 0, traits);
  world.handle(event::terminate_child{1, "b"});
  world.down("b1", shutdown_reason);
  EXPECT_THAT(world.handle(event::count_children{2}),
              ElementsAre("counts 2 specs=3 active=2 supervisors=1 workers=2"));
}

TEST(SupervisorCore, CountsAThousandChildren) { // S42, count_children
  std::vector<child_traits> many;
  for (child_key key = 1; key <= 1'000; ++key)
    many.push_back({.key = key, .id = std::to_string(key)});
  supervisor_core core{{}, std::move(many)};
  core.handle(event::boot{}, start_of_time);
  for (life_id life = 1; life <= 1'000; ++life)
    core.handle(event::started{life}, start_of_time);
  const auto actions = core.handle(event::count_children{1}, start_of_time);
  EXPECT_EQ(std::get<action::reply_counts>(actions.back()).counts,
            (child_counts{.specs = 1'000, .active = 1'000, .supervisors = 0, .workers = 1'000}));
}

TEST(SupervisorCore, NamesOneChildOrNone) { // S42, which_child/2
  auto world = booted(one_for_one, 0, children(2));
  EXPECT_THAT(world.handle(event::which_child{1, "b"}), ElementsAre("children 1 b"));
  EXPECT_THAT(world.handle(event::which_child{2, "z"}), ElementsAre("children 2 "));
}

/// A change to the children `ids`, whose specs come with the keys 11, 12, ...
event::change_specs change_to(const std::string& ids, const supervisor_flags& flags) {
  event::change_specs change{.request = 1, .flags = flags, .children = {}};
  for (const char id : ids)
    change.children.push_back({.key = 11 + change.children.size(), .id = std::string(1, id)});
  return change;
}

TEST(SupervisorCore, KeepsTheLivesOfItsChildrenWhenTheSpecsChange) { // S50, code_change
  auto world = booted(one_for_one, 0, children(2));
  EXPECT_THAT(world.handle(change_to("ba", {})), ElementsAre("adopt b<11 a<12", "reply 1 ok"));
  EXPECT_EQ(world.states(), "b+a+");
}

TEST(SupervisorCore, ListsANewChildWithoutStartingIt) { // S50, code_change
  auto world = booted(one_for_one, 0, children(1));
  EXPECT_THAT(world.handle(change_to("ka", {})), ElementsAre("adopt k a<12", "reply 1 ok"));
  EXPECT_EQ(world.states(), "k-a+");
  EXPECT_THAT(world.handle(event::restart_child{2, "k"}), ElementsAre("start k1"));
}

TEST(SupervisorCore, KeepsChildrenThatAreMissingInTheNewSpecsAfterTheOthers) { // S50
  auto world = booted(one_for_one, 0, children(4));
  EXPECT_THAT(world.handle(change_to("d", {})), ElementsAre("adopt d<11 a b c", "reply 1 ok"));
  EXPECT_EQ(world.states(), "d+a+b+c+");
}

TEST(SupervisorCore, RestartsAsTheNewSpecsAndFlagsSay) { // S50
  auto world = booted(one_for_one, 0, children(2));
  auto change = change_to("ab", {.strategy = one_for_all, .restarts_max = 1});
  change.children[1].restart = temporary;
  change.children[1].shutdown = brutal_kill;
  world.handle(std::move(change));
  EXPECT_THAT(world.down("a1", boom), ElementsAre("down a crashed: boom", "restart a", "kill b1"));
  EXPECT_THAT(world.down("b1", killed), ElementsAre("down b killed", "removed b", "start a2"));
}

TEST(SupervisorCore, ForgetsNoRestartWhenTheSpecsChange) { // S11, S50
  auto world = booted(one_for_one, 2, children(1));
  world.down("a1", boom);
  world.start("a2");
  world.handle(change_to("a", {.restarts_max = 1}));
  EXPECT_THAT(world.down("a2", boom),
              ElementsAre("down a crashed: boom", "give_up", "finish shutdown"));
}

TEST(SupervisorCore, GoesOnTryingARestartWhenTheSpecsChange) { // S15, S50
  auto world = booted(one_for_one, 9, children(1));
  world.down("a1", boom);
  world.down("a2", boom); // a is restarting.
  world.handle(change_to("a", {.restarts_max = 9}));
  EXPECT_EQ(world.states(), "a~");
  EXPECT_EQ(world.handle(event::retry{1}).back(), "start a3");
}

TEST(SupervisorCore, ChangesItsSpecsOnlyAfterTheStopInProgress) { // S44, S50
  auto world = booted(one_for_one, 0, children(2));
  world.handle(event::terminate_child{7, "a"});
  EXPECT_THAT(world.handle(change_to("b", {})), IsEmpty());
  EXPECT_THAT(world.down("a1", shutdown_reason),
              ElementsAre("down a shutdown", "reply 7 ok", "adopt b<11 a", "reply 1 ok"));
}

/// Returns whether the normal end of the first of two significant children ends a supervisor whose
/// auto_shutdown has just changed.
bool shuts_down(auto_shutdown from, auto_shutdown to) {
  auto traits = children(2, transient);
  for (child_traits& child : traits)
    child.significant = from != auto_shutdown::never;
  core_world world{{.auto_shutdown = from}, traits};
  world.boot();
  auto change = change_to("ab", {.auto_shutdown = to});
  for (child_traits& child : change.children) {
    child.restart = transient;
    child.significant = to != auto_shutdown::never;
  }
  world.handle(std::move(change));
  const auto first = world.down("a1", {});
  return std::ranges::find(first, "auto_shutdown") != first.end();
}

TEST(SupervisorCore, ShutsDownAsTheNewFlagsSay) { // S50, significant_upgrade_*
  using enum auto_shutdown;
  EXPECT_TRUE(shuts_down(never, any_significant));
  EXPECT_FALSE(shuts_down(any_significant, never));
  EXPECT_FALSE(shuts_down(never, all_significant));
  EXPECT_FALSE(shuts_down(all_significant, never));
  EXPECT_FALSE(shuts_down(any_significant, all_significant));
  EXPECT_TRUE(shuts_down(all_significant, any_significant));
}

TEST(SupervisorCore, ShutsDownForAChildThatHasBecomeSignificantOnly) { // S50
  for (const bool significant : {false, true}) {                       // significant_upgrade_child
    auto traits = children(1, transient);
    traits[0].significant = !significant;
    core_world world{{.auto_shutdown = auto_shutdown::any_significant}, traits};
    world.boot();
    auto change = change_to("a", {.auto_shutdown = auto_shutdown::any_significant});
    change.children[0].restart = transient;
    change.children[0].significant = significant;
    world.handle(std::move(change));
    EXPECT_EQ(world.down("a1", {}).back() == "finish shutdown", significant);
  }
}

} // namespace
} // namespace ducat::supervision
