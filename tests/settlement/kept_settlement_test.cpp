/// What is kept of settlement: a life that begins with it is as one that has seen all of the log.

#include "settlement/log_follower.hpp"
#include "settlement/settlement_world.hpp"

namespace ducat::settlement::test {
namespace {

/// Does each command once at least.
class all_commands : public settlement_world {
public:
  all_commands() {
    open("visa", "EUR", true);
    participant("north", {"visa"}, 5'000, 9'000);
    participant("south", {"books"}, 5'000, 9'000);
    give_terms();
    cut(1); // Empty.
    pay_to_the_end("a", "visa", "books", 1'000);
    pay_to_the_end("b", "world", "kiosk", 700);
    present();
    cut(2, first_day + 2);
    start(1 + 1, 2);
    v1::SettlementCommand abort;
    abort.mutable_abort()->set_id("set_EUR_1");
    abort.mutable_abort()->set_reason("by hand");
    settle(abort);
    cut(3, first_day + 3);
    start(2, 3);
    abort.mutable_abort()->set_id("set_EUR_2");
    settle(abort);
    run_settlement(2, 3);
    refund(payment::payment_id_of("a"), "r", 100);
    dispute(payment::payment_id_of("a"), v1::DisputePayment::OPENED, 200);
    dispute(payment::payment_id_of("b"), v1::DisputePayment::OPENED);
    dispute(payment::payment_id_of("a"), v1::DisputePayment::LOST, 0, 15);
    dispute(payment::payment_id_of("b"), v1::DisputePayment::WON);
    keep_exceptions();
    batch(1);
    record_file();
    resolve("po_EUR_1_1", v1::PayoutResult::PAID);
    resolve("po_EUR_1_2", v1::PayoutResult::RETURNED);
    cut_and_settle(4);
    v1::SettlementCommand last;
    last.mutable_finalize()->set_currency("EUR");
    last.mutable_finalize()->set_window(4);
    settle(last);
    pay_to_the_end("c", "visa", "books", 10);
    cut(5, first_day + 5);
    cut(6, first_day + 6); // Empty, and in a settlement that is aborted.
    start(5, 6);
    abort.mutable_abort()->set_id("set_EUR_5");
    EXPECT_FALSE(settle(abort).has_error());
  }

private:
  void give_terms() {
    auto terms = charging(merchant("books"), 150, 10);
    terms.mutable_merchant()->set_reserve_basis_points(1'000);
    terms.mutable_merchant()->set_reserve_windows(2);
    terms.mutable_merchant()->mutable_discount()->set_refunds_give_back(true);
    v1::SplitShare& other = *terms.mutable_merchant()->add_split();
    other.set_to("kiosk");
    other.set_numerator(1);
    other.set_denominator(3);
    v1::SplitShare& own = *terms.mutable_merchant()->add_split();
    own.set_to("books");
    own.set_rest(true);
    EXPECT_FALSE(settle(terms).has_error());
  }

  void present() {
    v1::SettlementCommand command;
    v1::PresentedCapture& item = *command.mutable_present()->add_items();
    item.set_reference("late");
    item.set_from("world");
    item.set_to("books");
    item.set_amount(300);
    item.set_business_date(first_day);
    settle(command);
  }

  /// Window 2 has one that is open, and one that was disposed of.
  void keep_exceptions() {
    v1::Command command;
    auto& open = *command.mutable_settlement_exception()->mutable_open();
    open.set_currency("EUR");
    open.set_due_hours(1);
    for (const char* reference : {"r1", "r2"}) {
      v1::SettlementDifference& what = *open.add_differences();
      what.set_leg(v1::SettlementDifference::BANK);
      what.set_what(v1::SettlementDifference::MISSING_INTERNAL);
      what.set_reference(reference);
      what.set_window(2);
      what.mutable_external()->set_amount(100);
      what.mutable_external()->set_currency("EUR");
    }
    const v1::Outcome opened = run(command);
    ASSERT_FALSE(opened.has_error()) << opened.error().code();
    for (const v1::SettlementException& each : opened.settlement_exceptions().data()) {
      auto& step = *command.mutable_settlement_exception();
      step.mutable_assign()->set_id(each.id());
      step.mutable_assign()->set_owner("ann");
      EXPECT_FALSE(run(command).has_error());
      step.mutable_alarm()->set_id(each.id());
      step.mutable_alarm()->set_at_ns(each.due_at_ns());
      EXPECT_FALSE(run(command).has_error());
    }
    auto& last = *command.mutable_settlement_exception()->mutable_dispose();
    last.set_id(opened.settlement_exceptions().data(0).id());
    last.set_how(v1::ACCEPTED);
    last.set_reason("by hand");
    last.set_by("ann");
    EXPECT_FALSE(run(command).has_error());
  }

  void record_file() {
    v1::SettlementCommand command;
    command.mutable_file()->set_of("pob_EUR_1");
    command.mutable_file()->set_name("pain.xml");
    command.mutable_file()->set_sha256(std::string(32, 'x'));
    command.mutable_file()->set_submits(true);
    EXPECT_FALSE(settle(command).has_error());
  }
};

TEST(KeptSettlement, IsTheSameWhicheverEntryALifeBeginsWith) {
  const all_commands world;
  log_follower follower{{.records = 1, .entries = 1'000'000}};
  std::vector<std::string> seen;
  for (const std::string& entry : world.log()) {
    seen.push_back(entry);
    follower.follow(seen);
    follower.crash();
  }
  follower.follow(seen);
  EXPECT_GT(follower.begun_with(), seen.size() / 2);
  EXPECT_EQ(follower.state_digest(), world.state_digest());
}

/// A restored machine goes on as the one that was never gone.
TEST(KeptSettlement, GoesOnAfterARestartInTheMiddleOfASettlement) {
  settlement_world w;
  log_follower follower{{.records = 1, .entries = 1'000'000}};
  w.pay_to_the_end("a", "world", "books", 1'000);
  w.cut(1);
  w.start(1, 1);
  for (std::uint32_t step = 0; step < 4; ++step) {
    follower.follow(w.log());
    follower.crash();
    w.advance("set_EUR_1", step);
  }
  follower.follow(w.log());
  EXPECT_EQ(follower.state_digest(), w.state_digest());
}

/// What is not stored because it follows from other rows is there again.
TEST(KeptSettlement, KnowsThePayoutsOfAMerchantAfterARestart) {
  settlement_world w;
  log_follower follower{{.records = 1, .entries = 1'000'000}};
  for (std::uint64_t window = 1; window <= 3; ++window) {
    w.pay_to_the_end("k" + std::to_string(window), "world", "books", 1'000);
    w.cut_and_settle(window);
    w.batch(window);
  }
  follower.follow(w.log());
  follower.crash();
  follower.follow(w.log());
  EXPECT_EQ(follower.begun_with(), w.log().size());
  v1::Question payouts;
  payouts.mutable_settlement()->mutable_payouts()->set_merchant("books");
  EXPECT_EQ(w.ask(payouts).settlement().payouts().data_size(), 3);
  v1::Question payment;
  payment.mutable_payment()->set_id(payment::payment_id_of("k2"));
  for (const v1::Question& each : {payouts, payment}) {
    v1::Outcome told;
    EXPECT_TRUE(told.ParseFromString(follower.query(each.SerializeAsString())));
    EXPECT_EQ(told.SerializeAsString(), w.ask(each).SerializeAsString());
  }
}

v1::SettlementAnswer told_by(const log_follower& follower, const v1::Question& question) {
  v1::Outcome told;
  EXPECT_TRUE(told.ParseFromString(follower.query(question.SerializeAsString())));
  return told.settlement();
}

/// What settled windows hold of their merchants is only on the disk then, in each life.
TEST(KeptSettlement, AnswersTheSameWhenItHasLetGoOfSettledWindows) {
  settlement_world w;
  log_follower follower{{.records = 1, .entries = 1'000'000}};
  for (std::uint64_t window = 1; window <= 3; ++window) {
    for (const char* id : {"books", "kiosk"})
      w.pay_to_the_end(id + std::to_string(window), "world", id, 1'000);
    w.cut_and_settle(window);
    for (int life = 0; life < 2; ++life) {
      follower.follow(w.log());
      follower.rest();
      EXPECT_EQ(follower.state_digest(), w.state_digest());
      for (const std::string after : {"", "books", "kiosk"}) {
        v1::Question question;
        auto& list = *question.mutable_settlement()->mutable_merchant_windows();
        list.set_currency("EUR");
        list.set_window(1);
        list.set_starting_after(after);
        list.set_limit(1);
        const v1::SettlementAnswer told = told_by(follower, question);
        EXPECT_EQ(told.DebugString(), w.ask(question).settlement().DebugString());
        list.clear_starting_after();
        list.set_merchant(after.empty() ? "nobody" : after);
        EXPECT_EQ(told_by(follower, question).DebugString(),
                  w.ask(question).settlement().DebugString());
      }
      v1::Question windows;
      windows.mutable_settlement()->mutable_windows();
      EXPECT_EQ(told_by(follower, windows).DebugString(),
                w.ask(windows).settlement().DebugString());
      if (life == 0)
        follower.crash();
    }
  }
}

/// A window's sums stay in memory until it is settled and they are durable, and no longer.
TEST(KeptSettlement, ReadsOnlySettledWindowsFromTheStore) {
  settlement_world w;
  log_follower follower{{.records = 1, .entries = 1'000'000}};
  v1::Question question;
  auto& list = *question.mutable_settlement()->mutable_merchant_windows();
  list.set_currency("EUR");
  list.set_window(1);
  const auto rows_read_for_it = [&] {
    follower.follow(w.log());
    follower.rest();
    const std::uint64_t before = follower.rows_read();
    EXPECT_EQ(told_by(follower, question).merchant_windows().data_size(), 1);
    return follower.rows_read() - before;
  };
  w.pay_to_the_end("a", "world", "books", 1'000);
  EXPECT_EQ(rows_read_for_it(), 0u) << "open";
  w.cut(1);
  EXPECT_EQ(rows_read_for_it(), 0u) << "cut";
  w.run_settlement(1, 1);
  EXPECT_EQ(rows_read_for_it(), 1u) << "settled";
  follower.crash();
  EXPECT_EQ(rows_read_for_it(), 1u) << "in the next life";
}

/// A payout says what was carried, also if the windows that it pays were let go long ago.
TEST(KeptSettlement, PaysWindowsThatItHasLetGo) {
  settlement_world w;
  log_follower follower{{.records = 1, .entries = 1'000'000}};
  auto terms = settlement_world::merchant("books");
  terms.mutable_merchant()->set_payout_minimum(2'500);
  w.settle(terms);
  for (std::uint64_t window = 1; window <= 3; ++window) {
    w.pay_to_the_end("k" + std::to_string(window), "world", "books", 1'000);
    w.cut_and_settle(window);
    w.batch(window);
    follower.follow(w.log());
    follower.rest();
    if (window == 2)
      follower.crash();
  }
  follower.follow(w.log());
  EXPECT_EQ(w.batch(4).payouts().count(), 0u);
  v1::Question question;
  question.mutable_settlement()->mutable_payouts()->set_merchant("books");
  const v1::SettlementAnswer told = told_by(follower, question);
  ASSERT_EQ(told.payouts().data_size(), 1);
  EXPECT_EQ(told.payouts().data(0).amount(), 3'000);
  EXPECT_EQ(told.payouts().data(0).carried(), 0) << "all of it is of the windows it names";
}

} // namespace
} // namespace ducat::settlement::test
