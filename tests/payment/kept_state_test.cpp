/// What the payment machine keeps of its state beside the log: a life that begins with it is as one
/// that has seen all of the log.

#include "support/payment_commands.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/ledger/store_directory.hpp>
#include <ducat/payment/decline_class.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace ducat::payment {
namespace {

using namespace ducat::testing;
using ::testing::AnyOf;

constexpr ledger::keeping_limits often{.records = 12, .entries = 1'000'000};

/// A machine with a store, and one in memory that gets the same.
class two_machines {
public:
  explicit two_machines(ledger::keeping_limits limits = often) : limits_{limits} { restart(); }

  /// Runs `command` as one entry of the log; returns the common answer.
  std::string run(const v1::Command& command) {
    const std::string bytes = command.SerializeAsString();
    const auto known = memory_.answer_without_commit(bytes);
    EXPECT_EQ(kept_->answer_without_commit(bytes), known);
    if (known)
      return *known;
    log_.push_back(bytes);
    const std::string answer = memory_.apply(newest(), bytes);
    EXPECT_EQ(kept_->apply(newest(), bytes), answer);
    kept_->committed(receipt_of(log_.size()), grants_);
    return answer;
  }

  /// Begins another life with what is kept, and applies what that lacks.
  void restart() {
    kept_.reset();
    directory_.reset();
    directory_ = ledger::store_directory::open(place_.path() / "state").value();
    kept_ = std::make_unique<machine>(directory_->begin_life(), limits_);
    begun_with_ = kept_->durable_to().index;
    for (std::uint64_t index = begun_with_ + 1; index <= log_.size(); ++index) {
      kept_->apply({index, {index * 1'000}}, log_[index - 1]);
      kept_->committed(receipt_of(index), grants_);
    }
  }

  void expect_equal() const {
    EXPECT_EQ(kept_->state_digest(), memory_.state_digest());
    for (const std::string& each : log_)
      EXPECT_EQ(kept_->answer_without_commit(each), memory_.answer_without_commit(each));
    for (const v1::Question& each : questions())
      EXPECT_EQ(answer_of(*kept_, each), answer_of(memory_, each));
  }

  void grant(const std::string& group, const ducat::grant& made) { grants_[group] = made; }

  machine& kept() { return *kept_; }

  /// Returns the entry whose state the life of now began with.
  std::uint64_t begun_with() const { return begun_with_; }

  std::uint64_t entries() const { return log_.size(); }

private:
  static std::vector<v1::Question> questions() {
    std::vector<v1::Question> all(13);
    all[0].mutable_accounts()->set_limit(100);
    all[1].mutable_payments()->set_limit(100);
    all[2].mutable_summary();
    all[3].mutable_owed()->set_link("acme");
    all[4].mutable_acquirers();
    all[5].mutable_exceptions();
    all[6].mutable_events()->set_limit(100);
    all[6].mutable_events()->set_since_ns(std::uint64_t{1'000} * 100);
    all[7].mutable_endpoints();
    all[8].mutable_deliveries()->set_id("we_0");
    all[9].mutable_payments()->set_limit(100);
    all[10].mutable_accounts()->set_limit(100);
    all[11].mutable_changes()->set_limit(100);
    all[12].mutable_audit()->set_limit(100);
    for (const std::size_t of_merchant : {9, 10}) {
      all[of_merchant].mutable_principal()->set_role("merchant");
      all[of_merchant].mutable_principal()->set_name("kiosk");
    }
    return all;
  }

  static std::string answer_of(const machine& of, const v1::Question& question) {
    v1::Outcome answer;
    EXPECT_TRUE(answer.ParseFromString(of.query(question.SerializeAsString())));
    return answer.DebugString();
  }

  position newest() const { return {log_.size(), {log_.size() * 1'000}}; }

  static receipt receipt_of(std::uint64_t index) {
    return {index, sha256({std::to_string(index)})};
  }

  const ledger::keeping_limits limits_;
  temporary_directory place_;
  std::shared_ptr<ledger::store_directory> directory_;
  std::unique_ptr<machine> kept_;
  machine memory_;
  grant_map grants_;
  std::vector<std::string> log_;
  std::uint64_t begun_with_ = 0;
};

void open_accounts(two_machines& both) {
  both.run(open_account("world", true));
  both.run(open_account("alice", false));
  v1::Command shop = open_account("shop", false);
  shop.mutable_open_account()->set_owner("kiosk");
  both.run(shop);
}

void pay(two_machines& both, const std::string& key, std::int64_t amount = 10) {
  const std::string id = payment_id_of(key);
  both.run(create_payment(key, "world", "shop", amount));
  both.run(authorize_payment(id));
  both.run(capture_payment(id, ""));
}

std::uint64_t seed() {
  const char* given = std::getenv("DUCAT_SEED");
  return given == nullptr ? 20261128 : std::strtoull(given, nullptr, 10);
}

TEST(KeptPayments, ALifeBeginsWithTheStateAndNotWithTheLog) {
  two_machines both;
  open_accounts(both);
  for (int i = 0; i < 20; ++i)
    pay(both, "k" + std::to_string(i));
  both.restart();
  EXPECT_GT(both.begun_with(), both.entries() / 2);
  both.expect_equal();
}

TEST(KeptPayments, AreKeptAfterSoManyEntriesTooHoweverLittleTheyHold) {
  two_machines both{{.records = 1'000'000, .entries = 5}};
  open_accounts(both);
  pay(both, "k1");
  pay(both, "k2");
  both.restart();
  EXPECT_THAT(both.begun_with(), AnyOf(5u, 6u, 7u));
  both.expect_equal();
}

// A key is good for one request, whether its first use is in memory, on disk or in the log.
TEST(KeptPayments, AnswerAKeyOfBeforeTheRestartAsTheFirstTime) {
  two_machines both;
  open_accounts(both);
  const std::string first = both.run(create_payment("k", "world", "shop", 10));
  for (int i = 0; i < 20; ++i)
    pay(both, "other" + std::to_string(i));
  both.restart();
  v1::Outcome replayed;
  ASSERT_TRUE(replayed.ParseFromString(both.run(create_payment("k", "world", "shop", 10))));
  EXPECT_TRUE(replayed.replayed());
  v1::Outcome refused;
  ASSERT_TRUE(refused.ParseFromString(both.run(create_payment("k", "world", "shop", 11))));
  EXPECT_EQ(refused.error().code(), "idempotency_key_reused");
}

TEST(KeptPayments, AHoldOfBeforeTheRestartCanBeCapturedInPartAndRefunded) {
  two_machines both;
  open_accounts(both);
  const std::string id = payment_id_of("k");
  both.run(create_payment("k", "world", "shop", 100, true));
  both.run(authorize_payment(id));
  for (int i = 0; i < 20; ++i)
    pay(both, "other" + std::to_string(i));
  both.restart();
  both.run(capture_payment(id, "c", 60));
  both.restart();
  both.run(refund_payment(id, "r", 20));
  both.restart();
  both.expect_equal();
}

/// Pays by card over acme and refunds a part, which acme acknowledges if `is_heard`.
void pay_by_card(two_machines& both, const std::string& key, v1::SendAttempt::Asked asked,
                 bool is_heard) {
  const std::string id = payment_id_of(key);
  both.run(create_card_payment(key, 100));
  both.run(send_attempt(id, "acme", 1'000, asked));
  both.run(resolve_attempt(id, v1::ResolveAttempt::APPROVED, 100));
  both.run(capture_payment(id, ""));
  both.run(refund_payment(id, "r" + key, 40));
  for (std::uint32_t i = 1; is_heard && i <= 2; ++i)
    both.run(resolve_advice(id, i, v1::ResolveAdvice::ACKNOWLEDGED));
}

// Reconciled with a number of its own, begun before the restart and heard of after it.
TEST(KeptPayments, WhatIsOwedToAnAcquirerAndItsTotalsAreKept) {
  two_machines both;
  open_accounts(both);
  pay_by_card(both, "k1", v1::SendAttempt::FINANCIAL, true);
  both.run(reconcile(v1::ReconcileAcquirer::BEGUN));
  pay_by_card(both, "k2", v1::SendAttempt::AUTHORIZATION, false);
  for (int i = 0; i < 20; ++i)
    pay(both, "other" + std::to_string(i));
  both.run(resolve_advice(payment_id_of("k2"), 1, v1::ResolveAdvice::EXHAUSTED, "too old"));
  both.restart();
  EXPECT_GT(both.begun_with(), 20u);
  both.expect_equal();
  v1::Outcome outcome;
  ASSERT_TRUE(outcome.ParseFromString(both.run(reconcile(v1::ReconcileAcquirer::IN_BALANCE, 3))));
  EXPECT_EQ(outcome.acquirers().data(0).periods(), 1u);
  EXPECT_EQ(outcome.acquirers().data(0).totals().debits().count(), 0u);
  both.restart();
  both.expect_equal();
  pay_by_card(both, "k3", v1::SendAttempt::FINANCIAL, true);
  both.expect_equal();
}

TEST(KeptPayments, TheGrantsOfTheTimeAreKeptWithTheState) {
  two_machines both;
  open_accounts(both);
  both.grant("payments", {.node = "node2", .epoch = 7});
  for (int i = 0; i < 20; ++i)
    pay(both, "k" + std::to_string(i));
  both.restart();
  EXPECT_EQ(both.kept().kept_grants(), (grant_map{{"payments", {.node = "node2", .epoch = 7}}}));
}

// It is made again from the attempts.
TEST(KeptPayments, TheTimeInDoubtOfBeforeTheRestartIsStillKnown) {
  two_machines both;
  open_accounts(both);
  for (const char* key : {"ended", "open"}) {
    both.run(create_card_payment(key, 100));
    both.run(send_attempt(payment_id_of(key)));
    both.run(resolve_attempt(payment_id_of(key), v1::ResolveAttempt::IN_DOUBT));
  }
  both.run(resolve_attempt(payment_id_of("ended"), v1::ResolveAttempt::REVERSAL_ACCEPTED));
  for (int i = 0; i < 20; ++i)
    pay(both, "other" + std::to_string(i));
  both.restart();
  both.expect_equal();
  v1::Question question;
  question.mutable_summary();
  v1::Outcome told;
  ASSERT_TRUE(told.ParseFromString(both.kept().query(question.SerializeAsString())));
  EXPECT_EQ(told.summary().time_in_doubt().ended(), 1u);
  EXPECT_EQ(told.summary().time_in_doubt().open(), 1u);
}

v1::Command configuration_by(const std::string& who) {
  v1::Command command;
  auto& configure = *command.mutable_settlement()->mutable_configure();
  configure.set_currency("EUR");
  configure.set_model(v1::GROSS_IMMEDIATE);
  configure.set_business_date(20261130);
  return asked_by(std::move(command), "settler", who);
}

TEST(KeptPayments, WhatWaitsForASecondPersonWaitsAfterARestart) {
  two_machines both;
  open_accounts(both);
  both.run(configuration_by("sam"));
  for (int i = 0; i < 20; ++i)
    pay(both, "k" + std::to_string(i));
  both.restart();
  ASSERT_GT(both.begun_with(), 4u);
  both.run(configuration_by("sam"));
  v1::Question question;
  question.mutable_changes();
  v1::Outcome told;
  ASSERT_TRUE(told.ParseFromString(both.kept().query(question.SerializeAsString())));
  EXPECT_EQ(told.changes().data_size(), 1) << "it is the same";
  v1::Command approval;
  approval.mutable_decide_change()->set_number(1);
  approval.mutable_decide_change()->set_decision(v1::DecideChange::APPROVED);
  approval.mutable_decide_change()->set_reason("why");
  both.run(asked_by(approval, "settler", "sue"));
  both.restart();
  both.expect_equal();
}

/// Random commands about few payments, so that most of them meet.
class random_payments {
public:
  explicit random_payments(std::uint64_t seed) : random_{seed} {}

  v1::Command next() {
    if (pick(12) == 0)
      return of_webhooks("we_" + std::to_string(pick(2)));
    const std::string key = "k" + std::to_string(pick(40));
    const std::string id = payment_id_of("k" + std::to_string(pick(40)));
    switch (pick(21)) {
    case 10:
      return create_terminal_payment("t" + key, 1 + pick(500), pick(3) == 0);
    case 11:
      return reverse_payment("x" + std::to_string(pick(200)), "t" + key);
    case 12:
      return record_advice("t" + key, 1 + pick(500), pick(2) == 0);
    case 13:
      return reconciliation();
    case 14:
      return late_approval_of(1 + static_cast<std::uint32_t>(pick(60)));
    case 15:
      return pick(4) == 0
                 ? grant_link(pick(2) == 0 ? "a" : "b", static_cast<std::uint64_t>(pick(8)))
                 : give_up_payment(id, "nobody");
    case 16:
      return send_over(id, pick(2) == 0 ? "a" : "b", static_cast<std::uint64_t>(pick(8)));
    case 6:
      return create_card_payment(key, 1 + pick(500), pick(2) == 0);
    case 7:
      return send_attempt(id, pick(2) == 0 ? "acme" : "other", 1,
                          static_cast<v1::SendAttempt::Asked>(pick(3)));
    case 8:
      return heard_of(id);
    case 9:
      return pass_time(~std::uint64_t{0});
    case 17:
      return resolve_advice(id, static_cast<std::uint32_t>(1 + pick(2)),
                            static_cast<v1::ResolveAdvice::Event>(1 + pick(4)), "why");
    case 18:
      return maybe_by_somebody(
          decide_payment(id, "d" + key, static_cast<v1::DecidePayment::Decision>(1 + pick(2))));
    case 20:
      return about_a_change();
    case 19:
      return reconcile(static_cast<v1::ReconcileAcquirer::Event>(1 + pick(3)),
                       static_cast<std::uint64_t>(pick(200)), {}, pick(2) == 0 ? "acme" : "other");
    case 0:
    case 1:
      return with_metadata(create_payment(key, account(), account(), 1 + pick(500), pick(2) == 0));
    case 2:
      return authorize_payment(id);
    case 3:
      return capture_payment(id, pick(2) == 0 ? "" : "c" + key, pick(300));
    case 4:
      return void_payment(id, "v" + key);
    default:
      return refund_payment(id, "r" + std::to_string(pick(100)), pick(100));
    }
  }

  /// In balance, every second time.
  v1::Command reconciliation() {
    const std::string key = "z" + std::to_string(pick(1'000));
    return reconcile_terminal(key, pick(2), pick(2));
  }

  v1::Command maybe_by_somebody(v1::Command command) {
    return pick(3) == 0 ? command : asked_by(std::move(command), "operator", somebody());
  }

  std::string somebody() { return pick(2) == 0 ? "anna" : "berta"; }

  v1::Command about_a_change() {
    v1::Command command;
    v1::DecideChange& decide = *command.mutable_decide_change();
    decide.set_number(static_cast<std::uint64_t>(1 + pick(8)));
    decide.set_decision(static_cast<v1::DecideChange::Decision>(1 + pick(2)));
    decide.set_reason("why");
    return asked_by(std::move(command), "operator", somebody());
  }

  /// Something about a webhook, whether or not it can be.
  v1::Command of_webhooks(const std::string& id) {
    v1::Command command;
    const auto event = [&](v1::EventPlace& place) {
      place.set_index(static_cast<std::uint64_t>(1 + pick(1'000)));
      place.set_number(1);
    };
    switch (pick(4)) {
    case 0: {
      auto& put = *command.mutable_put_endpoint();
      put.set_id(id);
      put.set_enabled(pick(4) != 0);
      put.set_is_new(pick(2) == 0);
      if (put.is_new()) {
        put.set_url("https://shop.example/");
        put.set_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
      }
      return command;
    }
    case 1:
      if (pick(8) == 0)
        command.mutable_remove_endpoint()->set_id(id);
      else
        command.mutable_replay_events()->set_endpoint_id(id);
      if (command.has_replay_events() && pick(2) == 0)
        command.mutable_replay_events()->set_dead(true);
      else if (command.has_replay_events() && pick(2) == 0)
        command.mutable_replay_events()->set_since_ns(1);
      else if (command.has_replay_events())
        event(*command.mutable_replay_events()->mutable_event());
      return command;
    default: {
      auto& notes = *command.mutable_note_deliveries();
      notes.set_endpoint_id(id);
      notes.set_revision(static_cast<std::uint64_t>(2 + pick(4)));
      v1::DeliveryNote& note = *notes.add_notes();
      event(*note.mutable_event());
      note.set_state(static_cast<v1::DeliveryNote::State>(1 + pick(3)));
      return command;
    }
    }
  }

  /// Something about an attempt, whether or not it can be.
  v1::Command heard_of(const std::string& id) {
    v1::Command command = resolve_attempt(id, static_cast<v1::ResolveAttempt::Event>(1 + pick(10)),
                                          pick(500), static_cast<std::uint32_t>(1 + pick(3)));
    command.mutable_resolve_attempt()->set_may_reroute(pick(2) == 0);
    return command;
  }

  /// The STAN of the first attempts is their number.
  v1::Command late_approval_of(std::uint32_t attempt) {
    return late_approval(attempt, attempt, pick(500), pick(2) == 0 ? "acme" : "other");
  }

  int pick(int below) { return std::uniform_int_distribution<int>{0, below - 1}(random_); }

private:
  v1::Command with_metadata(v1::Command command) {
    const int pairs = pick(4);
    for (int i = 0; i < pairs; ++i) {
      v1::MetadataPair& pair = *command.mutable_create_payment()->add_metadata();
      pair.set_key(std::string(1, static_cast<char>('a' + i)));
      pair.set_value(std::to_string(pick(3)));
    }
    return command;
  }

  std::string account() {
    const char* names[] = {"world", "alice", "shop"};
    return names[pick(3)];
  }

  std::mt19937_64 random_;
};

v1::Outcome asked(const machine& of, const v1::Question& question) {
  v1::Outcome told;
  EXPECT_TRUE(told.ParseFromString(of.query(question.SerializeAsString())));
  return told;
}

/// What is counted as it happens is what one finds by looking at each.
void expect_counted(const machine& of) {
  std::map<std::string, std::uint64_t> states;
  std::map<std::string, std::uint64_t> declines;
  v1::Question page;
  page.mutable_payments()->set_limit(100);
  for (bool has_more = true; has_more;) {
    const auto found = asked(of, page).payments();
    for (const v1::Payment& each : found.data()) {
      std::string name = v1::Payment::State_Name(each.state());
      std::ranges::transform(name, name.begin(), [](char c) { return std::tolower(c); });
      ++states[name];
      if (each.state() == v1::Payment::DECLINED)
        ++declines[std::string{to_string(class_of_decline(each.decline_code()))}];
    }
    has_more = found.has_more();
    if (has_more)
      page.mutable_payments()->set_starting_after(found.data().rbegin()->id());
  }
  v1::Question question;
  question.mutable_summary();
  const auto summary = asked(of, question).summary();
  EXPECT_EQ(states, (std::map<std::string, std::uint64_t>{summary.payments_by_state().begin(),
                                                          summary.payments_by_state().end()}));
  for (const auto& [why, count] : summary.declines_by_class())
    EXPECT_EQ(declines[why], count) << why;
}

TEST(KeptPayments, WhateverHappenedALifeThatBeginsWithThemIsTheSame) {
  const std::uint64_t used = seed();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(used));
  random_payments random{used};
  two_machines both;
  open_accounts(both);
  for (int i = 0; i < 3'000; ++i) {
    both.run(random.next());
    if (i % 20 == 0)
      expect_counted(both.kept());
    if (random.pick(100) == 0)
      both.restart();
  }
  both.restart();
  both.expect_equal();
  expect_counted(both.kept());
}

} // namespace
} // namespace ducat::payment
