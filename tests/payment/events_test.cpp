/// Every change of a payment is an event of the same entry, which never changes afterwards.

#include "payment/payment_world.hpp"

#include <ducat/payment/event.hpp>
#include <ducat/v1/event.pb.h>

#include <gmock/gmock.h>

#include <set>

namespace ducat::payment {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;
using ::testing::ElementsAre;
using heard = v1::ResolveAttempt;
using test::world;

v1::Outcome list(const world& w, const std::string& after = {}, std::uint32_t limit = 100,
                 const std::vector<std::string>& types = {}) {
  v1::Question question;
  auto& events = *question.mutable_events();
  events.set_after(after);
  events.set_limit(limit);
  for (const std::string& each : types)
    events.add_types(each);
  return w.ask(question);
}

std::vector<std::string> types_of(const world& w, const std::string& payment) {
  std::vector<std::string> types;
  std::uint32_t seq = 0;
  const v1::Outcome listed = list(w);
  for (const v1::Event& each : listed.events().data()) {
    if (each.payment_id() != payment)
      continue;
    EXPECT_EQ(each.payment_seq(), ++seq);
    types.push_back(each.type());
  }
  return types;
}

TEST(Events, TellEveryStateThatAPaymentComesTo) {
  world w;
  const std::string id = w.hold("k", "alice", "shop", 100).payment().id();
  w.capture(id, "c", 60);
  w.refund(id, "r", 10);
  EXPECT_THAT(types_of(w, id), ElementsAre("payment.created", "payment.authorized",
                                           "payment.captured", "refund.succeeded"));
  const std::string voided = w.hold("v", "alice", "shop", 100).payment().id();
  w.cancel(voided, "v1");
  EXPECT_THAT(types_of(w, voided),
              ElementsAre("payment.created", "payment.authorized", "payment.voided"));
  const std::string poor = w.hold("p", "bob", "shop", 100).payment().id();
  EXPECT_THAT(types_of(w, poor), ElementsAre("payment.created", "payment.declined"));
}

TEST(Events, ARefundThatThePayeeCannotAffordIsToldAsDeclined) {
  world w;
  const std::string id = w.pay_to_the_end("k", "alice", "shop", 100).payment().id();
  w.pay_to_the_end("away", "shop", "bob", 100);
  w.refund(id, "r");
  EXPECT_EQ(types_of(w, id).back(), "refund.declined");
}

TEST(Events, TellOfAttemptsAndOfTheDoubt) {
  world w;
  const std::string id = payment_id_of("k");
  w.run(create_card_payment("k", 100, true));
  w.run(send_attempt(id));
  auto rerouted = resolve_attempt(id, heard::DECLINED);
  rerouted.mutable_resolve_attempt()->set_may_reroute(true);
  w.run(rerouted);
  w.run(send_attempt(id, "other"));
  w.let_pass(31s);
  w.run(resolve_attempt(id, heard::APPROVED, 100, 2)); // Too late.
  w.let_pass(25h);
  w.run(resolve_attempt(id, heard::REVERSAL_ACCEPTED, 0, 2));
  EXPECT_THAT(types_of(w, id),
              ElementsAre("payment.created", "payment.authorizing", "attempt.declined",
                          "payment.authorizing", "payment.in_doubt", "attempt.late_approval",
                          "payment.exception", "payment.reversed"));
}

TEST(Events, APaymentThatIsGivenUpTellsThatItsApprovalIsTakenBack) {
  world w;
  const std::string id = payment_id_of("k");
  w.run(create_card_payment("k", 100, true));
  w.run(send_attempt(id));
  w.run(resolve_attempt(id, heard::PARTIALLY_APPROVED, 60));
  w.cancel(id, "v");
  w.run(resolve_attempt(id, heard::REVERSAL_ACCEPTED));
  EXPECT_THAT(types_of(w, id),
              ElementsAre("payment.created", "payment.authorizing", "payment.partially_authorized",
                          "payment.voided", "attempt.reversing", "attempt.reversed"));
}

TEST(Events, ThereIsOneForEveryRowOfTheTimeline) {
  world w;
  const std::string id = payment_id_of("k");
  w.run(create_card_payment("k", 100, true));
  w.run(send_attempt(id));
  w.run(resolve_attempt(id, heard::APPROVED, 100));
  w.cancel(id, "v");
  EXPECT_EQ(types_of(w, id).size(), static_cast<std::size_t>(w.payment(id).timeline_size()));
}

// Whatever happens later: an event shows its payment as the entry left it.
TEST(Events, ShowThePaymentOfThatMoment) {
  world w;
  const std::string id = payment_id_of("k");
  w.run(create_card_payment("k", 100, true));
  w.run(send_attempt(id));
  const auto approved = w.run(resolve_attempt(id, heard::APPROVED, 100));
  const std::string at = list(w).events().newest();
  w.capture(id, "c", 60);
  w.refund(id, "r", 10);
  v1::Question question;
  question.mutable_event()->set_id(at);
  const v1::Event event = w.ask(question).event();
  EXPECT_EQ(event.type(), "payment.authorized");
  EXPECT_EQ(event.index(), approved.index());
  EXPECT_EQ(event.schema_version(), 1u);
  EXPECT_EQ(event.payment().DebugString(), approved.payment().DebugString());
}

TEST(Events, SeveralOfOneEntryAreNumberedAndTheIdsAscend) {
  world w;
  for (const char* key : {"a", "b", "c"})
    w.run(create_card_payment(key, 100, true));
  w.let_pass(25h); // One entry expires them all.
  std::set<std::string> ids;
  std::string before;
  std::vector<std::uint64_t> indexes;
  const v1::Outcome listed = list(w);
  for (const v1::Event& each : listed.events().data()) {
    EXPECT_LT(before, each.id());
    before = each.id();
    ids.insert(each.id());
    if (each.type() == "payment.expired")
      indexes.push_back(each.index());
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(list(w).events().data_size()));
  ASSERT_EQ(indexes.size(), 3u);
  EXPECT_EQ(indexes.front(), indexes.back());
}

TEST(Events, AReplayOfTheLogMakesTheSame) {
  world w;
  w.pay_to_the_end("k", "alice", "shop", 100);
  machine replayed;
  std::uint64_t index = 0;
  for (const std::string& each : w.log()) {
    ++index;
    replayed.apply({index, {1'000 * index}}, each);
  }
  v1::Question question;
  question.mutable_events()->set_limit(100);
  EXPECT_EQ(world::parsed(replayed.query(question.SerializeAsString())).DebugString(),
            w.ask(question).DebugString());
}

// Cursors ----------------------------------------------------------------------------------------

TEST(EventCursor, GoesThroughAllInPagesWithoutAGap) {
  world w;
  for (int i = 0; i < 5; ++i)
    w.pay_to_the_end("k" + std::to_string(i), "alice", "shop", 1);
  std::vector<std::string> paged;
  std::string after;
  for (bool has_more = true; has_more;) {
    const v1::ListEventsReply page = list(w, after, 4).events();
    for (const v1::Event& each : page.data())
      paged.push_back(each.id());
    after = page.next();
    has_more = page.has_more();
  }
  std::vector<std::string> all;
  const v1::Outcome whole = list(w);
  for (const v1::Event& each : whole.events().data())
    all.push_back(each.id());
  EXPECT_EQ(paged, all);
  EXPECT_EQ(after, list(w).events().newest());
  EXPECT_EQ(list(w, after).events().data_size(), 0);
}

TEST(EventCursor, TakesTypesAndFamilies) {
  world w;
  w.pay_to_the_end("k", "alice", "shop", 1);
  EXPECT_EQ(list(w, "", 100, {"payment.captured"}).events().data_size(), 2);
  EXPECT_EQ(list(w, "", 100, {"payment.*"}).events().data_size(), 6);
  EXPECT_EQ(list(w, "", 100, {"refund.*"}).events().data_size(), 0);
  for (const char* wrong : {"payment.lost", "payment.", "*", ".*", "payment", ""})
    EXPECT_EQ(list(w, "", 100, {wrong}).error().code(), "event_type_unknown") << wrong;
}

TEST(EventCursor, ThatIsNoEventIsRefused) {
  world w;
  std::string id = list(w).events().newest();
  id.back() = id.back() == '0' ? '1' : '0';
  for (const std::string& wrong : {id, std::string{"evt_"}, std::string{"pay_1"}})
    EXPECT_EQ(list(w, wrong).error().code(), "event_not_found") << wrong;
  EXPECT_EQ(list(w, "", 101).error().code(), "limit_invalid");
}

TEST(EventId, SaysItsPlaceAndIsRefusedIfItIsMadeUp) {
  const event_place place{.index = 4'711, .number = 12};
  EXPECT_EQ(event_place_in(event_id_of(place)), place);
  EXPECT_EQ(event_id_of(place).size(), 36u);
  EXPECT_LT(event_id_of({9, 2}), event_id_of({10, 1}));
  EXPECT_EQ(event_place_in("evt_0000000000001267000000"
                           "0000000000"),
            std::nullopt);
}

} // namespace
} // namespace ducat::payment
