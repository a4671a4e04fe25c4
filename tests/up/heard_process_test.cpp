/// A program that is listened to while it runs.

#include "up/heard_process.hpp"

#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <optional>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class HeardProcess : public ::testing::Test {
protected:
  void start(const std::string& script) {
    auto begun = watched_process::start({"sh", "-c", script});
    ASSERT_TRUE(begun) << begun.error();
    process_.emplace(std::move(*begun),
                     heard_process::listener{
                         .on_line = [this](const std::string& line) { said_.push_back(line); },
                         .on_end = [this] { ++ends_; }});
  }

  std::vector<std::string> said() const {
    return process_->look([this] { return said_; });
  }

  static constexpr duration patience = 60s;

  std::vector<std::string> said_;
  int ends_ = 0;
  std::optional<heard_process> process_;
};

TEST_F(HeardProcess, TellsEachLineAndTheEndOnce) {
  start("echo one; echo two >&2; printf three");
  EXPECT_TRUE(process_->wait_until_ended(patience));
  EXPECT_THAT(said(), ElementsAre("one", "two", "three"));
  EXPECT_EQ(process_->look([this] { return ends_; }), 1);
}

TEST_F(HeardProcess, IsWaitedForUntilItHasSaidSomething) {
  start("echo ready; exec tail -f /dev/null");
  EXPECT_TRUE(process_->wait_until([this] { return !said_.empty(); }, patience));
  EXPECT_FALSE(process_->wait_until_ended(0s)) << "it runs";
  process_->signal(SIGTERM);
  EXPECT_TRUE(process_->wait_until_ended(patience));
}

// What will never be said is not waited for.
TEST_F(HeardProcess, IsNotWaitedForWhenItHasEnded) {
  start("echo no");
  EXPECT_FALSE(process_->wait_until([this] { return said_.size() > 1; }, std::chrono::hours{1}));
}

TEST_F(HeardProcess, IsKilledAtTheEnd) {
  start("echo $$; exec tail -f /dev/null");
  ASSERT_TRUE(process_->wait_until([this] { return !said_.empty(); }, patience));
  const pid_t pid = std::stoi(said()[0]);
  EXPECT_EQ(::kill(pid, 0), 0);
  process_.reset();
  EXPECT_EQ(::kill(pid, 0), -1) << "and nobody waits for it any more";
}

} // namespace
} // namespace ducat::cli
