/// What a guardian decides, as transcripts: an event goes in, lines come out.

#include "guardian/guardian_core.hpp"

#include <ducat/fatal.hpp>

#include <gtest/gtest.h>
#include <signal.h>

namespace ducat::guardian {
namespace {

using namespace std::chrono_literals;

class Guardian : public ::testing::Test {
protected:
  /// Starts with other limits than the defaults.
  void begin(const guardian_limits& limits) {
    core_ = std::make_unique<guardian_core>(limits);
    EXPECT_EQ(printed(core_->begin(now_)), "start\n");
  }

  std::string at_once(const event& what) { return printed(core_->handle(what, now_)); }

  std::string after(duration time, const event& what) {
    now_ += time;
    return at_once(what);
  }

  /// Lets time pass until the guardian wants a tick, gives it, and returns what comes of it.
  std::string at_its_alarm() {
    EXPECT_TRUE(core_->alarm());
    now_ = core_->alarm().value_or(now_);
    return at_once(tick{});
  }

  duration until_alarm() const { return core_->alarm().value_or(now_) - now_; }

  static runtime_ended exited(int code) { return {{.code = code}}; }

  static runtime_ended killed(int signal) { return {{.signal = signal}}; }

  static std::string printed(const std::vector<action>& actions) {
    std::string text;
    for (const action& one : actions)
      text += to_string(one) + "\n";
    return text;
  }

