/// What a durable actor does when its log fails. The failing log is a test double; the other is
/// real.

#include "support/temporary_directory.hpp"

#include <ducat/ask.hpp>
#include <ducat/durable.hpp>
#include <ducat/embedded_log.hpp>
#include <ducat/fatal.hpp>
#include <ducat/supervisor.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <gtest/gtest.h>

namespace ducat {
namespace {

using namespace std::chrono_literals;

/// Has an effect for every command.
class counter final : public machine {
public:
  std::optional<std::string> answer_without_commit(std::string_view) const override {
    return std::nullopt;
  }

  std::string apply(const position&, std::string_view) override { return std::to_string(++count_); }

  std::string query(std::string_view) const override { return std::to_string(count_); }

  digest state_digest() const override { return sha256({std::to_string(count_)}); }

private:
  int count_ = 0;
};

/// A log whose disk refuses every write, or whose history is damaged.
class failing_log final : public log {
public:
  explicit failing_log(errc on_read) : on_read_{on_read} {}

  result<epoch> take_epoch() override { return epoch{1}; }

  result<entry> append(epoch, log_time, std::string) override {
    return fail(errc::io, "no space left on device");
  }

  result<void> read(std::uint64_t, const std::function<bool(const entry&)>&) const override {
    if (on_read_ == errc{})
      return {};
    return fail(on_read_, "log entry 7 has a wrong checksum");
  }

  result<void> checkpoint(std::uint64_t) override { return {}; }

  result<void> trim(std::uint64_t) override { return {}; }

  receipt last() const override { return {}; }

  std::uint64_t first() const override { return 1; }

private:
  errc on_read_;
};

/// A tree with one durable actor.
class ledger {
public:
  explicit ledger(std::shared_ptr<log> log) {
    const supervisor_spec spec{
        .flags = {},
        .children = {{.id = "ledger", .start = durable({.log = std::move(log), .machine = [] {
                                                          return std::make_unique<counter>();
                                                        }})}}};
    root_ = start_tree(system_, spec, {.directory = names_}).value();
  }

  ledger(const ledger&) = delete;
  ledger& operator=(const ledger&) = delete;

  ~ledger() { stop_tree(system_, root_); }

  result<committed> run() { return ask<committed>(system_, handle_, 10s, commit{"x"}); }

  result<committed> run_until_known() {
    return ask_until_known<committed>(system_, handle_, 10s, commit{"x"});
  }

  std::uint64_t life() const { return handle_.incarnation(); }

private:
  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  std::shared_ptr<directory> names_ = std::make_shared<directory>();
  handle handle_ = names_->find("ledger");
  caf::actor root_;
};

class DurableActorDeathTest : public ::testing::Test {
protected:
  DurableActorDeathTest() { ::testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};

TEST_F(DurableActorDeathTest, EndsTheProcessWhenTheDiskRefusesAWrite) {
  EXPECT_EXIT((void)ledger{std::make_shared<failing_log>(errc{})}.run(),
              ::testing::ExitedWithCode(fatal_exit_code), "io: no space left on device");
}

TEST_F(DurableActorDeathTest, EndsTheProcessRatherThanServeADamagedLog) {
  EXPECT_EXIT(ledger{std::make_shared<failing_log>(errc::corrupt)},
              ::testing::ExitedWithCode(fatal_exit_code), "corrupt: log entry 7");
}

TEST(DurableActor, IsReplacedByANewLifeWhenItHasLostItsEpoch) {
  const testing::temporary_directory directory;
  const std::shared_ptr<log> log = open_embedded_log({.directory = directory.path()}).value();
  ledger held{log};
  ASSERT_EQ(held.run().value().reply, "1");
  ASSERT_TRUE(log->take_epoch()); // Somebody else has taken over.
  EXPECT_EQ(held.run().error().code, errc::outcome_unknown);
  EXPECT_EQ(held.run_until_known().value().reply, "2") << "the fenced command left no trace";
  EXPECT_EQ(held.life(), 2u);
  EXPECT_EQ(log->last().index, 2u);
}

} // namespace
} // namespace ducat
