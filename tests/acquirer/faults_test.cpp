// Each kind of fault, by what leaves the host and what it remembers.
#include "requests.hpp"

namespace ducat::acquirer::testing {

using namespace std::chrono_literals;

namespace {

TEST(AcquirerFaults, ADroppedRequestNeverArrived) {
  host_world world;
  world.arm("drop_request:times=1");
  const reaction to = world.send(payment());
  EXPECT_TRUE(to.sendings.empty());
  EXPECT_FALSE(to.done);
  EXPECT_EQ(world.code(payment()), "00");
  EXPECT_EQ(world.effects().size(), 1u);
}

TEST(AcquirerFaults, ADroppedAnswerLeavesTheEffect) {
  host_world world;
  world.arm("drop_answer:times=1");
  const reaction to = world.send(payment());
  EXPECT_TRUE(to.sendings.empty());
  ASSERT_TRUE(to.done);
  EXPECT_EQ(to.done->faults, std::vector<std::string>{"drop_answer"});
  EXPECT_EQ(world.host.stats().answered, 0u);
  EXPECT_EQ(world.code(payment()), "00");
  EXPECT_EQ(world.effects().size(), 1u);
}

TEST(AcquirerFaults, ADelayedAnswerLeavesLater) {
  host_world world;
  world.arm("delay:after=5s");
  const reaction to = world.send(payment());
  ASSERT_EQ(to.sendings.size(), 1u);
  EXPECT_EQ(to.sendings.at(0).after, 5s);
}

TEST(AcquirerFaults, ADuplicatedAnswerLeavesTwice) {
  host_world world;
  world.arm("duplicate");
  const reaction to = world.send(payment());
  ASSERT_EQ(to.sendings.size(), 2u);
  EXPECT_EQ(to.sendings.at(0), to.sendings.at(1));
  EXPECT_EQ(world.effects().size(), 1u);
}

TEST(AcquirerFaults, ADeclineHasItsCodeAndNoApproval) {
  host_world world;
  world.arm("decline:code=51,mti=02xx");
  const message answer = world.ask(payment());
  EXPECT_EQ(text_of(answer, 39), "51");
  EXPECT_FALSE(answer.has(38));
  EXPECT_EQ(world.effects().at(0).kind, effect_kind::declined);
  EXPECT_EQ(world.code(reversal(payment())), "00"); // Only payments are declined.
}

TEST(AcquirerFaults, ALateApprovalIsAnApprovalWhateverElseIsArmed) {
  host_world world;
  world.arm("decline");
  world.arm("late_approval:after=30s,mti=0200");
  const reaction to = world.send(payment());
  ASSERT_EQ(to.sendings.size(), 1u);
  EXPECT_EQ(to.sendings.at(0).after, 30s);
  EXPECT_EQ(text_of(host_world::answers_of(to).at(0), 39), "00");
}

TEST(AcquirerFaults, AHalfDeadHostAnswersNothingButNetworkManagement) {
  host_world world;
  world.arm("half_dead");
  EXPECT_TRUE(world.send(payment()).sendings.empty());
  EXPECT_TRUE(world.send(reversal(payment())).sendings.empty());
  EXPECT_EQ(world.code(network("301")), "00");
  EXPECT_TRUE(world.effects().empty());
}

TEST(AcquirerFaults, AWrongAmountIsInTheAnswerOnly) {
  host_world world;
  world.arm("wrong_amount:by=5");
  const message answer = world.ask(payment());
  EXPECT_EQ(text_of(answer, 4), "000000001255");
  EXPECT_EQ(text_of(answer, 39), "00");
  EXPECT_EQ(world.effects().at(0).amount_minor, 1'250);
  EXPECT_EQ(text_of(world.ask(payment({.stan = "000002", .amount_minor = 999'999'999'999})), 4),
            "000000000004");
}

TEST(AcquirerFaults, ADisconnectIsInsteadOfTheAnswer) {
  host_world world;
  world.arm("disconnect");
  EXPECT_EQ(world.send(payment()).sendings, std::vector<sending>{{.closes = true}});
  EXPECT_EQ(world.effects().size(), 1u);
}

TEST(AcquirerFaults, ADroppedRequestMayLoseTheConnectionToo) {
  host_world world;
  world.arm("drop_request");
  world.arm("disconnect");
  EXPECT_EQ(world.send(payment()).sendings, std::vector<sending>{{.closes = true}});
  EXPECT_TRUE(world.effects().empty());
}

TEST(AcquirerFaults, FaultsAddUpInTheOrderTheyWereArmed) {
  host_world world;
  world.arm("delay:after=1s");
  world.arm("duplicate");
  world.arm("delay:after=2s");
  const reaction to = world.send(payment());
  ASSERT_EQ(to.sendings.size(), 2u);
  EXPECT_EQ(to.sendings.at(1).after, 3s);
  EXPECT_EQ(world.host.stats().faults.at(static_cast<std::size_t>(fault_kind::delay)), 2u);
}

TEST(AcquirerFaults, AGarbledAnswerForNobodyHasAnotherStan) {
  host_world world;
  world.arm("garble:how=stan");
  EXPECT_EQ(text_of(world.ask(payment()), 11), "000002");
}

message in_dialect(const iso8583::dialect& with, message request) {
  request.set_tpdu(std::string(with.tpdu.bytes, '\x60'));
  return request;
}

TEST(AcquirerFaults, AGarbledLengthSaysMoreThanThereIs) {
  for (const iso8583::dialect& with : iso8583::shipped_dialects()) {
    host_core host{with, 1};
    session connection;
    host.script().add(parse_fault("garble:how=length").value());
    const reaction to = host.handle(connection, in_dialect(with, network("301")), 0);
    ASSERT_EQ(to.sendings.size(), 1u) << with.name;
    iso8583::framer cutter{with};
    cutter.feed(to.sendings.at(0).frame);
    const auto next = cutter.next();
    ASSERT_TRUE(next) << with.name;
    EXPECT_FALSE(*next) << with.name;
  }
}

/// In every dialect, for a long and a short message.
void expect_unreadable(std::string_view fault) {
  for (const iso8583::dialect& with : iso8583::shipped_dialects())
    for (const message& request : {payment(), network("301")}) {
      host_core host{with, 1};
      session connection;
      host.script().add(parse_fault(fault).value());
      const reaction to = host.handle(connection, in_dialect(with, request), 0);
      ASSERT_EQ(to.sendings.size(), 1u) << with.name;
      EXPECT_FALSE(iso8583::decode_frame(with, to.sendings.at(0).frame)) << with.name;
      iso8583::framer cutter{with}; // What follows on the connection can still be read.
      cutter.feed(to.sendings.at(0).frame);
      const auto next = cutter.next();
      EXPECT_TRUE(next && *next) << with.name;
    }
}

TEST(AcquirerFaults, AGarbledBitmapCannotBeDecodedInAnyDialect) {
  expect_unreadable("garble:how=bitmap");
}

TEST(AcquirerFaults, AGarbledFieldCannotBeDecodedInAnyDialect) {
  expect_unreadable("garble:how=field");
}

} // namespace

} // namespace ducat::acquirer::testing
