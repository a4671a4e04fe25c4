#include "cli/checked_world.hpp"

#include <ducat/v1/journal.pb.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ducat::testing {

namespace {

using cli::finding;
using cli::finding_kind;
using cli::judgement;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Expects that the checker finds faults of `kind` and of no other, one of them about `subject`.
void expect_only(const checked_world& world, finding_kind kind, const std::string& subject,
                 const cli::check_options& options = {}) {
  const cli::verdict given = judge(world, options);
  EXPECT_EQ(given.result, judgement::red);
  EXPECT_THAT(given.found.kept(), Each(Field(&finding::kind, kind)));
  EXPECT_THAT(given.found.kept(), Contains(Field(&finding::subject, HasSubstr(subject))));
}

} // namespace

TEST(Checker, PassesAGoodHistory) {
  const cli::verdict given = judge(good_world());
  EXPECT_THAT(given.found.kept(), IsEmpty());
  EXPECT_EQ(given.result, judgement::green);
  EXPECT_EQ(given.entries, 8u);
  EXPECT_EQ(given.payments, 5u);
  EXPECT_EQ(given.acknowledged, 11u);
  EXPECT_EQ(given.declined, 1u);
  EXPECT_EQ(cli::decimal(given.sums.at("EUR").debits_posted), "15000");
}

TEST(Checker, IsVoidWhenNothingWasAcknowledged) {
  checked_world world = good_world();
  for (told& one : world.record)
    one.answer.reset();
  EXPECT_EQ(judge(world).result, judgement::void_);
  EXPECT_EQ(judge(checked_world{}).result, judgement::void_);
}

TEST(Checker, FindsAnAcknowledgedPaymentThatWasRemoved) {
  checked_world world = good_world();
  world.log[7].clear();
  world.refresh_receipts();
  expect_only(world, finding_kind::lost, "k4");
}

TEST(Checker, FindsALogThatLostItsNewestEntry) {
  checked_world world = good_world();
  world.log.pop_back();
  expect_only(world, finding_kind::lost, "k4");
}

TEST(Checker, FindsAnAcknowledgedAccountThatWasRemoved) {
  checked_world world = good_world();
  world.log[0].push_back(open_account("bob"));
  told bob = world.call("alice");
  bob.id.key = "bob";
  world.record.push_back(bob);
  world.refresh_receipts();
  EXPECT_EQ(judge(world).result, judgement::green);
  world.log[0].pop_back();
  world.refresh_receipts();
  expect_only(world, finding_kind::lost, "account bob");
}

TEST(Checker, FindsAPaymentThatWasMadeTwice) {
  checked_world world = good_world();
  const commands again = world.log[1];
  world.log.push_back(again);
  expect_only(world, finding_kind::doubled, "fund");
}

TEST(Checker, FindsASecondHoldOfOnePayment) {
  checked_world world = good_world();
  world.log.push_back({authorize("k2")});
  expect_only(world, finding_kind::doubled, cli::payment_id_of("k2"));
}

