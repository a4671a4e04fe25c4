#include "record/record_writer.hpp"
#include "settlement/draw.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

namespace ducat::testing {

namespace {

const cli::operation_id pay_k1{.kind = cli::operation_kind::payment, .key = "k1"};

cli::call_record read(const std::filesystem::path& path) {
  std::ifstream in{path};
  return cli::read_call_record(in).value();
}

/// A line of an invocation and one of its answer, as the writer writes them.
std::vector<std::string> lines_of(const cli::operation_id& id, const cli::call_answer& answer) {
  const temporary_directory directory;
  const auto path = directory.path() / "acks";
  auto writer = cli::record_writer::open(path).value();
  EXPECT_TRUE(writer.invoked(id, "body", 1));
  EXPECT_TRUE(writer.answered(id, answer, 2));
  std::ifstream in{path};
  std::vector<std::string> lines(2);
  for (std::string& each : lines)
    std::getline(in, each);
  return lines;
}

cli::call_answer some_answer() {
  return {.outcome = cli::call_outcome::ok,
          .payment_id = "pay_1",
          .state = "CAPTURED",
          .amount = 1250,
          .captured = 1250,
          .refunded = 3,
          .index = 7,
          .hash = "ab",
          .replayed = true,
          .error = "x"};
}

/// Says all that is read of a record; nothing if it is none.
std::string said_by(const std::string& text) {
  std::istringstream in{text};
  const auto record = cli::read_call_record(in);
  std::ostringstream out;
  const auto tell = [&](const std::optional<cli::call_answer>& what) {
    if (what)
      out << '|' << to_string(what->outcome) << what->payment_id << '|' << what->state << '|'
          << what->amount << '|' << what->captured << '|' << what->refunded << '|' << what->index
          << '|' << what->hash << '|' << what->replayed << what->error;
  };
  if (!record)
    return "no record";
  for (const cli::recorded_call& each : record->calls) {
    out << to_string(each.id.kind) << each.id.key << '|' << each.body << '|' << each.invocations
        << each.answers << to_string(each.last);
    tell(each.acknowledged);
    tell(each.contradicted);
  }
  return out.str();
}

/// Changes, removes or repeats some bytes.
std::string spoilt(std::string line, std::mt19937_64& random) {
  constexpr std::string_view odd = "\"\\,:{}0-1. eu\n\x7f\xc3\xa9tn";
  const std::size_t at = random() % line.size();
  switch (random() % 4) {
  case 0:
    line[at] = odd[random() % odd.size()];
    break;
  case 1:
    line.erase(at, 1 + random() % 3);
    break;
  case 2:
    line.insert(at, line.substr(at, random() % 20));
    break;
  default:
    line.insert(at, 1, odd[random() % odd.size()]);
  }
  return line;
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
  const cli::call_answer answer = some_answer();
  auto writer = cli::record_writer::open(path).value();
  ASSERT_TRUE(writer.invoked(pay_k1, "body", 1));
  ASSERT_TRUE(writer.answered(pay_k1, answer, 2));
  const cli::call_record calls = read(path);
  ASSERT_EQ(calls.calls.size(), 1u);
  EXPECT_EQ(calls.calls[0].body, "body");
  EXPECT_TRUE(cli::say_the_same(*calls.calls[0].acknowledged, answer));
}

// Else it would be no quicker, and all the same.
TEST(CallRecord, ReadsWhatIsUsuallyWrittenWhereItLies) {
  cli::call_record calls;
  for (const std::string& each : lines_of(pay_k1, some_answer()))
    EXPECT_TRUE(cli::add_plain_line(calls, each)) << each;
  ASSERT_EQ(calls.calls.size(), 1u);
  EXPECT_EQ(calls.calls[0].body, "body");
  EXPECT_TRUE(cli::say_the_same(*calls.calls[0].acknowledged, some_answer()));
  EXPECT_FALSE(cli::add_plain_line(calls, lines_of({.key = "zo\xc3\xab"}, {})[0]));
  EXPECT_FALSE(cli::add_plain_line(calls, lines_of({.key = "a\"b"}, {})[0]));
  EXPECT_EQ(calls.calls.size(), 1u);
}

// A parser reads the same line with a space before it.
TEST(CallRecord, ReadsWhereItLiesWhatAParserReads) {
  const std::uint64_t seed = settlement::test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  std::size_t understood = 0;
  const auto lines = lines_of(pay_k1, some_answer());
  for (int i = 0; i < 20'000; ++i) {
    std::string first = lines[0];
    std::string second = lines[1];
    for (auto times = random() % 3; times > 0; --times) {
      std::string& line = random() % 3 == 0 ? first : second;
      if (!line.empty())
        line = spoilt(line, random);
    }
    const std::string said = said_by(first + "\n" + second + "\n");
    ASSERT_EQ(said, said_by(" " + first + "\n " + second + "\n")) << first << '\n' << second;
    understood += said == "no record" ? 0 : 1;
  }
  EXPECT_GT(understood, 2'000u) << "they are hardly ever a record";
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
