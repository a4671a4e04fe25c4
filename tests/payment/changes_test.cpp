/// What needs two persons has its effect when the second one approves it, and not before.
#include "payment/change_book.hpp"
#include "payment/dual_control.hpp"
#include "payment/payment_world.hpp"

#include <ducat/payment/change_id.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace ducat::payment::test {
namespace {

using ducat::testing::asked_by;

v1::Command fund(std::int64_t amount, const std::string& key) {
  v1::Command command;
  auto& made = *command.mutable_settlement()->mutable_fund();
  made.set_id("bank");
  made.set_idempotency_key(key);
  made.set_amount(amount);
  return command;
}

v1::Command decided(std::uint64_t number, v1::DecideChange::Decision what,
                    const std::string& reason = "checked") {
  v1::Command command;
  auto& made = *command.mutable_decide_change();
  made.set_number(number);
  made.set_decision(what);
  made.set_reason(reason);
  return command;
}

/// Settlement of EUR with one participant, set up by nodes: nobody has to approve it.
class TwoPersonsTogether : public ::testing::Test {
protected:
  TwoPersonsTogether() {
    v1::Command ledger;
    auto& configure = *ledger.mutable_settlement()->mutable_configure();
    configure.set_currency("EUR");
    configure.set_model(v1::NET_MULTILATERAL_DEFERRED);
    configure.set_business_date(20261130);
    EXPECT_EQ(code_of(ledger), "");
    v1::Command bank;
    auto& participant = *bank.mutable_settlement()->mutable_participant();
    participant.set_id("bank");
    participant.set_currency("EUR");
    EXPECT_EQ(code_of(bank), "");
  }

  std::string code_of(const v1::Command& command) { return w_.run(command).error().code(); }

  std::string ask_for(std::int64_t amount, const std::string& key, const std::string& who = "sam") {
    return code_of(asked_by(fund(amount, key), "settler", who));
  }

  std::string approve(std::uint64_t number, const std::string& who = "sue",
                      const std::string& role = "settler") {
    return code_of(asked_by(decided(number, v1::DecideChange::APPROVED), role, who));
  }

  std::string reject(std::uint64_t number, const std::string& who = "sue") {
    return code_of(asked_by(decided(number, v1::DecideChange::REJECTED), "settler", who));
  }

  v1::ListChangesReply changes(bool only_pending = false, std::uint32_t limit = 100,
                               const std::string& after = "") const {
    v1::Question question;
    question.mutable_changes()->set_limit(limit);
    question.mutable_changes()->set_only_pending(only_pending);
    question.mutable_changes()->set_starting_after(after);
    return w_.ask(question).changes();
  }

  /// What the participant has.
  std::int64_t funds() const {
    v1::Question question;
    question.mutable_settlement()->mutable_participants();
    const v1::Outcome told = w_.ask(question);
    for (const auto& each : told.settlement().participants().data())
      if (each.terms().id() == "bank")
        return each.liquidity();
    return -1;
  }

  v1::ListAuditReply audit() const {
    v1::Question question;
    question.mutable_audit()->set_limit(100);
    return w_.ask(question).audit();
  }