TEST(Checker, FindsASecondCaptureUnderAnotherKey) {
  checked_world world = good_world();
  world.log.push_back({capture("k2", "c2-again", 1'000)});
  expect_only(world, finding_kind::doubled, cli::payment_id_of("k2"));
}

TEST(Checker, FindsASecondVoid) {
  checked_world world = good_world();
  world.log.push_back({void_of("k3", "v3")});
  expect_only(world, finding_kind::doubled, "v3");
}

TEST(Checker, FindsARefundThatWasMadeTwice) {
  checked_world world = good_world();
  world.log.push_back({refund("k1", "r1", 500)});
  expect_only(world, finding_kind::doubled, "r1");
}

TEST(Checker, FindsAnAccountThatWasOpenedTwice) {
  checked_world world = good_world();
  world.log.push_back({open_account("alice")});
  expect_only(world, finding_kind::doubled, "alice");
}

TEST(Checker, FindsAnAmountThatWasChanged) {
  checked_world world = good_world();
  world.log[2][0].mutable_create_payment()->set_amount(2'501);
  world.refresh_receipts();
  expect_only(world, finding_kind::altered, "k1");
}

TEST(Checker, FindsMetadataThatNobodySent) {
  checked_world world = good_world();
  v1::MetadataPair& pair = *world.log[2][0].mutable_create_payment()->add_metadata();
  pair.set_key("order");
  pair.set_value("A-1");
  world.refresh_receipts();
  expect_only(world, finding_kind::altered, "k1");
}

TEST(Checker, FindsACaptureOfAnotherAmount) {
  checked_world world = good_world();
  world.log[4][0].mutable_capture_payment()->set_amount(2'001);
  world.refresh_receipts();
  expect_only(world, finding_kind::altered, "c2");
}

TEST(Checker, FindsOneUnitThatMovedToAnotherAccount) {
  checked_world world = good_world();
  world.log.push_back(
      {create("theft", "alice", "world", 1), authorize("theft"), capture_of_creation("theft")});
  expect_only(world, finding_kind::phantom, "theft");
}

TEST(Checker, FindsAPaymentThatWentToAnotherAccount) {
  checked_world world = good_world();
  world.log[2][0].mutable_create_payment()->set_to("world");
  world.refresh_receipts();
  expect_only(world, finding_kind::altered, "k1");
}

TEST(Checker, FindsAnAccountThatGotAnOverdraft) {
  checked_world world = good_world();
  world.log[0][2].mutable_open_account()->set_overdraft(true);
  world.refresh_receipts();
  expect_only(world, finding_kind::altered, "account shop");
}

TEST(Checker, FindsAReceiptWithAnotherHash) {
  checked_world world = good_world();
  world.call("k1").answer->hash = std::string(64, '0');
  expect_only(world, finding_kind::receipt, "k1");
}

TEST(Checker, FindsAReceiptOfAnotherEntry) {
  checked_world world = good_world();
  world.call("k1").answer->index = 4;
  world.refresh_receipts();
  expect_only(world, finding_kind::receipt, "k1");
}

TEST(Checker, FindsAnAcknowledgementWithoutAReceipt) {
  checked_world world = good_world();
  world.call("k1").answer->index = 0;
  expect_only(world, finding_kind::lost, "k1");
}

TEST(Checker, FindsAHistoryThatWasRewrittenByItsReceipts) {
  checked_world world = good_world();
  world.log[1][0].mutable_create_payment()->set_description("rewritten");
  const cli::verdict given = judge(world);
  EXPECT_EQ(given.found.count(finding_kind::receipt), 8u); // All but the accounts, in entry 1.
}

TEST(Checker, FindsAnEntryThatIsNotChained) {
  const checked_world world = good_world();
  std::vector<entry> entries = world.entries();
  entries[4].payload += payload_of({void_of("k2", "x")}).substr(1);
  EXPECT_EQ(judge(entries, world).found.count(finding_kind::broken), 1u);
  entries = world.entries();
  entries.erase(entries.begin() + 3);
  EXPECT_EQ(judge(entries, world).found.count(finding_kind::broken), 5u); // 4 indexes and 1 hash.
}

TEST(Checker, FindsAPayloadThatIsNoBatch) {
  const checked_world world = good_world();
  std::vector<entry> entries = world.entries();
  entries.push_back(
      {.index = 9, .writer = {1}, .at = {9}, .previous = entries[7].hash, .payload = {}});
  const std::vector<std::string> payloads{
      "", "\3", "\1\4", {"\1\4\0\0\0ab", 7}, {"\2\2\0\0\0\3ab", 8}, {"\2\4\0\0\0\2ab", 8}};
  for (const std::string& payload : payloads) {
    entries[8].payload = payload;
    entries[8].hash = hash_of(entries[8]);
    EXPECT_EQ(judge(entries, world).found.count(finding_kind::broken), 1u);
  }
}

TEST(Checker, PassesByWhatGrantsAGroup) {
  const checked_world world = good_world();
  std::vector<entry> entries = world.entries();
  entries.push_back({.index = 9,
                     .writer = {1},
                     .at = {9},
                     .previous = entries[7].hash,
                     .payload = {"\2\4\0\0\0\2\1gn1", 10}});
  entries[8].hash = hash_of(entries[8]);
  EXPECT_TRUE(judge(entries, world).is_green());
}

TEST(Checker, FindsTwoAnswersToOneOperation) {
  checked_world world = good_world();
  told again = world.call("k2");
  again.answer->captured = 2'000;
  world.record.push_back(again);
  expect_only(world, finding_kind::doubled, "k2");
}

TEST(Checker, TakesAReplayForTheSameAnswer) {
  checked_world world = good_world();
  told again = world.call("k2");
  again.answer->replayed = true;
  world.record.push_back(again);
  EXPECT_TRUE(judge(world).is_green());
}

TEST(Checker, FindsAnAnswerThatClaimsMoreThanTheLog) {
  checked_world world = good_world();
  world.call("r1").answer->refunded = 501;
  expect_only(world, finding_kind::altered, "r1");
}

TEST(Checker, FindsADeclineThatWasAnApproval) {
  checked_world world = good_world();
  world.call("k1").answer->outcome = cli::call_outcome::declined;
  world.call("k1").answer->state = "DECLINED";
  expect_only(world, finding_kind::altered, "k1");
}

TEST(Checker, FindsARefusedOperationInTheLog) {
  checked_world world = good_world();
  world.call("k1").answer = cli::call_answer{.outcome = cli::call_outcome::refused};
  expect_only(world, finding_kind::phantom, "k1");
}

/// Lets `key` be refused, and the log hold another request of another client under it.
checked_world world_with_another_request_under(const std::string& key) {
  checked_world world = good_world();
  world.call(key).body = "another request";
  world.call(key).answer = cli::call_answer{.outcome = cli::call_outcome::refused};
  return world;
}

TEST(Checker, FindsWhatNobodyAskedForUnderARefusedKeyUnlessOthersAreAllowed) {
  for (const std::string& key : std::vector<std::string>{"k4", "shop"}) {
    const checked_world world = world_with_another_request_under(key);
    expect_only(world, finding_kind::phantom, key);
    EXPECT_TRUE(judge(world, {.allow_others = true}).is_green());
  }
}

TEST(Checker, LetsARefusedKeyBelongToAnotherRequestOnRecord) {
  checked_world world = good_world();
  told other = world.call("k4");
  other.body = "another request";
  other.answer = cli::call_answer{.outcome = cli::call_outcome::refused};
  world.record.push_back(other);
  EXPECT_TRUE(judge(world).is_green());
  world.call("k4").answer.reset(); // In doubt, and done; the other one is refused because of it.
  EXPECT_TRUE(judge(world).is_green());
}

TEST(Checker, LetsAKeyThatWasRefusedForARefundBeThatOfAPayment) {
  checked_world world = good_world();
  told refund = world.call("k1");
  refund.id.kind = cli::operation_kind::refund;
  refund.body = "a refund";
  refund.answer = cli::call_answer{.outcome = cli::call_outcome::refused};
  world.record.insert(world.record.begin(), refund);
  EXPECT_THAT(judge(world).found.kept(), IsEmpty());
}

TEST(Checker, NamesAnOperationAsTheAcknowledgementDoes) {
  checked_world world = good_world();
  told refund = world.call("k4");
  refund.id.kind = cli::operation_kind::refund;
  refund.body = "a refund";
  refund.answer = cli::call_answer{.outcome = cli::call_outcome::refused};
  world.record.insert(world.record.begin(), refund);
  world.log.pop_back();
  expect_only(world, finding_kind::lost, "payment k4");
}

TEST(Checker, AcceptsEitherOutcomeOfAnOperationInDoubt) {
  checked_world world = good_world();
  world.call("k4").answer.reset();
  const cli::verdict committed = judge(world);
  EXPECT_TRUE(committed.is_green());
  EXPECT_EQ(committed.in_doubt, 1u);
  EXPECT_EQ(committed.in_doubt_committed, 1u);
  world.log.pop_back();
  const cli::verdict absent = judge(world);
  EXPECT_TRUE(absent.is_green());
  EXPECT_EQ(absent.in_doubt_committed, 0u);
}

TEST(Checker, AcceptsThatAnotherClientDidWhatThisOneGaveUp) {
  checked_world world = good_world();
  world.call("k4").answer = cli::call_answer{.outcome = cli::call_outcome::not_done};
  const cli::verdict given = judge(world);
  EXPECT_TRUE(given.is_green());
  EXPECT_EQ(given.refused, 0u);
  EXPECT_EQ(given.in_doubt_committed, 1u);
}

TEST(Checker, FindsAnOperationInDoubtThatWasCommittedWithAnotherAmount) {
  checked_world world = good_world();
  world.call("k4").answer.reset();
  world.log[7][0].mutable_create_payment()->set_amount(1);
  expect_only(world, finding_kind::altered, "k4");
}

TEST(Checker, FindsAPhantomUnlessOthersAreAllowed) {
  checked_world world = good_world();
  std::erase_if(world.record, [](const told& one) { return one.id.key == "k4"; });
  expect_only(world, finding_kind::phantom, "k4");
  EXPECT_TRUE(judge(world, {.allow_others = true}).is_green());
}

TEST(Checker, FindsACaptureOfADeclinedPayment) {
  checked_world world = good_world();
  world.log.push_back({capture_of_creation("k4")});
  expect_only(world, finding_kind::impossible, cli::payment_id_of("k4"));
}

TEST(Checker, FindsAMerchantWhoHadWhatIsNotTheirs) {
  const auto told_by = [](v1::Command command, const std::string& merchant) {
    command.mutable_principal()->set_role("merchant");
    command.mutable_principal()->set_name(merchant);
    return command;
  };
  checked_world world = good_world();
  for (commands& batch : world.log)
    for (v1::Command& each : batch)
      if (each.has_open_account() && each.open_account().id() == "shop")
        each.mutable_open_account()->set_owner("kiosk");
  world.refresh_receipts();
  const checked_world good = world;
  world.log.push_back({told_by(refund("k1", "r2", 1), "kiosk")});
  EXPECT_TRUE(judge(world, {.allow_others = true}).is_green());
  world.log.back() = {told_by(refund("k1", "r2", 1), "bakery")};
  expect_only(world, finding_kind::impossible, cli::payment_id_of("k1"));
  world = good;
  world.log.push_back({told_by(create("x", "alice", "shop", 1), "kiosk")});
  EXPECT_EQ(judge(world, {.allow_others = true}).found.count(finding_kind::impossible), 1u);
}

v1::Command open_by_hand(const std::string& reason) {
  v1::Command command;
  v1::DecidePayment& decide = *command.mutable_decide_payment();
  decide.set_payment_id(cli::payment_id_of("k1"));
  decide.set_idempotency_key("d-" + reason);
  decide.set_decision(v1::DecidePayment::TAKEN_BACK);
  decide.set_reason(reason);
  command.mutable_principal()->set_role("operator");
  command.mutable_principal()->set_name("anna");
  return command;
}

v1::Command approval(std::uint64_t number, const std::string& role, const std::string& name) {
  v1::Command command;
  command.mutable_decide_change()->set_number(number);
  command.mutable_decide_change()->set_decision(v1::DecideChange::APPROVED);
  command.mutable_principal()->set_role(role);
  command.mutable_principal()->set_name(name);
  return command;
}

/// What was found of a log in which anna asks for something about a payment that is not in
/// exception, and `then`.
std::size_t found_after(const std::vector<v1::Command>& then) {
  checked_world world = good_world();
  world.log.push_back({open_by_hand("once")});
  for (const v1::Command& each : then)
    world.log.push_back({each});
  return judge(world).found.count(finding_kind::impossible);
}

TEST(Checker, FindsWhatOnePersonAloneHadDone) {
  EXPECT_EQ(found_after({}), 0u) << "it only waits";
  v1::Command alone = open_by_hand("twice");
  alone.mutable_principal()->set_alone(true);
  EXPECT_EQ(found_after({alone}), 1u) << "it is done, and cannot be of such a payment";
  EXPECT_EQ(found_after({approval(1, "operator", "berta")}), 1u) << "the same";
  v1::Command rejection = approval(1, "operator", "berta");
  rejection.mutable_decide_change()->set_decision(v1::DecideChange::REJECTED);
  EXPECT_EQ(found_after({rejection}), 0u);
  EXPECT_EQ(found_after({rejection, rejection}), 1u) << "decided twice";
  EXPECT_EQ(found_after({approval(2, "operator", "berta")}), 1u) << "there is none";
}

TEST(Checker, FindsThatOnePersonAloneHadASecretChanged) {
  const auto found_if_approved_by = [](const std::string& name) {
    checked_world world = good_world();
    v1::Command rotation;
    rotation.mutable_put_endpoint()->set_secret("whsec_");
    rotation.mutable_principal()->set_role("operator");
    rotation.mutable_principal()->set_name("anna");
    world.log.push_back({rotation});
    world.log.push_back({approval(1, "operator", name)});
    return judge(world).found.count(finding_kind::impossible);
  };
  EXPECT_EQ(found_if_approved_by("anna"), 1u);
  EXPECT_EQ(found_if_approved_by("berta"), 0u);
}

TEST(Checker, NamesWhoeverMayNotApproveAChange) {
  const auto text_after = [](const v1::Command& decided) {
    checked_world world = good_world();
    world.log.push_back({open_by_hand("once")});
    world.log.push_back({decided});
    const auto given = judge(world);
    std::string text;
    for (const auto& each : given.found.kept())
      if (each.subject == "chg_1")
        text = each.text;
    return text;
  };
  EXPECT_EQ(text_after(approval(1, "operator", "anna")), "one person alone had it done");
  EXPECT_EQ(text_after(approval(1, "operator", "")), "one person alone had it done");
  EXPECT_EQ(text_after(approval(1, "settler", "sue")), "settler approved it");
  EXPECT_EQ(text_after(approval(1, "admin", "root")), "");
}

TEST(Checker, FindsMoneyThatWasSpentWithoutHavingIt) {
  checked_world world = good_world();
  world.log[1] = {}; // Alice was never funded.
  world.refresh_receipts();
  const cli::verdict given = judge(world);
  EXPECT_EQ(given.found.count(finding_kind::lost), 4u); // fund, c2, v3, r1.
  EXPECT_GE(given.found.count(finding_kind::impossible), 1u);
}

TEST(Checker, FindsMoreRefundedThanWasCaptured) {
  checked_world world = good_world();
  world.log.push_back({refund("k1", "r2", 2'001)});
  expect_only(world, finding_kind::impossible, cli::payment_id_of("k1"));
}

TEST(Checker, FindsACommandOfNoKnownKind) {
  checked_world world = good_world();
  world.log.push_back({v1::Command{}});
  expect_only(world, finding_kind::broken, "command");
}

TEST(Checker, LetsARefundThatThePayeeCannotAffordMoveNothing) {
  checked_world world = good_world();
  // Shop has 4,000: 2,000 from k1 after the refund and 2,000 from k2; it spends 3,000 of that.
  world.log.push_back({create("k5", "shop", "world", 3'000), authorize("k5"),
                       capture_of_creation("k5"), refund("k1", "r2", 2'000)});
  told refused = world.call("r1");
  refused.id.key = "r2";
  refused.body = cli::body_hash(cli::change_body{.kind = cli::operation_kind::refund,
                                                 .payment_id = cli::payment_id_of("k1"),
                                                 .amount = 2'000});
  refused.answer->index = 9;
  refused.answer->outcome = cli::call_outcome::declined;
  world.record.push_back(refused);
  world.refresh_receipts();
  EXPECT_TRUE(judge(world, {.allow_others = true}).is_green());
}

TEST(Checker, CountsWhatIsBeyondTheRangeOf64Bits) {
  checked_world world = good_world();
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (const std::string& key : std::vector<std::string>{"b1", "b2", "b3"})
    world.log.push_back(
        {create(key, "world", "shop", most), authorize(key), capture_of_creation(key)});
  const cli::verdict given = judge(world, {.allow_others = true});
  EXPECT_TRUE(given.is_green());
  EXPECT_EQ(cli::decimal(given.sums.at("EUR").debits_posted), "27670116110564342421");
}

// Two threads read it, and two judge it.
TEST(Checker, FindsInALongHistoryWhatItFindsInAShortOne) {
  checked_world world;
  for (int number = 0; number < 25'000; ++number) {
    const std::string id = "account-" + std::to_string(number);
    if (number % 500 == 0)
      world.log.emplace_back();
    world.log.back().push_back(open_account(id));
    world.record.push_back(
        {.id = {.kind = cli::operation_kind::account, .key = id},
         .body = cli::body_hash(cli::account_body{.currency = "EUR", .overdraft = false}),
         .answer = cli::call_answer{.outcome = cli::call_outcome::ok, .index = world.log.size()}});
  }
  world.refresh_receipts();
  const cli::verdict good = judge(world);
  EXPECT_THAT(good.found.kept(), IsEmpty());
  EXPECT_EQ(good.result, judgement::green);
  EXPECT_EQ(good.acknowledged, 25'000u);
  EXPECT_EQ(good.accounts, 25'000u);

  for (commands& batch : world.log) // The first of each is not there, the second not asked for.
    batch.erase(batch.begin());
  std::vector<std::string> lost;
  std::vector<std::string> phantoms;
  for (int number = 0; number < 25'000; number += 500) {
    lost.push_back("account account-" + std::to_string(number));
    phantoms.push_back("account account-" + std::to_string(number + 1));
  }
  std::erase_if(world.record, [&](const told& each) {
    return std::ranges::find(phantoms, "account " + each.id.key) != phantoms.end();
  });
  world.refresh_receipts();
  const cli::verdict bad = judge(world);
  EXPECT_EQ(bad.found.count(finding_kind::lost), lost.size());
  EXPECT_EQ(bad.found.count(finding_kind::phantom), phantoms.size());
  EXPECT_EQ(bad.found.total(), lost.size() + phantoms.size());
  std::vector<std::string> expected{lost.begin(), lost.begin() + cli::findings::kept_max};
  expected.insert(expected.end(), phantoms.begin(), phantoms.begin() + cli::findings::kept_max);
  std::vector<std::string> kept;
  for (const finding& each : bad.found.kept())
    kept.push_back(each.subject);
  EXPECT_EQ(kept, expected);
}

TEST(Findings, OfTwoAreKeptAndCountedAsIfAllHadBeenFoundByOne) {
  cli::findings first;
  cli::findings second;
  cli::findings by_one;
  for (std::uint64_t index = 1; index <= 70; ++index) {
    const finding found{.kind = index % 3 == 0 ? finding_kind::lost : finding_kind::receipt,
                        .index = index,
                        .subject = {},
                        .text = {}};
    (index <= 25 ? first : second).add(found);
    by_one.add(found);
  }
  first.add(second);
  EXPECT_EQ(first.kept(), by_one.kept());
  EXPECT_EQ(first.count(finding_kind::lost), 23u);
  EXPECT_EQ(first.count(finding_kind::receipt), 47u);
}

} // namespace ducat::testing
