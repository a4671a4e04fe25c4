#include "cli/fake_node.hpp"
#include "cli/program_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat::testing {

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

/// Returns a function that lets the first `attempts` of every request fail with `status`.
fate_function fail_first(unsigned attempts, bool is_done, grpc::Status status) {
  return [=](const std::string&, unsigned attempt) {
    return attempt <= attempts ? fate{.is_done = is_done, .status = status} : fate{};
  };
}

/// Returns a function that lets payments fail, and nothing else.
fate_function fail_payments(bool is_done, grpc::Status status) {
  return [=](const std::string& key, unsigned) {
    return key.starts_with("k") ? fate{.is_done = is_done, .status = status} : fate{};
  };
}

/// The program's client commands against a fake node.
class Commands : public ::testing::Test {
protected:
  static program_result run(const fake_node& node, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--endpoint", node.endpoint(), "--timeout", "5"});
    return run_program(std::move(arguments));
  }

  static void open_accounts(const fake_node& node) {
    for (const std::string id : {"alice", "broke-1", "shop", "voided-1"})
      ASSERT_EQ(run(node, {"account", "create", id, "--currency", "EUR"}).code, 0);
  }

  static std::vector<std::string> pay(const std::string& key, const std::string& from = "alice") {
    return {"pay",      "create", "--from",     from,  "--to",  "shop",
            "--amount", "1250",   "--currency", "EUR", "--key", key};
  }
};

} // namespace

TEST_F(Commands, CreateShowAndListAccounts) {
  const fake_node node;
  const auto created =
      run(node, {"account", "create", "alice", "--currency", "EUR", "--overdraft"});
  EXPECT_EQ(created.code, 0);
  EXPECT_THAT(created.out, HasSubstr("alice"));
  EXPECT_THAT(run(node, {"account", "show", "alice"}).out, HasSubstr("allowed"));
  EXPECT_THAT(run(node, {"account", "list"}).out, HasSubstr("alice    EUR"));
}

TEST_F(Commands, ListEveryPageWhenAsked) {
  const fake_node node;
  open_accounts(node);
  const auto first = run(node, {"account", "list", "--limit", "2"});
  EXPECT_THAT(first.out, HasSubstr("more: --after broke-1"));
  EXPECT_THAT(run(node, {"account", "list", "--after", "broke-1"}).out, Not(HasSubstr("alice")));
  const auto all = run(node, {"--output", "json", "account", "list", "--limit", "1", "--all"});
  EXPECT_THAT(all.out,
              MatchesRegex(R"(\{"data":\[.*alice.*broke-1.*shop.*voided-1.*\],"has_more":false\})"
                           "\n"));
}

TEST_F(Commands, PayAndShowThePayment) {
  const fake_node node;
  open_accounts(node);
  const auto paid = run(node, pay("k1"));
  EXPECT_EQ(paid.code, 0);
  EXPECT_THAT(paid.out, HasSubstr("CAPTURED"));
  EXPECT_THAT(paid.out, HasSubstr("1250 EUR"));
  EXPECT_THAT(run(node, {"pay", "show", cli::payment_id_of("k1")}).out, HasSubstr("CAPTURED"));
  EXPECT_THAT(run(node, {"pay", "list"}).out, HasSubstr(cli::payment_id_of("k1")));
}

TEST_F(Commands, PayWithMetadataAndShowItByKey) {
  const fake_node node;
  open_accounts(node);
  auto paying = pay("k1");
  for (const char* word : {"--metadata", "order=A=1", "--metadata", "cart=7"})
    paying.emplace_back(word);
  EXPECT_EQ(run(node, paying).code, 0);
  EXPECT_THAT(run(node, {"pay", "show", cli::payment_id_of("k1")}).out,
              MatchesRegex("(.|\n)*metadata +cart=7\nmetadata +order=A=1\n(.|\n)*"));
}

TEST_F(Commands, ShowWhatOthersWroteWithoutItsControlCharacters) {
  const fake_node node;
  open_accounts(node);
  auto paying = pay("k1");
  for (const char* word :
       {"--description", "a\nstate\tCAPTURED", "--metadata", "name=J\xc3\xbcrgen\x1b[2J\xc2\x9b"})
    paying.emplace_back(word);
  const auto shown = run(node, paying).out;
  EXPECT_THAT(shown, HasSubstr(R"(a\x0astate\x09CAPTURED)"));
  EXPECT_THAT(shown, HasSubstr("name=J\xc3\xbcrgen"
                               R"(\x1b[2J\xc2\x9b)"));
}

TEST_F(Commands, RefuseMetadataThatIsNoPairOrGivesAKeyTwice) {
  const fake_node node;
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--metadata", "order"},
                                                {"--metadata", "=A"},
                                                {"--metadata"},
                                                {"--metadata", "a=1", "--metadata", "a=2"}}) {
    auto paying = pay("k1");
    paying.insert(paying.end(), wrong.begin(), wrong.end());
    EXPECT_EQ(run(node, paying).code, 64);
  }
}

