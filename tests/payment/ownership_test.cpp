/// Who may have the machine do what, of their own, of others and of nobody's. The table is the
/// test.
#include "payment/payment_world.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace ducat::payment::test {
namespace {

using ducat::testing::asked_by;
using ducat::testing::capture_payment;
using ducat::testing::create_card_payment;
using ducat::testing::refund_payment;
using ducat::testing::void_payment;

const std::vector<std::string> roles = {"viewer", "merchant", "operator", "settler",
                                        "chaos",  "admin",    "node",     "client",
                                        "",       "Merchant", "root"};

v1::Question of(v1::Question question, const std::string& role, const std::string& name) {
  question.mutable_principal()->set_role(role);
  question.mutable_principal()->set_name(name);
  return question;
}

/// Accounts till and safe are the kiosk's, oven is the bakery's; the others are nobody's.
class owned_world : public world {
public:
  owned_world() {
    open_for("till", "kiosk");
    open_for("safe", "kiosk");
    open_for("oven", "bakery");
    pay_to_the_end("fund-till", "world", "till", 1'000);
    pay_to_the_end("fund-oven", "world", "oven", 1'000);
  }

  void open_for(const std::string& id, const std::string& owner) {
    v1::Command command = ducat::testing::open_account(id, false);
    command.mutable_open_account()->set_owner(owner);
    EXPECT_EQ(run(command).account().owner(), owner);
  }

  std::string code_of(const v1::Command& command) { return run(command).error().code(); }

  std::string code_of(const v1::Question& question) { return ask(question).error().code(); }

  std::string held_for(const std::string& to) {
    return hold("hold-" + to, "world", to, 10).payment().id();
  }
};

using made_command = std::function<v1::Command()>;

struct kind_row {
  const char* name;
  made_command make;
  std::set<std::string> roles; ///< Who may propose it, if it is their own.
};

std::vector<kind_row> kinds() {
  const auto plain = [](void (*fill)(v1::Command&)) {
    return [fill] {
      v1::Command command;
      fill(command);
      return command;
    };
  };
  return {
      {"open", [] { return ducat::testing::open_account("new", false); }, {"admin"}},
      {"create", [] { return create_payment("k", "till", "shop", 1); }, {"merchant"}},
      {"authorize", [] { return ducat::testing::authorize_payment("p"); }, {}},
      {"capture", [] { return capture_payment("p", "k"); }, {"merchant"}},
      {"void", [] { return void_payment("p", "k"); }, {"merchant"}},
      {"refund", [] { return refund_payment("p", "k"); }, {"merchant"}},
      {"send", [] { return ducat::testing::send_attempt("p"); }, {}},
      {"resolve", plain([](v1::Command& c) { c.mutable_resolve_attempt(); }), {}},
      {"pass_time", [] { return ducat::testing::pass_time(1); }, {}},
      {"grant_link", plain([](v1::Command& c) { c.mutable_grant_link(); }), {}},
      {"give_up", [] { return ducat::testing::give_up_payment("p", "r"); }, {}},
      {"reverse", plain([](v1::Command& c) { c.mutable_reverse_payment(); }), {}},
      {"record_advice", plain([](v1::Command& c) { c.mutable_record_advice(); }), {}},
      {"reconcile_terminal", plain([](v1::Command& c) { c.mutable_reconcile_terminal(); }), {}},
      {"resolve_advice",
       plain([](v1::Command& c) { c.mutable_resolve_advice(); }),
       {"operator", "admin"}},
      {"decide", plain([](v1::Command& c) { c.mutable_decide_payment(); }), {"operator", "admin"}},
      {"reconcile",
       plain([](v1::Command& c) { c.mutable_reconcile_acquirer(); }),
       {"operator", "admin"}},
      {"put_endpoint",
       plain([](v1::Command& c) { c.mutable_put_endpoint(); }),
       {"operator", "admin"}},
      {"remove_endpoint",
       plain([](v1::Command& c) { c.mutable_remove_endpoint(); }),
       {"operator", "admin"}},
      {"note_deliveries", plain([](v1::Command& c) { c.mutable_note_deliveries(); }), {}},
      {"replay_events",
       plain([](v1::Command& c) { c.mutable_replay_events(); }),
       {"operator", "admin"}},
      {"settlement", plain([](v1::Command& c) { c.mutable_settlement(); }), {"settler"}},
      {"decide_change",
       plain([](v1::Command& c) { c.mutable_decide_change(); }),
       {"operator", "settler", "admin"}},
      {"record_audit", plain([](v1::Command& c) { c.mutable_record_audit(); }), {}},
      {"exception", plain([](v1::Command& c) { c.mutable_settlement_exception(); }), {"settler"}},
  };
}

TEST(Ownership, HasARowForEveryKindOfCommand) {
  std::set<int> seen;
  for (const kind_row& row : kinds())
    seen.insert(row.make().kind_case());
  const auto* const kind = v1::Command::descriptor()->FindOneofByName("kind");
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kind->field_count()));
}

TEST(Ownership, OfACommandIsOfTheRoleThatMayProposeIt) {
  for (const kind_row& row : kinds())
    for (const std::string& role : roles) {
      owned_world w;
      const std::string code = w.code_of(asked_by(row.make(), role, "kiosk"));
      EXPECT_EQ(code != "role_not_allowed", row.roles.contains(role))
          << row.name << " by " << role << ": " << code;
    }
}

TEST(Ownership, NeedsAName) {
  owned_world w;
  EXPECT_EQ(w.code_of(asked_by(create_payment("k", "alice", "shop", 1), "merchant", "")),
            "role_not_allowed");
}

TEST(Ownership, OfAPaymentIsOfThePayersAccount) {
  owned_world w;
  const auto paid = [&](const char* from, const char* to, const char* who) {
    return w.code_of(
        asked_by(create_payment(std::string{from} + to + who, from, to, 1), "merchant", who));
  };
  EXPECT_EQ(paid("till", "shop", "kiosk"), "");
  EXPECT_EQ(paid("till", "oven", "kiosk"), "");
  EXPECT_EQ(paid("till", "safe", "kiosk"), "");
  EXPECT_EQ(paid("oven", "till", "kiosk"), "account_not_found");
  EXPECT_EQ(paid("alice", "till", "kiosk"), "account_not_found");
  EXPECT_EQ(paid("nobody", "till", "kiosk"), "account_not_found");
  EXPECT_EQ(paid("till", "shop", "bakery"), "account_not_found");
}

TEST(Ownership, OfACardPaymentIsOfThePayeesAccount) {
  owned_world w;
  const auto paid = [&](const char* to, const char* who) {
    v1::Command command = create_card_payment(std::string{to} + who, 5);
    command.mutable_create_payment()->set_to(to);
    return w.code_of(asked_by(command, "merchant", who));
  };
  EXPECT_EQ(paid("till", "kiosk"), "");
  EXPECT_EQ(paid("oven", "kiosk"), "account_not_found");
  EXPECT_EQ(paid("shop", "kiosk"), "account_not_found");
}

TEST(Ownership, OfAChangeIsOfThePayeesAccount) {
  const std::vector<std::function<v1::Command(const std::string&, const std::string&)>> changes = {
      [](const auto& id, const auto& key) { return capture_payment(id, key); },
      [](const auto& id, const auto& key) { return void_payment(id, key); },
      [](const auto& id, const auto& key) { return refund_payment(id, key); }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    owned_world w;
    const bool is_refund = i == 2;
    const auto made = [&](const char* to) {
      const std::string id = w.held_for(to);
      if (is_refund)
        w.capture(id, std::string{"c-"} + to);
      return id;
    };
    const std::string own = made("till");
    const std::string others = made("oven");
    const std::string nobodys = made("shop");
    const digest before = w.state_digest();
    EXPECT_EQ(w.code_of(asked_by(changes[i](others, "k1"), "merchant", "kiosk")),
              "payment_not_found");
    EXPECT_EQ(w.code_of(asked_by(changes[i](nobodys, "k2"), "merchant", "kiosk")),
              "payment_not_found");
    EXPECT_EQ(w.code_of(asked_by(changes[i]("pay_none", "k3"), "merchant", "kiosk")),
              "payment_not_found");
    EXPECT_EQ(w.state_digest(), before) << "a refusal leaves no trace";
    EXPECT_EQ(w.code_of(asked_by(changes[i](own, "k4"), "merchant", "kiosk")), "") << i;
  }
}

/// An answer to a key that is known is one about a payment, too.
TEST(Ownership, IsAskedForBeforeAKeyIsAnswered) {
  owned_world w;
  const std::string others = w.held_for("oven");
  EXPECT_EQ(w.code_of(asked_by(capture_payment(others, "k"), "merchant", "bakery")), "");
  EXPECT_EQ(w.code_of(asked_by(capture_payment(others, "k"), "merchant", "kiosk")),
            "payment_not_found");
}

v1::Question about_payment(const std::string& id) {
  v1::Question question;
  question.mutable_payment()->set_id(id);
  return question;
}

v1::Question question_of_accounts() {
  v1::Question question;
  question.mutable_accounts();
  return question;
}

v1::Question about_account(const std::string& id) {
  v1::Question question;
  question.mutable_account()->set_id(id);
  return question;
}

TEST(Ownership, OfAQuestionIsOfEitherSide) {
  owned_world w;
  const std::string mine = w.held_for("till");
  const std::string others = w.held_for("oven");
  const auto merchant = [&](v1::Question q) { return w.code_of(of(q, "merchant", "kiosk")); };
  EXPECT_EQ(merchant(about_payment(mine)), "");
  EXPECT_EQ(merchant(about_payment(others)), "payment_not_found");
  EXPECT_EQ(merchant(about_account("till")), "");
  EXPECT_EQ(merchant(about_account("oven")), "account_not_found");
  EXPECT_EQ(merchant(about_account("alice")), "account_not_found");
  EXPECT_EQ(merchant(about_account("nobody")), "account_not_found");
  EXPECT_EQ(w.code_of(of(about_account("till"), "merchant", "")), "role_not_allowed");
  for (const char* staff : {"viewer", "operator", "settler", "admin"})
    EXPECT_EQ(w.code_of(of(about_account("alice"), staff, "x")), "");
}

TEST(Ownership, OfWhatNoMerchantOwnsIsRefused) {
  owned_world w;
  const auto* const kind = v1::Question::descriptor()->FindOneofByName("kind");
  const std::set<std::string> own = {"account",  "accounts", "payment",
                                     "payments", "event",    "events"};
  for (int i = 0; i < kind->field_count(); ++i) {
    v1::Question question;
    (void)question.GetReflection()->MutableMessage(&question, kind->field(i));
    const std::string code = w.code_of(of(question, "merchant", "kiosk"));
    EXPECT_EQ(code == "role_not_allowed", !own.contains(kind->field(i)->name()))
        << kind->field(i)->name() << ": " << code;
  }
}

TEST(Ownership, OfListsIsOfEachRow) {
  owned_world w;
  std::vector<std::string> mine;
  for (int i = 0; i < 12; ++i) {
    w.pay_to_the_end("a" + std::to_string(i), "world", "alice", 1);
    const auto key = "t" + std::to_string(i);
    mine.push_back(
        w.run(create_payment(key, i % 2 == 0 ? "till" : "world", i % 2 == 0 ? "oven" : "till", 1))
            .payment()
            .id());
  }
  std::vector<std::string> found;
  v1::Question question;
  question.mutable_payments()->set_limit(5);
  for (bool has_more = true; has_more;) {
    const auto page = w.ask(of(question, "merchant", "kiosk")).payments();
    for (const v1::Payment& each : page.data())
      found.push_back(each.id());
    has_more = page.has_more();
    question.mutable_payments()->set_starting_after(found.back());
  }
  mine.insert(mine.begin(), found.front()); // What has funded the till.
  EXPECT_EQ(found, mine);
  question.mutable_payments()->set_starting_after(w.held_for("shop"));
  EXPECT_EQ(w.code_of(of(question, "merchant", "kiosk")), "cursor_not_found");

  v1::Question accounts;
  accounts.mutable_accounts()->set_limit(1);
  auto page = w.ask(of(accounts, "merchant", "kiosk")).accounts();
  ASSERT_EQ(page.data_size(), 1);
  EXPECT_EQ(page.data(0).id(), "till");
  EXPECT_TRUE(page.has_more());
  accounts.mutable_accounts()->set_starting_after("till");
  page = w.ask(of(accounts, "merchant", "kiosk")).accounts();
  ASSERT_EQ(page.data_size(), 1);
  EXPECT_EQ(page.data(0).id(), "safe");
  EXPECT_FALSE(page.has_more());
  accounts.mutable_accounts()->set_starting_after("oven");
  EXPECT_EQ(w.code_of(of(accounts, "merchant", "kiosk")), "cursor_not_found");
  EXPECT_EQ(w.ask(of(question_of_accounts(), "merchant", "nobody")).accounts().data_size(), 0);
}

TEST(Ownership, OfEventsIsOfTheirPayments) {
  owned_world w;
  w.pay_to_the_end("a", "world", "alice", 1);
  const std::string mine = w.held_for("till");
  v1::Question question;
  question.mutable_events()->set_limit(100);
  const auto all = w.ask(question).events();
  const auto own = w.ask(of(question, "merchant", "kiosk")).events();
  ASSERT_GT(own.data_size(), 0);
  ASSERT_LT(own.data_size(), all.data_size());
  for (const v1::Event& each : own.data())
    EXPECT_TRUE(each.payment().to() == "till" || each.payment().from() == "till");
  v1::Question one;
  one.mutable_event()->set_id(own.data(0).id());
  EXPECT_EQ(w.code_of(of(one, "merchant", "kiosk")), "");
  EXPECT_EQ(w.code_of(of(one, "merchant", "bakery")), "event_not_found");
}

TEST(Ownership, OfAnAccountIsPartOfWhatItWasOpenedWith) {
  owned_world w;
  v1::Command again = ducat::testing::open_account("till", false);
  EXPECT_EQ(w.code_of(again), "account_exists");
  again.mutable_open_account()->set_owner("kiosk");
  EXPECT_TRUE(w.run(again).replayed());
  again.mutable_open_account()->set_id("fresh");
  again.mutable_open_account()->set_owner("no name");
  EXPECT_EQ(w.code_of(again), "owner_invalid");
  again.mutable_open_account()->set_owner(std::string(65, 'x'));
  EXPECT_EQ(w.code_of(again), "owner_invalid");
  again.mutable_open_account()->set_owner(std::string(64, 'x'));
  EXPECT_EQ(w.code_of(again), "");
}

} // namespace
} // namespace ducat::payment::test
