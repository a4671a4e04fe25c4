/// What the machine writes down of those who administer, and how that hangs together.
#include "payment/payment_world.hpp"

#include <ducat/payment/audit_chain.hpp>

#include <gtest/gtest.h>

namespace ducat::payment::test {
namespace {

using ducat::testing::asked_by;

v1::Command record(const std::string& action, const std::string& outcome, std::uint64_t about = 0) {
  v1::Command command;
  auto& made = *command.mutable_record_audit();
  made.mutable_by()->set_role("chaos");
  made.mutable_by()->set_name("anna");
  made.mutable_by()->set_node("node2");
  made.set_action(action);
  made.set_target("ledger");
  made.set_outcome(outcome);
  made.set_about(about);
  made.set_detail("why");
  return command;
}

v1::ListAuditReply audit_of(const world& w, std::uint32_t limit = 100, std::uint64_t after = 0) {
  v1::Question question;
  question.mutable_audit()->set_limit(limit);
  question.mutable_audit()->set_after(after);
  return w.ask(question).audit();
}

TEST(Audit, SaysWhoHasHadACommandCarriedOut) {
  world w;
  const auto entry = w.run(asked_by(ducat::testing::open_account("till", false), "admin", "root"));
  const auto found = audit_of(w);
  ASSERT_EQ(found.data_size(), 1);
  EXPECT_EQ(found.data(0).number(), 1u);
  EXPECT_EQ(found.data(0).role(), "admin");
  EXPECT_EQ(found.data(0).name(), "root");
  EXPECT_EQ(found.data(0).node(), "node1");
  EXPECT_EQ(found.data(0).action(), "open_account");
  EXPECT_EQ(found.data(0).target(), "till");
  EXPECT_EQ(found.data(0).outcome(), "done");
  EXPECT_EQ(found.data(0).index(), entry.index());
  EXPECT_EQ(found.head(), found.data(0).hash());
}

TEST(Audit, NamesTheKindOfACommandOfSettlement) {
  world w;
  v1::Command command;
  auto& ledger = *command.mutable_settlement()->mutable_configure();
  ledger.set_currency("EUR");
  ledger.set_model(v1::NET_MULTILATERAL_DEFERRED);
  ledger.set_business_date(20261130);
  const auto done = w.run(asked_by(command, "settler", "sam"));
  EXPECT_EQ(done.error().code(), "approval_pending");
  ASSERT_EQ(audit_of(w).data_size(), 1);
  EXPECT_EQ(audit_of(w).data(0).action(), "settlement.configure");
}

TEST(Audit, SaysNothingOfMerchantsNodesRefusalsAndReplays) {
  world w;
  v1::Command own = ducat::testing::open_account("own", true);
  own.mutable_open_account()->set_owner("kiosk");
  w.run(own);
  const auto paid =
      w.run(asked_by(ducat::testing::create_payment("k", "own", "shop", 1), "merchant", "kiosk"));
  EXPECT_FALSE(paid.has_error()) << paid.error().code();
  w.run(asked_by(ducat::testing::open_account("till", false, "XXX"), "admin", "root"));
  w.open("other", "EUR", false);
  EXPECT_EQ(audit_of(w).newest(), 0u);
  const auto command = asked_by(ducat::testing::open_account("till", false), "admin", "root");
  w.run(command);
  w.run(command);
  EXPECT_EQ(audit_of(w).newest(), 1u);
}

TEST(Audit, SaysWhatIsAskedForAndWhatCameOfIt) {
  world w;
  EXPECT_EQ(w.run(record("crash", "asked")).audit().newest(), 1u);
  EXPECT_EQ(w.run(record("crash", "done", 1)).audit().newest(), 2u);
  const auto found = audit_of(w);
  EXPECT_EQ(found.data(0).outcome(), "asked");
  EXPECT_EQ(found.data(1).about(), 1u);
  EXPECT_EQ(found.data(1).node(), "node2");
}

TEST(Audit, RefusesWhatSaysTooLittleOrTooMuch) {
  world w;
  const auto refusal = [&](const std::function<void(v1::RecordAudit&)>& spoil) {
    v1::Command command = record("crash", "asked");
    spoil(*command.mutable_record_audit());
    return w.run(command).error().code();
  };
  using made = v1::RecordAudit;
  EXPECT_EQ(refusal([](made& m) { m.clear_action(); }), "command_malformed");
  EXPECT_EQ(refusal([](made& m) { m.clear_outcome(); }), "command_malformed");
  EXPECT_EQ(refusal([](made& m) { m.mutable_by()->clear_name(); }), "command_malformed");
  EXPECT_EQ(refusal([](made& m) { m.set_about(1); }), "command_malformed") << "there is none yet";
  EXPECT_EQ(refusal([](made& m) { m.set_action(std::string(65, 'x')); }), "command_malformed");
  EXPECT_EQ(refusal([](made& m) { m.set_target(std::string(256, 'x')); }), "command_malformed");
  EXPECT_EQ(refusal([](made& m) { m.set_detail(std::string(256, 'x')); }), "command_malformed");
  EXPECT_EQ(refusal([](made& m) { m.set_action(std::string(64, 'x')); }), "");
  EXPECT_EQ(refusal([](made& m) { m.set_target(std::string(255, 'x')); }), "");
  EXPECT_EQ(w.run(asked_by(record("crash", "asked"), "admin", "root")).error().code(),
            "role_not_allowed")
      << "nodes write it down, and nobody else";
}

TEST(Audit, ComesInPages) {
  world w;
  for (int i = 0; i < 25; ++i)
    w.run(record("crash", "asked"));
  EXPECT_EQ(audit_of(w, 0).data_size(), 10);
  const auto last = audit_of(w, 10, 20);
  EXPECT_EQ(last.data_size(), 5);
  EXPECT_EQ(last.data(0).number(), 21u);
  EXPECT_FALSE(last.has_more());
  EXPECT_TRUE(audit_of(w, 10, 10).has_more());
  EXPECT_EQ(audit_of(w, 10, ~std::uint64_t{0}).data_size(), 0);
  v1::Question question;
  question.mutable_audit()->set_limit(101);
  EXPECT_EQ(w.ask(question).error().code(), "limit_invalid");
}

TEST(Audit, IsAChain) {
  world w;
  for (int i = 0; i < 3; ++i)
    w.run(record("crash", "asked"));
  const auto found = audit_of(w);
  std::string before;
  for (const v1::AuditEntry& each : found.data()) {
    EXPECT_EQ(each.hash(), audit_hash(before, each));
    before = each.hash();
  }
  EXPECT_NE(audit_hash("", audit_of(w).data(0)), audit_hash(before, audit_of(w).data(0)));
}

TEST(Audit, IsPartOfTheState) {
  world w;
  const digest before = w.state_digest();
  w.run(record("crash", "asked"));
  EXPECT_NE(w.state_digest(), before);
}

} // namespace
} // namespace ducat::payment::test
