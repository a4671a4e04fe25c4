#include "record/record_writer.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace ducat::testing {

namespace {

const cli::operation_id pay_k1{.kind = cli::operation_kind::payment, .key = "k1"};

cli::call_record read(const std::filesystem::path& path) {
  std::ifstream in{path};
  return cli::read_call_record(in).value();
}

} // namespace

TEST(OperationId, OfAPaymentIsTheOneThatNodesDerive) {
  EXPECT_EQ(cli::payment_id_of("k1").size(), 36u);
  EXPECT_EQ(cli::payment_id_of("k1").substr(0, 4), "pay_");
  EXPECT_EQ(cli::refund_id_of("k1").substr(0, 4), "ref_");
  EXPECT_NE(cli::payment_id_of("k1").substr(4), cli::refund_id_of("k1").substr(4));
}

TEST(BodyHash, KeepsFieldsApart) {
  EXPECT_NE(
      cli::body_hash(cli::payment_body{.from = "ab", .to = "c", .amount = 1, .currency = "EUR"}),
      cli::body_hash(cli::payment_body{.from = "a", .to = "bc", .amount = 1, .currency = "EUR"}));
}

TEST(CallRecord, GivesBackWhatWasWritten) {
  const temporary_directory directory;
  const auto path = directory.path() / "acks";
  const cli::call_answer answer{.outcome = cli::call_outcome::ok,
                                .payment_id = "pay_1",
                                .state = "CAPTURED",
                                .amount = 1250,
                                .captured = 1250,
                                .refunded = 3,
                                .index = 7,
                                .hash = "ab",
                                .replayed = true,
                                .error = "x"};
  auto writer = cli::record_writer::open(path).value();
  ASSERT_TRUE(writer.invoked(pay_k1, "body", 1));
  ASSERT_TRUE(writer.answered(pay_k1, answer, 2));
  const cli::call_record calls = read(path);
  ASSERT_EQ(calls.calls.size(), 1u);
  EXPECT_EQ(calls.calls[0].body, "body");
  EXPECT_TRUE(cli::say_the_same(*calls.calls[0].acknowledged, answer));
}

TEST(CallRecord, OfAKilledRunIsContinuedByTheNext) {
  const temporary_directory directory;
  const auto path = directory.path() / "acks";
  ASSERT_TRUE(cli::record_writer::open(path).value().invoked(pay_k1, "body", 1));
  std::ofstream{path, std::ios::app} << R"({"op":"paym)";
  ASSERT_TRUE(cli::record_writer::open(path).value().invoked(pay_k1, "body", 3));
  const cli::call_record calls = read(path);
  ASSERT_EQ(calls.calls.size(), 1u);
  EXPECT_EQ(calls.calls[0].invocations, 2u);
}

TEST(CallRecord, KeepsAccountsAndPaymentsOfOneNameApart) {
  cli::call_record calls;
  cli::add_invocation(calls, {.kind = cli::operation_kind::account, .key = "k1"}, "a");
  cli::add_invocation(calls, pay_k1, "b");
  EXPECT_EQ(calls.calls.size(), 2u);
}

TEST(CallRecord, LeavesDoubtUntilThereIsAFinalAnswer) {
  const auto in_doubt_after = [](std::vector<std::optional<cli::call_outcome>> answers) {
    cli::call_record calls;
    for (const auto& outcome : answers) {
      cli::add_invocation(calls, pay_k1, "a");
      if (outcome)
        cli::add_answer(calls, pay_k1, {.outcome = *outcome});
    }
    return calls.calls[0].is_in_doubt();
  };
  using enum cli::call_outcome;
  EXPECT_TRUE(in_doubt_after({std::nullopt}));
  EXPECT_TRUE(in_doubt_after({unknown}));
  EXPECT_TRUE(in_doubt_after({unknown, not_done}));
  EXPECT_TRUE(in_doubt_after({std::nullopt, not_done}));
  EXPECT_TRUE(in_doubt_after({not_done, std::nullopt}));
  EXPECT_FALSE(in_doubt_after({not_done}));
  EXPECT_FALSE(in_doubt_after({unknown, refused}));
  EXPECT_FALSE(in_doubt_after({unknown, ok, not_done}));
}

TEST(CallRecord, TakesNotDoneForNoContradiction) {
  cli::call_record calls;
  cli::add_invocation(calls, pay_k1, "a");
  cli::add_answer(calls, pay_k1, {.outcome = cli::call_outcome::declined});
  cli::add_invocation(calls, pay_k1, "a");
  cli::add_answer(calls, pay_k1, {.outcome = cli::call_outcome::not_done});
  EXPECT_FALSE(calls.calls[0].contradicted);
  EXPECT_EQ(calls.calls[0].acknowledged->outcome, cli::call_outcome::declined);
}

TEST(CallRecord, RefusesAnAnswerToNoQuestion) {
  cli::call_record calls;
  EXPECT_FALSE(cli::add_answer(calls, pay_k1, {}));
}

TEST(CallRecord, SeesAContradictionOnlyInAnswersToTheSameRequest) {
  cli::call_record calls;
  cli::add_invocation(calls, pay_k1, "a");
  cli::add_answer(calls, pay_k1, {.outcome = cli::call_outcome::ok, .amount = 1});
  cli::add_invocation(calls, pay_k1, "other");
  cli::add_answer(calls, pay_k1, {.outcome = cli::call_outcome::refused});
  EXPECT_FALSE(calls.calls[0].contradicted);
  cli::add_invocation(calls, pay_k1, "a");
  cli::add_answer(calls, pay_k1, {.outcome = cli::call_outcome::ok, .amount = 2});
  EXPECT_TRUE(calls.calls[0].contradicted);
}

} // namespace ducat::testing