  world w_;
};

TEST_F(TwoPersonsTogether, HaveItDoneTogether) {
  EXPECT_EQ(ask_for(500, "f1"), "approval_pending");
  EXPECT_EQ(funds(), 0);
  ASSERT_EQ(changes().data_size(), 1);
  EXPECT_EQ(changes().data(0).id(), "chg_1");
  EXPECT_EQ(changes().data(0).state(), v1::Change::PENDING);
  EXPECT_EQ(changes().data(0).action(), "settlement.fund");
  EXPECT_EQ(changes().data(0).target(), "bank");
  EXPECT_EQ(changes().data(0).asked_by(), "sam");
  EXPECT_NE(changes().data(0).content().find("\"500\""), std::string::npos)
      << "whoever approves sees what: " << changes().data(0).content();
  EXPECT_EQ(approve(1), "");
  EXPECT_EQ(funds(), 500);
  EXPECT_EQ(changes().data(0).state(), v1::Change::APPROVED);
  EXPECT_EQ(changes().data(0).decided_by(), "sue");
  EXPECT_EQ(changes().data(0).reason(), "checked");
  EXPECT_EQ(changes(true).data_size(), 0);
}

TEST_F(TwoPersonsTogether, AreTwo) {
  ask_for(500, "f1");
  EXPECT_EQ(approve(1, "sam"), "second_person_needed");
  EXPECT_EQ(funds(), 0);
  EXPECT_EQ(reject(1, "sam"), "") << "whoever asks for it takes it back";
  EXPECT_EQ(funds(), 0);
  EXPECT_EQ(approve(1), "change_decided");
  EXPECT_EQ(funds(), 0);
}

TEST_F(TwoPersonsTogether, MayBothAskForIt) {
  ask_for(500, "f1");
  EXPECT_EQ(approve(1, "oscar", "operator"), "role_not_allowed");
  EXPECT_EQ(approve(1, "root", "admin"), "role_not_allowed");
  EXPECT_EQ(approve(1, "vera", "viewer"), "role_not_allowed");
  EXPECT_EQ(code_of(decided(1, v1::DecideChange::APPROVED)), "role_not_allowed") << "nobody";
  EXPECT_EQ(funds(), 0);
}

TEST_F(TwoPersonsTogether, HaveItDoneOnce) {
  ask_for(500, "f1");
  EXPECT_EQ(ask_for(500, "f1"), "approval_pending");
  EXPECT_EQ(changes().data_size(), 1) << "asked for once more";
  ask_for(500, "f1", "sid");
  EXPECT_EQ(changes().data_size(), 2) << "by somebody else";
  EXPECT_EQ(approve(1), "");
  const digest done = w_.state_digest();
  EXPECT_EQ(approve(1), "");
  EXPECT_EQ(w_.state_digest(), done) << "a repetition has the same answer and no effect";
  EXPECT_EQ(approve(1, "sid"), "change_decided");
  EXPECT_EQ(approve(2), "change_overtaken");
  EXPECT_EQ(ask_for(500, "f1"), "") << "whoever asks for it again is told that it is done";
  EXPECT_EQ(funds(), 500);
  EXPECT_EQ(reject(2), "");
}

TEST_F(TwoPersonsTogether, SeeItRefusedIfItIsNotPossibleAnyMore) {
  EXPECT_EQ(ask_for(-1, "f0"), "liquidity_needed") << "nor is it asked for then";
  EXPECT_EQ(changes().data_size(), 0);
  w_.run(fund(10, "f1"));
  EXPECT_EQ(ask_for(-10, "f2"), "approval_pending");
  w_.run(fund(-10, "f3"));
  EXPECT_EQ(approve(1), "liquidity_needed");
  EXPECT_EQ(changes().data(0).state(), v1::Change::PENDING);
  w_.run(fund(10, "f4"));
  EXPECT_EQ(approve(1), "");
  EXPECT_EQ(funds(), 0);
}

TEST_F(TwoPersonsTogether, SayWhy) {
  ask_for(500, "f1");
  const auto code = [&](const v1::Command& command) {
    return code_of(asked_by(command, "settler", "sue"));
  };
  EXPECT_EQ(code(decided(1, v1::DecideChange::UNSPECIFIED)), "decision_unknown");
  EXPECT_EQ(code(decided(1, v1::DecideChange::APPROVED, "")), "reason_invalid");
  EXPECT_EQ(code(decided(1, v1::DecideChange::APPROVED, std::string(256, 'x'))), "reason_invalid");
  EXPECT_EQ(code(decided(0, v1::DecideChange::APPROVED)), "change_not_found");
  EXPECT_EQ(code(decided(2, v1::DecideChange::APPROVED)), "change_not_found");
  EXPECT_EQ(code(decided(1, v1::DecideChange::APPROVED, std::string(255, 'x'))), "");
}

TEST_F(TwoPersonsTogether, AreInTheAudit) {
  ask_for(500, "f1");
  approve(1);
  ask_for(600, "f2");
  reject(2);
  const auto found = audit();
  ASSERT_EQ(found.data_size(), 5);
  const auto is = [&](int i, const char* name, const char* action, const char* target,
                      const char* outcome, std::uint64_t about) {
    const v1::AuditEntry& each = found.data(i);
    EXPECT_EQ(each.name(), name) << i;
    EXPECT_EQ(each.action(), action) << i;
    EXPECT_EQ(each.target(), target) << i;
    EXPECT_EQ(each.outcome(), outcome) << i;
    EXPECT_EQ(each.about(), about) << i;
  };
  is(0, "sam", "settlement.fund", "bank", "pending", 0);
  is(1, "sue", "decide_change", "chg_1", "approved", 1);
  is(2, "sam", "settlement.fund", "bank", "done", 1);
  is(3, "sam", "settlement.fund", "bank", "pending", 0);
  is(4, "sue", "decide_change", "chg_2", "rejected", 4);
}

TEST_F(TwoPersonsTogether, AreNotNeededWhereANodeIsConfiguredSo) {
  v1::Command command = asked_by(fund(500, "f1"), "settler", "sam");
  command.mutable_principal()->set_alone(true);
  EXPECT_EQ(code_of(command), "");
  EXPECT_EQ(funds(), 500);
  EXPECT_EQ(audit().data(0).outcome(), "done");
}

TEST_F(TwoPersonsTogether, AreListedInPages) {
  for (int i = 0; i < 12; ++i)
    ask_for(1, "f" + std::to_string(i));
  for (const std::uint64_t number : {2U, 4U, 6U})
    reject(number);
  EXPECT_EQ(changes(false, 0).data_size(), 10);
  EXPECT_TRUE(changes(false, 0).has_more());
  const auto rest = changes(false, 5, "chg_10");
  ASSERT_EQ(rest.data_size(), 2);
  EXPECT_EQ(rest.data(0).id(), "chg_11");
  EXPECT_FALSE(rest.has_more());
  const auto pending = changes(true, 3, "chg_1");
  ASSERT_EQ(pending.data_size(), 3);
  EXPECT_EQ(pending.data(0).id(), "chg_3");
  EXPECT_EQ(pending.data(2).id(), "chg_7");
  EXPECT_TRUE(pending.has_more());
  for (const char* none : {"chg_13", "chg_0", "chg_", "chg_01", "chg_1x", "1", "x"}) {
    v1::Question question;
    question.mutable_changes()->set_starting_after(none);
    EXPECT_EQ(w_.ask(question).error().code(), "cursor_not_found") << none;
  }
  v1::Question question;
  question.mutable_changes()->set_limit(101);
  EXPECT_EQ(w_.ask(question).error().code(), "limit_invalid");
}

TEST_F(TwoPersonsTogether, WaitInABoundedNumber) {
  for (std::size_t i = 0; i < change_book::pending_max; ++i)
    ASSERT_EQ(ask_for(1, "f" + std::to_string(i)), "approval_pending");
  EXPECT_EQ(ask_for(1, "another"), "changes_exhausted");
  EXPECT_EQ(ask_for(1, "f0"), "approval_pending") << "it is there already";
  EXPECT_EQ(reject(1), "");
  EXPECT_EQ(ask_for(1, "another"), "approval_pending");
}

TEST_F(TwoPersonsTogether, ChangeTheSecretOfAWebhook) {
  const auto put = [](bool is_new, const std::string& secret) {
    v1::Command command;
    auto& made = *command.mutable_put_endpoint();
    made.set_id("we_1");
    made.set_enabled(true);
    made.set_secret(secret);
    if (is_new)
      made.set_url("https://shop.example/hook");
    made.set_is_new(is_new);
    return command;
  };
  const std::string before = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const std::string after = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const auto newest = [this] {
    v1::Question question;
    question.mutable_endpoints();
    return w_.ask(question).endpoints().data(0).secrets(0).secret();
  };
  ASSERT_EQ(code_of(asked_by(put(true, before), "operator", "ann")), "") << "a new one needs one";
  EXPECT_EQ(code_of(asked_by(put(false, after), "operator", "ann")), "approval_pending");
  EXPECT_EQ(newest(), before);
  const std::string another = "whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
  EXPECT_EQ(code_of(asked_by(put(false, another), "operator", "ann")), "approval_pending");
  ASSERT_EQ(changes().data_size(), 1) << "who asks again asks for the same";
  EXPECT_EQ(changes().data(0).target(), "we_1");
  EXPECT_EQ(changes().ShortDebugString().find("whsec_"), std::string::npos);
  const auto approval = asked_by(decided(1, v1::DecideChange::APPROVED), "operator", "bea");
  const v1::Outcome done = w_.run(approval);
  EXPECT_EQ(done.changes().data(0).secret(), after) << done.ShortDebugString();
  EXPECT_EQ(newest(), after);
  EXPECT_FALSE(w_.run(approval).changes().data(0).has_secret()) << "it is shown once";
  EXPECT_FALSE(changes().data(0).has_secret());
}

/// Which kinds: the table of docs/security.md.
TEST(TwoPersons, AreNeededForCorrectionsTermsAndMoneyAndNothingElse) {
  const auto waits = [](const std::function<void(v1::Command&)>& fill) {
    v1::Command command;
    fill(command);
    return needs_second(command);
  };
  using c = v1::Command;
  EXPECT_TRUE(waits([](c& m) { m.mutable_decide_payment(); }));
  EXPECT_TRUE(
      waits([](c& m) { m.mutable_resolve_advice()->set_event(v1::ResolveAdvice::SETTLED); }));
  EXPECT_FALSE(
      waits([](c& m) { m.mutable_resolve_advice()->set_event(v1::ResolveAdvice::RETRIED); }));
  EXPECT_TRUE(waits([](c& m) { m.mutable_settlement_exception()->mutable_dispose(); }));
  EXPECT_TRUE(waits([](c& m) { m.mutable_put_endpoint()->set_secret("whsec_"); }));
  EXPECT_FALSE(waits([](c& m) {
    m.mutable_put_endpoint()->set_secret("whsec_");
    m.mutable_put_endpoint()->set_is_new(true);
  }));
  EXPECT_FALSE(waits([](c& m) { m.mutable_settlement_exception()->mutable_assign(); }));
  const std::set<std::string> terms = {"configure", "participant", "fund", "merchant", "abort"};
  const auto* const kind = v1::SettlementCommand::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kind->field_count(); ++i)
    EXPECT_EQ(waits([&](c& m) {
                v1::SettlementCommand& in = *m.mutable_settlement();
                (void)in.GetReflection()->MutableMessage(&in, kind->field(i));
              }),
              terms.contains(kind->field(i)->name()))
        << kind->field(i)->name();
  const auto* const all = v1::Command::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < all->field_count(); ++i)
    if (const std::string& name = all->field(i)->name(); name != "decide_payment")
      EXPECT_FALSE(waits([&](c& m) { (void)m.GetReflection()->MutableMessage(&m, all->field(i)); }))
          << name;
}

TEST(ChangeId, IsReadAsItIsWritten) {
  for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{10}, ~std::uint64_t{0}})
    EXPECT_EQ(change_number_in(change_id(number)), number);
  for (const char* none : {"", "chg_", "chg_0", "chg_01", "chg_-1", "chg_+1", "chg_1 ", "CHG_1",
                           "pay_1", "chg_18446744073709551616"})
    EXPECT_EQ(change_number_in(none), std::nullopt) << none;
}

} // namespace
} // namespace ducat::payment::test