TEST_F(Commands, AnswerTheSameToTheSameKey) {
  fake_node node;
  open_accounts(node);
  run(node, pay("k1"));
  const auto again = run(node, pay("k1"));
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, HasSubstr("replayed"));
  EXPECT_EQ(node.entries().size(), 5u);
}

TEST_F(Commands, MakeAndPrintAKeyWhenNoneIsGiven) {
  const fake_node node;
  open_accounts(node);
  const auto paid = run(node, {"pay", "create", "--from", "alice", "--to", "shop", "--amount", "1",
                               "--currency", "EUR"});
  EXPECT_EQ(paid.code, 0);
  EXPECT_THAT(paid.err, MatchesRegex("key: cli-[0-9a-f]+\n"));
}

TEST_F(Commands, HoldCaptureAndRefund) {
  const fake_node node;
  open_accounts(node);
  auto hold = pay("k1");
  hold.emplace_back("--manual");
  const std::string id = cli::payment_id_of("k1");
  EXPECT_THAT(run(node, hold).out, HasSubstr("AUTHORIZED"));
  const auto captured = run(node, {"pay", "capture", id, "--amount", "1000", "--key", "c1"});
  EXPECT_THAT(captured.out, HasSubstr("captured  1000"));
  const auto refunded =
      run(node, {"--output", "json", "pay", "refund", id, "--amount", "400", "--key", "r1"});
  EXPECT_THAT(refunded.out, HasSubstr(R"("refunded":"400")"));
  EXPECT_THAT(refunded.out, HasSubstr(cli::refund_id_of("r1")));
}

TEST_F(Commands, VoidAHold) {
  const fake_node node;
  open_accounts(node);
  auto hold = pay("k1");
  hold.emplace_back("--manual");
  run(node, hold);
  EXPECT_THAT(run(node, {"pay", "void", cli::payment_id_of("k1"), "--key", "v1"}).out,
              HasSubstr("VOIDED"));
}

TEST_F(Commands, PrintADeclinedPaymentAndFail) {
  const fake_node node;
  open_accounts(node);
  const auto declined = run(node, pay("k1", "broke-1"));
  EXPECT_EQ(declined.code, 1);
  EXPECT_THAT(declined.out, HasSubstr("DECLINED"));
}

TEST_F(Commands, FailWhenAPaymentWasVoidedBeforeItsCapture) {
  const fake_node node;
  open_accounts(node);
  const auto voided = run(node, pay("k1", "voided-1"));
  EXPECT_EQ(voided.code, 1);
  EXPECT_THAT(voided.out, HasSubstr("VOIDED"));
}

TEST_F(Commands, SayWhyTheyWereRefused) {
  const fake_node node;
  const auto text = run(node, pay("k1"));
  EXPECT_EQ(text.code, 1);
  EXPECT_THAT(text.err, HasSubstr("refused: the test says not_found (not_found); retry: never\n"));
  const auto json = run(node, {"--output", "json", "account", "show", "nobody"});
  EXPECT_EQ(json.code, 1);
  EXPECT_THAT(json.out, HasSubstr(R"({"error":{"type":"NOT_FOUND","code":"not_found")"));
  EXPECT_THAT(json.out, HasSubstr(R"("retry":"NEVER")"));
}

TEST_F(Commands, RetryWhenNothingWasDone) {
  fake_node node{fail_first(2, false, typed(v1::Error::UNAVAILABLE, "busy"))};
  open_accounts(node);
  EXPECT_EQ(run(node, pay("k1")).code, 0);
  EXPECT_EQ(node.attempts("k1"), 3u);
}

TEST_F(Commands, RetryWithTheSameKeyWhenAnAnswerIsLost) {
  fake_node node{fail_first(2, true, {grpc::StatusCode::DEADLINE_EXCEEDED, "too late"})};
  open_accounts(node);
  const auto paid = run(node, pay("k1"));
  EXPECT_EQ(paid.code, 0);
  EXPECT_THAT(paid.out, HasSubstr("replayed"));
  EXPECT_EQ(node.attempts("k1"), 3u);
  EXPECT_EQ(node.entries().size(), 5u);
}

TEST_F(Commands, SayThatTheOutcomeIsUnknownAndHowToRetry) {
  fake_node node{fail_payments(true, typed(v1::Error::UNKNOWN_OUTCOME, "lost"))};
  open_accounts(node);
  auto arguments = pay("k1");
  arguments.insert(arguments.end(), {"--timeout", "0.05"});
  const auto paid = run(node, arguments);
  EXPECT_EQ(paid.code, 2);
  EXPECT_THAT(paid.err, HasSubstr("unknown: retry with --key k1"));
}

TEST_F(Commands, SayThatNothingWasDoneAndToRetryLater) {
  fake_node node{fail_payments(false, typed(v1::Error::UNAVAILABLE, "busy"))};
  open_accounts(node);
  auto arguments = pay("k1");
  arguments.insert(arguments.end(), {"--timeout", "2"});
  const auto paid = run(node, arguments);
  EXPECT_EQ(paid.code, 69);
  EXPECT_THAT(paid.err, HasSubstr("nothing was done; retry later: the test says busy (busy)"));
}

