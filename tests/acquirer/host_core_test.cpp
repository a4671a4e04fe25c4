#include "requests.hpp"

namespace ducat::acquirer::testing {

namespace {

TEST(AcquirerHost, AnswersSignOnEchoAndSignOff) {
  host_world world;
  for (const char* const what : {"001", "161", "201", "301", "002"}) {
    const message answer = world.ask(network(what));
    EXPECT_EQ(answer.mti(), "0810");
    EXPECT_EQ(text_of(answer, 39), "00") << what;
    EXPECT_EQ(text_of(answer, 70), what);
    EXPECT_EQ(text_of(answer, 11), "000100");
  }
  EXPECT_EQ(world.code(network("999")), "12");
  EXPECT_TRUE(world.effects().empty());
}

TEST(AcquirerHost, TakesNoPaymentOnAConnectionThatSignedOff) {
  host_world world;
  world.ask(network("002"));
  EXPECT_EQ(world.code(payment()), "91");
  EXPECT_TRUE(world.effects().empty());
  world.ask(network("001"));
  EXPECT_EQ(world.code(payment()), "00");
}

TEST(AcquirerHost, ApprovesAPaymentAndEchoesWhatNamesIt) {
  host_world world;
  const message request = payment();
  const message answer = world.ask(request);
  EXPECT_EQ(answer.mti(), "0210");
  EXPECT_EQ(text_of(answer, 39), "00");
  EXPECT_EQ(text_of(answer, 38), "000001");
  for (const int field : {3, 4, 7, 11, 12, 13, 37, 41, 49})
    EXPECT_EQ(answer.find(field), request.find(field)) << field;
  EXPECT_FALSE(answer.has(2));
}

TEST(AcquirerHost, JournalsAPaymentWithItsCardMasked) {
  host_world world;
  const reaction to = world.send(payment());
  const effect expected{.sequence = 1,
                        .kind = effect_kind::captured,
                        .mti = "0200",
                        .key = {'2', "000001", "1128101530", "TERM0001"},
                        .rrn = "633300000001",
                        .processing_code = "000000",
                        .amount_minor = 1'250,
                        .currency = "978",
                        .masked_pan = "411111******1111",
                        .response_code = "00",
                        .approval_code = "000001",
                        .at_ms = world.now_ms};
  EXPECT_EQ(to.done, expected);
  EXPECT_EQ(world.effects(), std::vector{expected});
}

TEST(AcquirerHost, AnAuthorisationIsNoCapture) {
  host_world world;
  EXPECT_EQ(world.ask(payment({.mti = "0100"})).mti(), "0110");
  EXPECT_EQ(world.effects().at(0).kind, effect_kind::authorised);
}

TEST(AcquirerHost, ADuplicateIsAnsweredAsTheFirstTimeAndHasNoSecondEffect) {
  host_world world;
  const message first = world.ask(payment());
  EXPECT_EQ(world.ask(payment()), first);
  message repeat = payment();
  repeat.set_mti("0201");
  EXPECT_EQ(world.ask(repeat), first);
  EXPECT_EQ(world.effects().size(), 1u);
  EXPECT_EQ(world.host.stats().duplicates, 2u);
  EXPECT_EQ(world.host.stats().approved, 1u);
}

TEST(AcquirerHost, ADeclineIsRepeatedToo) {
  host_world world;
  world.arm("decline:code=51,times=1");
  EXPECT_EQ(world.code(payment()), "51");
  EXPECT_EQ(world.code(payment()), "51");
  EXPECT_EQ(world.effects().size(), 1u);
}

TEST(AcquirerHost, TheSameKeyWithAnotherAmountIsRefusedWithoutAnEffect) {
  host_world world;
  world.ask(payment());
  EXPECT_EQ(world.code(payment({.amount_minor = 9'999})), "94");
  EXPECT_EQ(world.effects().size(), 1u);
}

TEST(AcquirerHost, StanTerminalTimeAndClassEachMakeAnotherMessage) {
  host_world world;
  for (const payment_values& each :
       {payment_values{}, payment_values{.stan = "000009"}, payment_values{.terminal = "TERM0009"},
        payment_values{.transmitted_at = "1128101531"}, payment_values{.mti = "0100"}})
    EXPECT_EQ(world.code(payment(each)), "00");
  EXPECT_EQ(world.effects().size(), 5u);
}

TEST(AcquirerHost, APaymentOfNothingIsDeclined) {
  host_world world;
  EXPECT_EQ(world.code(payment({.amount_minor = 0})), "13");
  EXPECT_EQ(world.effects().at(0).kind, effect_kind::declined);
}

TEST(AcquirerHost, APaymentThatLacksAFieldIsNotJournalled) {
  host_world world;
  for (const int field : {4, 7, 11}) {
    message request = payment();
    request.erase(field);
    EXPECT_EQ(world.code(request), "30") << field;
  }
  EXPECT_TRUE(world.effects().empty());
}

TEST(AcquirerHost, AnAdviceIsAlwaysAcceptedOnce) {
  host_world world;
  const message advice = payment({.mti = "0220"});
  EXPECT_EQ(world.ask(advice).mti(), "0230");
  message repeat = advice;
  repeat.set_mti("0221");
  EXPECT_EQ(world.code(repeat), "00");
  EXPECT_EQ(world.effects().size(), 1u);
  EXPECT_EQ(world.effects().at(0).kind, effect_kind::advice);
  EXPECT_EQ(world.ask(payment({.mti = "0120"})).mti(), "0130");
}

TEST(AcquirerHost, AnAdviceNamesThePaymentThatItIsAbout) {
  host_world world;
  world.ask(payment({.mti = "0100"}));
  world.ask(payment({.mti = "0220", .stan = "000007"}));
  EXPECT_EQ(world.effects().at(1).original, 1u);
}

TEST(AcquirerHost, AnswersNothingToAnswersAndToWhatItCannotRead) {
  host_world world;
  EXPECT_TRUE(world.send(payment({.mti = "0210"})).sendings.empty());
  EXPECT_TRUE(world.host.receive(world.connection, "0200 and so on", 0).sendings.empty());
  EXPECT_TRUE(world.host.receive(world.connection, "", 0).sendings.empty());
  EXPECT_EQ(world.host.stats().unexpected, 1u);
  EXPECT_EQ(world.host.stats().unreadable, 1u);
}

TEST(AcquirerHost, ATypeThatItDoesNotKnowIsRefused) {
  host_world world;
  EXPECT_EQ(world.code(payment({.mti = "0600"})), "12");
  EXPECT_EQ(world.ask(payment({.mti = "0320"})).mti(), "0330"); // A batch upload is taken.
  EXPECT_TRUE(world.effects().empty());
}

TEST(AcquirerHost, TurnsTheAddressesOfATpdu) {
  message request = payment();
  request.set_tpdu("\x60\x01\x02\x03\x04");
  EXPECT_EQ(answer_to(request, "0210", {.code = "00"}).tpdu(), "\x60\x03\x04\x01\x02");
}

TEST(AcquirerHost, KnowsAfterARestartWhatItHasAnswered) {
  host_world before;
  const message first = before.ask(payment());
  before.ask(reversal(payment({.stan = "000005"})));
  host_world after;
  for (const effect& each : before.effects())
    after.host.restore(each);
  EXPECT_EQ(after.ask(payment()), first);
  EXPECT_EQ(after.code(payment({.stan = "000005"})), "21");
  EXPECT_EQ(after.effects().size(), 3u);
}

} // namespace

} // namespace ducat::acquirer::testing
