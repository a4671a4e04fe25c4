/// A log that is verified from its checkpoint on when it is opened for writing.

#include "log/anchor.hpp"
#include "log/data_directory.hpp"
#include "log_helpers.hpp"
#include "raw_log.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace ducat {
namespace {

using namespace testing;

/// A log of five entries whose third is a checkpoint.
class LogCheckpoint : public ::testing::Test {
protected:
  LogCheckpoint() {
    const auto log = opened(home_.path());
    append_some(*log, 5);
    EXPECT_TRUE(log->checkpoint(3));
  }

  void change(const std::function<void(raw_log&)>& how) const {
    raw_log raw{home_.path()};
    how(raw);
  }

  /// Writes `e` as another payload would have made it, all by itself.
  static entry forged(entry e) {
    e.payload = "forged";
    e.hash = hash_of(e);
    return e;
  }

  temporary_directory home_;
};

TEST_F(LogCheckpoint, LosesNoEntry) {
  const auto log = opened(home_.path());
  EXPECT_EQ(log->first(), 1u);
  EXPECT_EQ(log->last().index, 5u);
  append_some(*log, 1);
  EXPECT_EQ(payloads(*log).size(), 6u);
}

TEST_F(LogCheckpoint, SavesTheWriterFromReadingWhatIsBeforeIt) {
  change([](raw_log& raw) { raw.put(forged(raw.entry_at(2))); });
  const auto log = opened(home_.path());
  EXPECT_EQ(payloads(*log, 4), (std::vector<std::string>{"payload-4", "payload-5"}));
  EXPECT_EQ(log->read(1, [](const entry&) { return true; }).error().code, errc::corrupt);
}

TEST_F(LogCheckpoint, SavesNoReader) {
  change([](raw_log& raw) { raw.put(forged(raw.entry_at(2))); });
  EXPECT_EQ(to_string(refusal(home_.path(), true)),
            "corrupt: log entry 3 does not continue entry 2: the hash chain is broken");
}

TEST_F(LogCheckpoint, IsWhereTheChainOfTheRestBegins) {
  change([](raw_log& raw) { raw.put(forged(raw.entry_at(4))); });
  EXPECT_EQ(to_string(refusal(home_.path())),
            "corrupt: log entry 5 does not continue entry 4: the hash chain is broken");
}

TEST_F(LogCheckpoint, IsAnEntryOfTheLog) {
  change([](raw_log& raw) { raw.put(forged(raw.entry_at(3))); });
  EXPECT_EQ(to_string(refusal(home_.path())),
            "corrupt: log entry 3 is not the one of the checkpoint");
  change([](raw_log& raw) { raw.remove(3); });
  EXPECT_EQ(refusal(home_.path()).code, errc::corrupt);
}

TEST_F(LogCheckpoint, IsNotReadIfItIsDamaged) {
  change([](raw_log& raw) { raw.put_meta(checkpoint_key, "nonsense"); });
  EXPECT_EQ(to_string(refusal(home_.path())), "corrupt: the checkpoint of the log is damaged");
}

TEST_F(LogCheckpoint, IsNotNewerThanWhatWasAcknowledged) {
  ASSERT_TRUE(data_directory::open(home_.path(), directory_access::write)->acknowledge({}));
  EXPECT_EQ(to_string(refusal(home_.path())),
            "corrupt: the checkpoint of the log is entry 3, beyond what was acknowledged");
}

TEST_F(LogCheckpoint, MayBeTheNewestEntry) {
  ASSERT_TRUE(opened(home_.path())->checkpoint(5));
  const auto log = opened(home_.path());
  EXPECT_EQ(log->last().index, 5u);
  append_some(*log, 1);
}

TEST_F(LogCheckpoint, NeverGoesBack) {
  ASSERT_TRUE(opened(home_.path())->checkpoint(2));
  change([](raw_log& raw) { raw.put(forged(raw.entry_at(3))); });
  EXPECT_EQ(refusal(home_.path()).code, errc::corrupt);
}

TEST_F(LogCheckpoint, IsNoEntryThatIsToCome) {
  EXPECT_EQ(opened(home_.path())->checkpoint(6).error().code, errc::not_found);
}

TEST_F(LogCheckpoint, MayBeTrimmedAway) {
  ASSERT_TRUE(opened(home_.path())->trim(4));
  const auto log = opened(home_.path());
  EXPECT_EQ(payloads(*log, 5), std::vector<std::string>{"payload-5"});
}

TEST_F(LogCheckpoint, CannotBeSetByAReader) {
  const auto reader = open_embedded_log({.directory = home_.path(), .read_only = true}).value();
  EXPECT_EQ(reader->checkpoint(4).error().code, errc::not_permitted);
}

} // namespace
} // namespace ducat