TEST_F(Commands, SayThatNoNodeAnswers) {
  std::string endpoint;
  {
    const fake_node gone;
    endpoint = gone.endpoint();
  }
  EXPECT_EQ(run_program({"--endpoint", endpoint, "status"}).code, 69);
  EXPECT_EQ(run_program({"--endpoint", endpoint, "--timeout", "0.2", "account", "create", "x",
                         "--currency", "EUR"})
                .code,
            69);
}

TEST_F(Commands, ShowTheStatus) {
  const fake_node node;
  const auto status = run(node, {"status"});
  EXPECT_EQ(status.code, 0);
  EXPECT_THAT(status.out, HasSubstr("in balance: debits 12"));
  EXPECT_THAT(status.out,
              HasSubstr("in doubt at acme  2 now, the oldest for 61.5 s; 40 before: p50 "
                        "0.2 s, p99 3.0 s, longest 9.1 s"));
  EXPECT_THAT(run(node, {"status", "--output", "json"}).out, HasSubstr(R"("in_balance":true)"));
}

TEST_F(Commands, ShowTheTreeIndented) {
  const fake_node node;
  EXPECT_EQ(
      run(node, {"tree"}).out,
      "payments  supervisor  running  incarnation 1  restarts 0  one_for_one, at most 5 "
      "restarts in 10000 ms\n"
      "  w1      worker  restarting  incarnation 3  restarts 2  last exit: exception: boom\n");
}

TEST_F(Commands, CrashOnceEvenIfTheAnswerIsLost) {
  fake_node node{fail_first(1, true, {grpc::StatusCode::DEADLINE_EXCEEDED, "too late"})};
  EXPECT_EQ(run(node, {"crash", "payments/w1"}).code, 2);
  EXPECT_EQ(node.attempts("crash payments/w1"), 1u);
  const auto crashed = run(node, {"crash", "payments/w1", "--fault", "exit", "--times", "3"});
  EXPECT_EQ(crashed.out, "crashed 3 lives of payments/w1\n");
}

TEST_F(Commands, ListAndArmFaults) {
  fake_node node;
  EXPECT_THAT(run(node, {"faults", "list"}).out, HasSubstr("payment.after_post  throw"));
  EXPECT_EQ(run(node, {"faults", "arm", "payment.after_post", "--fault", "hang"}).code, 0);
  EXPECT_EQ(node.attempts("arm payment.after_post hang"), 1u);
  const auto disarmed = run(node, {"faults", "disarm", "payment.after_post"});
  EXPECT_EQ(disarmed.code, 1);
  EXPECT_THAT(disarmed.err, HasSubstr("faults_not_allowed"));
}

TEST_F(Commands, ListAndShowDeadLetters) {
  const fake_node node;
  const auto list = run(node, {"deadletters", "list"});
  EXPECT_THAT(list.out, HasSubstr("7  payments  poison  2023-11-14T22:13:20Z        3  pay k1\n"));
  EXPECT_THAT(list.out, HasSubstr("poison 3, undelivered 0, forgotten 1\n"));
  EXPECT_THAT(run(node, {"deadletters", "show", "7"}).out, HasSubstr("crashed: boom"));
  const auto unknown = run(node, {"deadletters", "show", "8"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("dead_letter_unknown"));
}

TEST_F(Commands, RetryADeadLetterOnceEvenIfTheAnswerIsLost) {
  fake_node node{fail_first(1, true, {grpc::StatusCode::DEADLINE_EXCEEDED, "too late"})};
  EXPECT_EQ(run(node, {"deadletters", "retry", "7"}).code, 2);
  EXPECT_EQ(node.attempts("retry 7"), 1u);
  EXPECT_EQ(run(node, {"deadletters", "retry", "7"}).out,
            "refused: overloaded\nnothing was done, dead letter 7 is still there\n");
}

TEST_F(Commands, DiscardADeadLetter) {
  fake_node node;
  EXPECT_EQ(run(node, {"deadletters", "discard", "7"}).out, "discarded dead letter 7\n");
  EXPECT_EQ(node.attempts("discard 7"), 1u);
}

TEST(CommandLine, IsRefusedWithCode64WhenItIsWrong) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"frobnicate"},
                                             {"pay"},
                                             {"pay", "create", "--from", "a"},
                                             {"status", "--output", "xml"},
                                             {"status", "--timeout", "0"},
                                             {"account", "list", "--limit", "101"},
                                             {"crash", "x", "--fault", "melt"},
                                             {"pay", "refund", "x", "--amount", "-1"}}) {
    const auto wrong = run_program(arguments);
    EXPECT_EQ(wrong.code, 64);
    EXPECT_THAT(wrong.err, Not(IsEmpty()));
  }
}

TEST(CommandLine, PrintsItsVersionAndHelp) {
  EXPECT_THAT(run_program({"--version"}).out, HasSubstr("ducat 0"));
  EXPECT_EQ(run_program({"--version"}).code, 0);
  EXPECT_THAT(run_program({"--help"}).out, HasSubstr("pay"));
}

} // namespace ducat::testing
