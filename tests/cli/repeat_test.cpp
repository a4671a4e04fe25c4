#include "cli/fake_node.hpp"
#include "client/repeat.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace ducat::testing {

namespace {

using namespace std::chrono_literals;
using cli::failure_kind;
using cli::repetition;
using ::testing::HasSubstr;

const grpc::Status nothing_done = typed(v1::Error::UNAVAILABLE, "busy");
const grpc::Status lost{grpc::StatusCode::UNAVAILABLE, "Socket closed"};
const grpc::Status refused = typed(v1::Error::CONFLICT, "no");
const grpc::Status unreachable{grpc::StatusCode::UNAVAILABLE, "failed to connect to all addresses"};

/// Attempts that fail as they are told to, in virtual time.
class Repeat : public ::testing::Test {
protected:
  /// Each attempt takes `took`; after `script` every attempt fails like the last.
  std::optional<cli::failure> run(repetition how, std::vector<grpc::Status> script,
                                  duration took = 0ms) {
    const cli::surroundings around{.now = [this] { return now_; },
                                   .sleep = [this](duration pause) { now_ += pause; },
                                   .random = [] { return std::uint64_t{0}; },
                                   .nodes = nodes_};
    attempts_ = 0;
    return cli::repeat({.total = 10s, .attempt = 2s}, how, around, [&](duration left) {
      EXPECT_GE(left, 500ms); // With less an attempt would but lose what is known.
      EXPECT_LE(left, 2s);
      now_ += took;
      const std::size_t next = std::min<std::size_t>(attempts_++, script.size() - 1);
      return script[next];
    });
  }

  duration elapsed() const { return now_ - time_point{}; }

  time_point now_{};
  std::size_t nodes_ = 1;
  unsigned attempts_ = 0;
};

} // namespace

TEST_F(Repeat, EndsWithTheFirstSuccess) {
  EXPECT_FALSE(run(repetition::keyed, {nothing_done, lost, unreachable, grpc::Status::OK}));
  EXPECT_EQ(attempts_, 4u);
}

TEST_F(Repeat, EndsWithARefusal) {
  const auto failed = run(repetition::keyed, {nothing_done, lost, refused});
  EXPECT_EQ(failed->kind, failure_kind::refused);
  EXPECT_EQ(attempts_, 3u);
}

TEST_F(Repeat, GivesUpWhenTheTimeIsOver) {
  const auto failed = run(repetition::keyed, {nothing_done});
  EXPECT_EQ(failed->kind, failure_kind::nothing_done);
  EXPECT_LE(elapsed(), 10s);
  EXPECT_GT(elapsed(), 8s);
}

TEST_F(Repeat, StaysInDoubtOnceAnAttemptWas) {
  EXPECT_EQ(run(repetition::keyed, {lost, unreachable})->kind, failure_kind::unknown);
  EXPECT_EQ(run(repetition::keyed, {unreachable})->kind, failure_kind::unreachable);
}

TEST_F(Repeat, StaysInDoubtWhenOnlyTheTransportRefuses) {
  const grpc::Status by_transport{grpc::StatusCode::UNAUTHENTICATED, "who are you"};
  EXPECT_EQ(run(repetition::keyed, {lost, by_transport})->kind, failure_kind::unknown);
  EXPECT_EQ(run(repetition::keyed, {by_transport})->kind, failure_kind::refused);
}

TEST_F(Repeat, SaysInTheErrorTooThatTheOutcomeIsUnknown) {
  const auto failed = run(repetition::keyed, {lost, nothing_done});
  EXPECT_EQ(failed->kind, failure_kind::unknown);
  EXPECT_EQ(failed->error.type(), v1::Error::UNKNOWN_OUTCOME);
  EXPECT_EQ(failed->error.code(), "outcome_unknown");
  EXPECT_THAT(failed->error.message(), HasSubstr("the test says busy"));
}

TEST_F(Repeat, KeepsTheErrorOfAnAttemptThatIsItselfInDoubt) {
  EXPECT_EQ(run(repetition::keyed, {lost})->error.code(), "connection_lost");
}

TEST_F(Repeat, NeverRepeatsWhatHasNoKeyAndMayHaveBeenDone) {
  EXPECT_EQ(run(repetition::once, {nothing_done, lost})->kind, failure_kind::unknown);
  EXPECT_EQ(attempts_, 2u);
}

TEST_F(Repeat, DoesNotWaitForANodeThatIsNotThereOnlyToRead) {
  EXPECT_EQ(run(repetition::read, {unreachable})->kind, failure_kind::unreachable);
  EXPECT_EQ(attempts_, 1u);
}

// Another one may be there: nothing was sent to the first.
TEST_F(Repeat, AsksEveryNodeOnceBeforeNoneIsThere) {
  nodes_ = 3;
  EXPECT_FALSE(run(repetition::read, {unreachable, unreachable, grpc::Status::OK}));
  EXPECT_EQ(run(repetition::read, {unreachable})->kind, failure_kind::unreachable);
  EXPECT_EQ(attempts_, 3u);
}

TEST_F(Repeat, LeavesNoDoubtAboutARead) {
  EXPECT_EQ(run(repetition::read, {lost, nothing_done}, 3s)->kind, failure_kind::nothing_done);
}

TEST(Backoff, DoublesUpToItsCapAndIsRandomInTheUpperHalf) {
  const cli::backoff pauses{.first = 20ms, .cap = 1s};
  EXPECT_EQ(pauses.pause(1, 0), 10ms);
  EXPECT_EQ(pauses.pause(2, 0), 20ms);
  EXPECT_EQ(pauses.pause(7, 0), 500ms);
  EXPECT_EQ(pauses.pause(1'000'000, 0), 500ms);
  for (const std::uint64_t random : {std::uint64_t{0}, std::uint64_t{12345}, ~std::uint64_t{0}}) {
    EXPECT_GE(pauses.pause(1, random), 10ms);
    EXPECT_LE(pauses.pause(1, random), 20ms);
  }
}

} // namespace ducat::testing