  std::unique_ptr<guardian_core> core_;
  time_point now_{1h};
};

TEST_F(Guardian, StartsTheRuntimeAgainAndTellsItHowTheOneBeforeEnded) {
  begin({});
  EXPECT_EQ(after(1s, killed(SIGKILL)),
            "warn runtime_ended reason=\"killed by SIGKILL\" restarts=1/5 wait_ms=100\n"
            "notify STATUS=restarting after: killed by SIGKILL\n");
  EXPECT_EQ(until_alarm(), 100ms);
  EXPECT_EQ(after(99ms, tick{}), "");
  EXPECT_EQ(after(1ms, tick{}), "start after \"killed by SIGKILL\"\n");
}

TEST_F(Guardian, TellsWhatTheRuntimeSaidOfItsCrash) {
  begin({});
  EXPECT_EQ(at_once(crash_report{.signal = SIGSEGV, .code = 1, .address = 16}), "");
  at_once(killed(SIGSEGV));
  EXPECT_EQ(at_its_alarm(), "start after \"native crash: SIGSEGV at 0x0000000000000010\"\n");
  at_once(killed(SIGSEGV)); // The next one has said nothing.
  EXPECT_EQ(at_its_alarm(), "start after \"killed by SIGSEGV\"\n");
}

TEST_F(Guardian, WaitsTwiceAsLongEachTimeUntilALifeHasLasted) {
  begin({.restarts_max = 100, .backoff = {.initial = 100ms, .max = 300ms, .jitter_percent = 0}});
  for (const duration wait : {100ms, 200ms, 300ms, 300ms}) {
    after(299ms, exited(70));
    EXPECT_EQ(until_alarm(), wait);
    at_its_alarm();
  }
  after(300ms, exited(70));
  EXPECT_EQ(until_alarm(), 100ms);
}

TEST_F(Guardian, GivesUpAndSaysHowTheLastOnesEnded) {
  begin({.restarts_max = 2});
  at_once(exited(70));
  at_its_alarm();
  at_once(killed(SIGKILL));
  at_its_alarm();
  EXPECT_EQ(at_once(killed(SIGBUS)),
            "notify STATUS=given up after: killed by SIGBUS\n"
            "end 70 the node was restarted 2 times within 60 s and is not started again; its last "
            "ends, oldest first: exit 70; killed by SIGKILL; killed by SIGBUS\n");
  EXPECT_FALSE(core_->alarm());
  EXPECT_EQ(after(1min, tick{}) + at_once(stop_requested{}) + at_once(beat{}), "");
}

TEST_F(Guardian, CountsOnlyTheRestartsOfItsWindow) {
  begin({.restarts_max = 1, .window = 2s, .hang_after = 1h});
  for (int i = 0; i < 3; ++i) {
    after(2s, exited(70)); // Its wait is between this end and the one before, too.
    EXPECT_TRUE(at_its_alarm().starts_with("start")) << i;
  }
}

TEST_F(Guardian, PassesOnTheEndsThatNoRestartMends) {
  for (const int code : {0, 64, 75, 78}) {
    begin({});
    const std::string number = std::to_string(code);
    EXPECT_EQ(at_once(exited(code)),
              "info runtime_ended reason=\"exit " + number + "\"\nend " + number + "\n");
  }
}

TEST_F(Guardian, RestartsAfterEveryOtherExitCode) {
  for (const int code : {1, 2, 69, fatal_exit_code, 71, 255}) {
    begin({});
    at_once(exited(code));
    EXPECT_EQ(at_its_alarm(), "start after \"exit " + std::to_string(code) + "\"\n");
  }
}

TEST_F(Guardian, TriesAgainIfNoProcessCanBeStarted) {
  begin({});
  EXPECT_EQ(at_once(start_failed{"no memory"}),
            "warn runtime_ended reason=\"not started: no memory\" restarts=1/5 wait_ms=100\n"
            "notify STATUS=restarting after: not started: no memory\n");
  EXPECT_EQ(at_its_alarm(), "start after \"not started: no memory\"\n");
}

TEST_F(Guardian, TellsTheManagerThatItIsReadyAtEachStart) {
  begin({});
  EXPECT_EQ(at_once(became_ready{}), "notify READY=1 STATUS=running, 0 restarts\n");
  at_once(exited(70));
  at_its_alarm();
  EXPECT_EQ(at_once(became_ready{}),
            "notify READY=1 STATUS=running, 1 restarts, the last one after: exit 70\n");
}

// A runtime that hangs ----------------------------------------------------------------------------

TEST_F(Guardian, AbortsARuntimeThatGivesNoSignOfLife) {
  begin({});
  EXPECT_EQ(after(9s, beat{}), "");
  EXPECT_EQ(after(9'999ms, tick{}), "");
  EXPECT_EQ(after(1ms, tick{}), "error runtime_hung without_beat_s=10\nsignal SIGABRT\n");
  at_once(crash_report{.signal = SIGABRT});
  EXPECT_EQ(at_once(killed(SIGABRT)),
            "warn runtime_ended reason=\"hung for 10 s\" restarts=1/5 wait_ms=100\n"
            "notify STATUS=restarting after: hung for 10 s\n");
  EXPECT_EQ(at_its_alarm(), "start after \"hung for 10 s\"\n");
}

TEST_F(Guardian, KillsAHungRuntimeThatDoesNotEndBySigabrt) {
  begin({.core_grace = 3s});
  at_its_alarm();
  EXPECT_EQ(at_once(beat{}), "") << "it is too late";
  EXPECT_EQ(until_alarm(), 3s);
  EXPECT_EQ(at_its_alarm(), "signal SIGKILL\n");
  EXPECT_FALSE(core_->alarm());
  at_once(killed(SIGKILL));
  EXPECT_EQ(at_its_alarm(), "start after \"hung for 10 s\"\n");
}

TEST_F(Guardian, TakesNoRuntimeForHungWhenItWasHeldUpItself) {
  begin({});
  EXPECT_EQ(after(10s + 5'001ms, tick{}), "") << "the machine may have slept";
  EXPECT_EQ(until_alarm(), 10s);
  EXPECT_EQ(at_its_alarm(), "error runtime_hung without_beat_s=10\nsignal SIGABRT\n");
}

TEST_F(Guardian, TellsTheManagerOfBeatsOnlyIfItWantsToHear) {
  begin({});
  EXPECT_EQ(at_once(beat{}), "");
  begin({.tells_beats = true});
  EXPECT_EQ(at_once(beat{}), "notify WATCHDOG=1\n");
  at_its_alarm();
  EXPECT_EQ(at_once(beat{}), "") << "it hangs";
}

// A stop ------------------------------------------------------------------------------------------

constexpr const char* stopping = "notify STOPPING=1 STATUS=stopping\n"
                                 "info runtime_stops within_s=20\n"
                                 "signal SIGTERM\n";

TEST_F(Guardian, StopsTheRuntimeInOrder) {
  begin({});
  EXPECT_EQ(after(1s, stop_requested{}), stopping);
  EXPECT_EQ(after(1s, exited(0)), "end 0\n");
}

TEST_F(Guardian, KillsARuntimeThatDoesNotStopInTime) {
  begin({});
  at_once(stop_requested{});
  EXPECT_EQ(after(10s, beat{}), "");
  EXPECT_EQ(until_alarm(), 10s);
  EXPECT_EQ(at_its_alarm(), "signal SIGKILL\n");
  EXPECT_EQ(at_once(killed(SIGKILL)), "end 70 the stop was not in order: killed by SIGKILL\n");
}

TEST_F(Guardian, KillsTheRuntimeWhenItIsToldToStopAgain) {
  begin({});
  at_once(stop_requested{});
  EXPECT_EQ(at_once(stop_requested{}), "signal SIGKILL\n");
}

TEST_F(Guardian, PassesOnHowAStoppingRuntimeExits) {
  begin({});
  at_once(stop_requested{});
  EXPECT_EQ(at_once(exited(70)), "end 70\n") << "no restart";
}

TEST_F(Guardian, EndsAtOnceWhenItIsToldToStopWhileItWaits) {
  begin({});
  at_once(exited(70));
  EXPECT_EQ(at_once(stop_requested{}), "notify STOPPING=1 STATUS=stopping\nend 0\n");
}

TEST_F(Guardian, GivesAHungRuntimeNoMoreTimeBecauseOfAStop) {
  begin({.core_grace = 3s});
  at_its_alarm();
  EXPECT_EQ(after(1s, stop_requested{}), stopping);
  EXPECT_EQ(until_alarm(), 2s);
  EXPECT_EQ(at_its_alarm(), "signal SIGKILL\n");
}

} // namespace
} // namespace ducat::guardian
