#include "cli/fake_node.hpp"
#include "cli/program_world.hpp"
#include "load/generate.hpp"
#include "load/import.hpp"
#include "load/payments_file.hpp"
#include "record/record_writer.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace ducat::testing {

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Imports into a fake node.
class Import : public ::testing::Test {
protected:
  cli::import_options options(const fake_node& node) const {
    return {.endpoint = node.endpoint(), .record = record(), .between = {.first = 1ms, .cap = 5ms}};
  }

  /// Of a node that does not listen any more.
  cli::import_options options_without_node() const {
    cli::import_options with = options(fake_node{});
    with.retry_for = 50ms;
    with.in_flight = 2;
    return with;
  }

  cli::import_summary import(const cli::import_options& with, const std::string& file) {
    std::istringstream in{file};
    return cli::run_import(with, in, {}).value();
  }

  cli::verdict check(fake_node& node) const {
    std::ifstream in{record()};
    const auto calls = cli::read_call_record(in).value();
    const std::vector<entry> log = node.entries();
    return cli::check(
               [&](const std::function<void(const entry&)>& visit) {
                 std::ranges::for_each(log, visit);
                 return result<void>{};
               },
               calls, {})
        .value();
  }

  std::filesystem::path record() const { return directory_.path() / "acks"; }

  static std::string payments(std::uint64_t count) {
    std::ostringstream out;
    cli::generate({.payments = count, .accounts = 20, .merchants = 3}, out);
    return out.str();
  }

  temporary_directory directory_;
};

/// Every third key loses its first answer, every fourth is not done at first, every fifth fails as
/// a broken connection does, now before and now after its effect.
fate trouble(const std::string& key, unsigned attempt) {
  const std::size_t chance = std::hash<std::string>{}(key);
  if (attempt == 1 && chance % 3 == 0)
    return {.is_done = true, .status = {grpc::StatusCode::DEADLINE_EXCEEDED, "too late"}};
  if (attempt <= 2 && chance % 4 == 0)
    return {.is_done = false, .status = typed(v1::Error::UNAVAILABLE, "busy")};
  if (attempt <= 3 && chance % 5 == 0)
    return {.is_done = attempt % 2 == 0,
            .status = {grpc::StatusCode::UNAVAILABLE, "Socket closed"}};
  return {};
}

} // namespace

TEST_F(Import, IsAnsweredInFull) {
  fake_node node;
  const auto summary = import(options(node), payments(300));
  EXPECT_EQ(summary.acknowledged, summary.operations);
  EXPECT_EQ(summary.refused, 0u); // Nothing came before what it depends on.
  EXPECT_GT(summary.declined, 0u);
  EXPECT_EQ(summary.in_doubt + summary.not_done + summary.replayed, 0u);
  const auto verdict = check(node);
  EXPECT_TRUE(verdict.is_green()) << ::testing::PrintToString(verdict.found.kept());
  EXPECT_EQ(verdict.acknowledged, summary.acknowledged);
}

TEST_F(Import, HasOneEffectOfEachWhateverIsLost) {
  fake_node node{trouble};
  const auto summary = import(options(node), payments(300));
  EXPECT_EQ(summary.acknowledged, summary.operations);
  EXPECT_GT(summary.retries, 0u);
  EXPECT_GT(summary.replayed, 0u);
  const auto verdict = check(node);
  EXPECT_TRUE(verdict.is_green()) << ::testing::PrintToString(verdict.found.kept());
}

TEST_F(Import, ChangesNothingTheSecondTime) {
  fake_node node;
  import(options(node), payments(100));
  const std::size_t entries = node.entries().size();
  const auto again = import(options(node), payments(100));
  EXPECT_EQ(again.replayed, again.operations);
  EXPECT_EQ(node.entries().size(), entries);
  EXPECT_TRUE(check(node).is_green());
}

TEST_F(Import, SendsNothingOfAMalformedFile) {
  fake_node node;
  std::istringstream in{payments(10) + "{\"payment\":{}}\n"};
  const auto refused = cli::run_import(options(node), in, {});
  EXPECT_EQ(refused.error().code, errc::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("idempotency_key is missing"));
  EXPECT_EQ(node.attempts(), 0u);
}

TEST_F(Import, GivesUpAndSaysWhatIsInDoubt) {
  fake_node node{[](const std::string& key, unsigned) {
    return key == "k1" ? fate{.status = typed(v1::Error::UNKNOWN_OUTCOME, "lost")} : fate{};
  }};
  auto with = options(node);
  with.retry_for = 50ms;
  const auto summary = import(
      with,
      R"({"account":{"id":"a","currency":"EUR","overdraft":true}})"
      "\n"
      R"({"account":{"id":"b","currency":"EUR"}})"
      "\n"
      R"({"payment":{"idempotency_key":"k1","from":"a","to":"b","amount":1,"currency":"EUR"}})");
  EXPECT_EQ(summary.acknowledged, 2u);
  EXPECT_EQ(summary.in_doubt, 1u);
  const auto verdict = check(node);
  EXPECT_TRUE(verdict.is_green());
  EXPECT_EQ(verdict.in_doubt_committed, 1u);
}

TEST_F(Import, CountsAndNamesWhatIsRefused) {
  fake_node node;
  const auto summary = import(
      options(node),
      R"({"payment":{"idempotency_key":"k1","from":"a","to":"b","amount":1,"currency":"EUR"}})");
  EXPECT_EQ(summary.refused, 1u);
  ASSERT_EQ(summary.refusals.size(), 1u);
  EXPECT_THAT(summary.refusals[0], HasSubstr("payment k1"));
}

