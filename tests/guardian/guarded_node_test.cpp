/// The real program: a guardian, its runtime, and what becomes of both.

#include "guardian/guarded_node.hpp"
#include "guardian/heart.hpp"

#include <ducat/fatal.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

namespace ducat::guardian {
namespace {

using ::testing::HasSubstr;

constexpr int refused = static_cast<int>(cli::exit_code::refused);

TEST_F(GuardedNode, RunsAgainAfterItWasKilledAndSaysSo) {
  start();
  EXPECT_EQ(run({"status"})["last_end"], "");
  ::kill(runtime_, SIGKILL);
  EXPECT_EQ(await_restart(), "reason=\"killed by SIGKILL\"");
  EXPECT_EQ(run({"status"})["last_end"], "killed by SIGKILL");
}

TEST_F(GuardedNode, CountsTheTimeWithoutARuntime) {
  start({"--config", configured("[guardian]\nbackoff_ms = 300\n")});
  ::kill(runtime_, SIGKILL);
  await_restart();
  const json node = run({"availability", "node1"})["subjects"][0];
  EXPECT_EQ(node["failures"], "1");
  EXPECT_GE(std::stoll(node["mttr_us"].get<std::string>()), 300'000) << "the guardian's backoff";
}

TEST_F(GuardedNode, PaysOnceThroughANativeCrashInAPaymentActor) {
  start();
  run({"account", "create", "world", "--currency", "EUR", "--overdraft"});
  run({"account", "create", "alice", "--currency", "EUR"});
  const auto pay = [&] {
    return run({"--timeout", "1", "pay", "create", "--from", "world", "--to", "alice", "--amount",
                "250", "--currency", "EUR", "--key", "k1"});
  };
  run({"faults", "arm", "payment.after_capture", "--fault", "segv"});
  pay();
  EXPECT_EQ(await_restart(), "reason=\"native crash: SIGSEGV at 0x0000000000000010\"");
  EXPECT_EQ(pay()["replayed"], true);
  EXPECT_EQ(run({"account", "show", "alice"})["balance"], "250");
}

TEST_F(GuardedNode, GivesUpLoudly) {
  start({"--config", configured("[guardian]\nrestarts_max = 1\nbackoff_ms = 1\n")});
  ::kill(runtime_, SIGKILL);
  await_restart();
  run({"crash", "payments/w1", "--fault", "segv"});
  EXPECT_EQ(program_->wait(), fatal_exit_code);
  EXPECT_THAT(log_.wait_for("ducat: the node was restarted 1 times within 60 s"),
              HasSubstr("killed by SIGKILL; native crash: SIGSEGV at 0x0000000000000010"));
}

// What no restart mends ---------------------------------------------------------------------------

TEST_F(GuardedNode, PassesOnAtOnceThatItsConfigurationIsWrong) {
  launch({"--config", configured("[guardian]\nrestart = 1\n")});
  EXPECT_EQ(program_->wait(), static_cast<int>(cli::exit_code::usage));
  log_.wait_for("`guardian.restart` is not known");
}

TEST_F(GuardedNode, PassesOnAtOnceThatItsDataDirectoryIsInUse) {
  start();
  line_pipe second_log{directory_.path() / "second"};
  testing::child_program second{
      {.words = {DUCAT_PROGRAM, "node", "--data", data_, "--grpc", "127.0.0.1:0", "--http", http_},
       .error_file = second_log.path()}};
  EXPECT_EQ(second.wait(), static_cast<int>(cli::exit_code::in_use));
  second_log.wait_for("runtime_ended reason=\"exit 75\"");
  EXPECT_EQ(second_log.count("runtime_started"), 1);
}

TEST_F(GuardedNode, PassesOnAtOnceThatItsDataIsOfANewerVersion) {
  std::filesystem::create_directory(data_);
  std::ofstream{data_ / "DUCAT"} << "ducat 99\nid 0\n";
  launch();
  EXPECT_EQ(program_->wait(), refused);
  log_.wait_for("runtime_ended reason=\"exit 78\"");
  EXPECT_EQ(log_.count("runtime_started"), 1);
}

TEST_F(GuardedNode, PassesOnAtOnceThatItsDataIsOfAnotherCluster) {
  start();
  program_->signal(SIGTERM);
  ASSERT_EQ(program_->wait(), 0);
  launch({"--config", configured("cluster = 'south'\n")});
  EXPECT_EQ(program_->wait(), refused);
}

TEST_F(GuardedNode, PassesOnAtOnceThatItMayNotServeThere) {
  http_ = "0.0.0.0:0";
  launch();
  EXPECT_EQ(program_->wait(), refused);
}

// A stop ------------------------------------------------------------------------------------------

TEST_F(GuardedNode, StopsInOrderWhenItIsTold) {
  for (const int number : {SIGTERM, SIGINT}) {
    start();
    program_->signal(number);
    EXPECT_EQ(program_->wait(), 0);
    EXPECT_EQ(program_->read_line(), std::nullopt) << "nobody holds its output";
  }
}

TEST_F(GuardedNode, StopsInOrderWhenItIsToldWhileItStarts) {
  launch();
  log_.wait_for("runtime_started"); // Not much of the runtime runs by now.
  program_->signal(SIGTERM);
  EXPECT_EQ(program_->wait(), 0);
}

TEST_F(GuardedNode, StopsInOrderWhenOnlyItsRuntimeIsTold) {
  start();
  ::kill(runtime_, SIGTERM);
  EXPECT_EQ(program_->wait(), 0);
}

TEST_F(GuardedNode, GoesOnAfterSighup) {
  start();
  program_->signal(SIGHUP);
  ::kill(runtime_, SIGHUP);
  ::kill(runtime_, SIGKILL);
  EXPECT_EQ(await_restart(), "reason=\"killed by SIGKILL\"");
}

TEST_F(GuardedNode, KillsWhatHangsWhenItIsToldToStopAgain) {
  start({"--stop-within", "3600"});
  run({"crash", "ledger", "--fault", "hang", "--lease", "600000"});
  program_->signal(SIGTERM);
  log_.wait_for("runtime_stops");
  program_->signal(SIGTERM);
  EXPECT_EQ(program_->wait(), fatal_exit_code);
  log_.wait_for("ducat: the stop was not in order: killed by SIGKILL");
}

TEST_F(GuardedNode, KillsWhatDoesNotStopInTime) {
  start({"--stop-within", "1"});
  ::kill(runtime_, SIGSTOP);
  program_->signal(SIGTERM);
  EXPECT_EQ(program_->wait(), fatal_exit_code);
  log_.wait_for("ducat: the stop was not in order: killed by SIGKILL");
}

// Watching ----------------------------------------------------------------------------------------

TEST_F(GuardedNode, RestartsARuntimeThatStandsStill) {
  start({"--hang-after", "3"});
  ::kill(runtime_, SIGSTOP);
  log_.wait_for("runtime_hung without_beat_s=3");
  EXPECT_EQ(await_restart(), "reason=\"hung for 3 s\"");
}

// It cannot see it while it lasts: the guardian kills it if that takes too long.
TEST_F(GuardedNode, LogsThatItStoodStill) {
  start();
  ::kill(runtime_, SIGSTOP);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{2};
  while (std::chrono::steady_clock::now() < end)
    run({"status"}); // Nobody answers.
  ::kill(runtime_, SIGCONT);
  log_.wait_for("[fault] [warning] runtime_paused for_ms=");
}

TEST(Heart, TakesForAPauseWhatNoBusyMachineCauses) {
  const time_point beat{std::chrono::seconds{7}};
  EXPECT_FALSE(pause_between(beat, beat + beat_interval));
  EXPECT_FALSE(pause_between(beat, beat + beat_interval + std::chrono::seconds{1}));
  EXPECT_EQ(pause_between(beat, beat + std::chrono::milliseconds{3'250}),
            std::chrono::milliseconds{3'250});
}

TEST_F(GuardedNode, RestartsARuntimeWhoseSchedulerStandsStill) {
  const unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  workers_ = std::to_string(threads);
  start({"--hang-after", "3"});
  for (unsigned i = 1; i <= threads; ++i) // The last one cannot be answered.
    run({"--timeout", "1", "crash", "payments/w" + std::to_string(i), "--fault", "hang", "--lease",
         "600000"});
  EXPECT_EQ(await_restart(), "reason=\"hung for 3 s\"");
}

TEST_F(GuardedNode, EndsWithItsGuardian) {
  dies_with_test_ = false; // That would be true of the runtime, too.
  start();
  ::kill(runtime_, SIGSTOP); // So it cannot see for itself that nobody reads its beats.
  program_->signal(SIGKILL);
  program_->wait();
  EXPECT_EQ(program_->read_line(), std::nullopt) << "nobody holds its output";
}

TEST_F(GuardedNode, HasAGuardianOfOneThread) {
  start();
  std::ifstream status{"/proc/" + std::to_string(program_->pid()) + "/status"};
  std::stringstream text;
  text << status.rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("\nThreads:\t1\n"));
}

TEST_F(GuardedNode, IsCalledByTheNameOfTheProgram) {
  start();
  std::string name;
  std::getline(std::ifstream{"/proc/" + std::to_string(runtime_) + "/comm"}, name);
  EXPECT_EQ(name, "ducat");
}

} // namespace
} // namespace ducat::guardian