TEST_F(Import, StaysInDoubtWhenOnlyTheTransportRefusesLater) {
  fake_node node{[](const std::string&, unsigned attempt) {
    return attempt == 1
               ? fate{.is_done = true, .status = {grpc::StatusCode::DEADLINE_EXCEEDED, "too late"}}
               : fate{.is_done = false, .status = {grpc::StatusCode::UNAUTHENTICATED, "who?"}};
  }};
  auto with = options(node);
  with.retry_for = 50ms;
  const auto summary = import(with, R"({"account":{"id":"a","currency":"EUR","overdraft":true}})");
  EXPECT_EQ(summary.refused, 0u);
  EXPECT_EQ(summary.in_doubt, 1u);
}

TEST_F(Import, StopsWhenNoNodeAnswers) {
  const auto summary = import(options_without_node(), payments(100));
  EXPECT_EQ(summary.not_done, summary.operations);
  EXPECT_EQ(summary.in_doubt, 0u);
}

TEST_F(Import, BeginsNothingMoreOnceItIsOverAndFinishesWhatItHasBegun) {
  fake_node node{trouble};
  cli::import_options with = options(node);
  with.is_over = [&] { return node.entries().size() >= 100; };
  const auto summary = import(with, payments(300));
  EXPECT_GE(summary.acknowledged, 100u);
  EXPECT_GT(summary.not_done, 0u);
  EXPECT_EQ(summary.in_doubt, 0u);
  EXPECT_EQ(summary.acknowledged + summary.not_done, summary.operations);
  EXPECT_TRUE(check(node).is_green());
}

TEST_F(Import, GivesUpWhatFailsOnceItIsVain) {
  cli::import_options with = options_without_node();
  with.retry_for = 1h;
  with.is_over = [] { return false; };
  with.is_vain = [] { return true; };
  with.in_flight = 1'000;
  EXPECT_EQ(import(with, payments(10)).acknowledged, 0u);
}

TEST_F(Import, KeepsTheDoubtOfAnEarlierRunThatIsOnRecord) {
  const auto without_node = options_without_node();
  const std::string file = payments(20);
  auto writer = cli::record_writer::open(record()).value();
  for (const char* key : {"alice", "customer-1"}) // Only one of them is in the file.
    ASSERT_TRUE(writer.invoked({.kind = cli::operation_kind::account, .key = key}, "body", 1));
  const auto first = import(without_node, file);
  EXPECT_EQ(first.in_doubt, 1u);
  EXPECT_EQ(first.not_done, first.operations - 1);
  const auto second = import(without_node, file);
  EXPECT_EQ(second.in_doubt, 1u); // The first run has left none.
  EXPECT_EQ(second.not_done, second.operations - 1);
}

TEST_F(Import, KeepsTheDoubtAboutWhatItNeverSends) {
  const std::string file = payments(100);
  std::istringstream lines{file};
  std::uint64_t line = 0;
  auto writer = cli::record_writer::open(record()).value();
  while (const auto next = cli::read_operation(lines, line).value())
    ASSERT_TRUE(writer.invoked(next->id, next->body, 1));
  const auto summary = import(options_without_node(), file);
  EXPECT_EQ(summary.in_doubt, summary.operations);
  EXPECT_EQ(summary.not_done, 0u);
}

TEST_F(Import, EndsTheDoubtOfAnEarlierRunWithAnAnswer) {
  fake_node node;
  auto writer = cli::record_writer::open(record()).value();
  const cli::operation_id world{.kind = cli::operation_kind::account, .key = "world"};
  ASSERT_TRUE(writer.invoked(world, "body", 1));
  ASSERT_TRUE(writer.answered(world, {.outcome = cli::call_outcome::unknown}, 2));
  const auto summary = import(options(node), payments(20));
  EXPECT_EQ(summary.acknowledged, summary.operations);
  EXPECT_EQ(summary.in_doubt, 0u);
}

TEST_F(Import, SendsNothingWhenTheRecordIsNone) {
  fake_node node;
  std::ofstream{record()} << "nonsense\n";
  std::istringstream in{payments(10)};
  const auto refused = cli::run_import(options(node), in, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("line 1 of the record"));
  EXPECT_EQ(node.attempts(), 0u);
}

TEST_F(Import, KeepsSoManyCallsInFlightAtMost) {
  fake_node node;
  auto with = options(node);
  with.in_flight = 1;
  EXPECT_EQ(import(with, payments(20)).refused, 0u);
}

TEST_F(Import, ShowsItsProgress) {
  const fake_node node;
  std::istringstream in{payments(10)};
  std::vector<std::uint64_t> finished;
  const auto summary = cli::run_import(
      options(node), in, [&](const cli::import_summary& s) { finished.push_back(s.finished()); });
  ASSERT_FALSE(finished.empty());
  EXPECT_TRUE(std::ranges::is_sorted(finished));
  EXPECT_EQ(finished.back(), summary->operations);
}

TEST_F(Import, IsACommand) {
  const fake_node node;
  const auto imported = run_program(
      {"import", "-", "--endpoint", node.endpoint(), "--record", record(), "--output", "json"},
      payments(10));
  EXPECT_EQ(imported.code, 0) << imported.err;
  EXPECT_THAT(imported.out, HasSubstr(R"("in_doubt":0)"));
  EXPECT_EQ(run_program({"import", "/no/such/file"}).code, 64);
  EXPECT_EQ(run_program({"import", "-"}, "nonsense").code, 64);
  EXPECT_EQ(run_program({"import", "-", "--endpoint", node.endpoint()}, "").code, 0);
}

TEST_F(Import, CanBeGeneratedByACommand) {
  const auto made = run_program({"generate", "--payments", "5", "--accounts", "2"});
  EXPECT_EQ(made.code, 0);
  EXPECT_THAT(made.out,
              HasSubstr(R"({"account":{"id":"world","currency":"EUR","overdraft":true}})"));
}

} // namespace ducat::testing
