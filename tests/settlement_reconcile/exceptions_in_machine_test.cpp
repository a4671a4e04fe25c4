/// Exceptions of reconciliation in the payment machine: the money really moves.

#include "settlement/exception_book.hpp"
#include "settlement/settlement_world.hpp"

namespace ducat::settlement::test {
namespace {

class exceptions_world : public settlement_world {
public:
  v1::SettlementDifference missing(const std::string& reference, std::int64_t amount) const {
    v1::SettlementDifference made;
    made.set_leg(v1::SettlementDifference::ACQUIRER);
    made.set_what(v1::SettlementDifference::MISSING_EXTERNAL);
    made.set_reference(reference);
    made.set_window(1);
    made.mutable_internal()->set_amount(amount);
    made.mutable_internal()->set_currency("EUR");
    return made;
  }

  v1::Outcome except(const v1::SettlementExceptionCommand& command) {
    v1::Command all;
    *all.mutable_settlement_exception() = command;
    return run(all);
  }

  v1::Outcome open_exception(const v1::SettlementDifference& what, const std::string& account = {},
                             std::uint32_t due_hours = 1) {
    v1::SettlementExceptionCommand command;
    command.mutable_open()->set_currency("EUR");
    command.mutable_open()->set_account(account);
    command.mutable_open()->set_due_hours(due_hours);
    *command.mutable_open()->add_differences() = what;
    return except(command);
  }

  /// Returns after how many hours an exception is due that is opened now.
  std::uint64_t hours_of(const std::string& reference, std::uint32_t due_hours) {
    const auto made =
        open_exception(missing(reference, 100), {}, due_hours).settlement_exceptions().data(0);
    const std::uint64_t due = made.due_at_ns();
    return due == 0 ? 0 : (due - made.opened_at_ns()) / (std::uint64_t{3'600} * 1'000'000'000);
  }

  v1::Outcome set_exception_hours(std::uint32_t hours) {
    v1::SettlementCommand command;
    command.mutable_configure()->set_currency("EUR");
    command.mutable_configure()->set_model(v1::NET_MULTILATERAL_DEFERRED);
    command.mutable_configure()->set_exception_hours(hours);
    return settle(command);
  }

  v1::Outcome dispose(const std::string& id, v1::SettlementDisposition how) {
    v1::SettlementExceptionCommand command;
    command.mutable_dispose()->set_id(id);
    command.mutable_dispose()->set_how(how);
    command.mutable_dispose()->set_reason("a test");
    command.mutable_dispose()->set_by("clerk");
    return except(command);
  }

  v1::Outcome finalize(std::uint64_t window_number) {
    v1::SettlementCommand command;
    command.mutable_finalize()->set_currency("EUR");
    command.mutable_finalize()->set_window(window_number);
    return settle(command);
  }

  v1::ListSettlementExceptionsReply list() const {
    v1::Question question;
    question.mutable_settlement_exceptions()->set_only_open(true);
    return ask(question).settlement_exceptions();
  }
};

} // namespace

TEST(ExceptionsInTheMachine, MoveTheMoneyIntoSuspenseAndOut) {
  exceptions_world w;
  const v1::Outcome opened = w.open_exception(w.missing("r", 100), "books");
  ASSERT_FALSE(opened.has_error()) << opened.error().code();
  const std::string id = opened.settlement_exceptions().data(0).id();
  EXPECT_EQ(w.balance("settlement.suspense.EUR"), 100);
  EXPECT_EQ(w.balance("books"), -100);
  EXPECT_TRUE(w.open_exception(w.missing("r", 100), "books").replayed());
  EXPECT_EQ(w.balance("settlement.suspense.EUR"), 100);
  EXPECT_EQ(w.list().data_size(), 1);
  EXPECT_FALSE(w.dispose(id, v1::WRITE_OFF).has_error());
  EXPECT_TRUE(w.dispose(id, v1::WRITE_OFF).replayed());
  EXPECT_EQ(w.balance("settlement.suspense.EUR"), 0);
  EXPECT_EQ(w.balance("books"), 0);
  EXPECT_EQ(w.balance("settlement.fees.EUR"), -100);
  EXPECT_EQ(w.list().data_size(), 0);
}

TEST(ExceptionsInTheMachine, OfAnotherCurrencyHaveAccountsOfTheirOwn) {
  exceptions_world w;
  auto what = w.missing("r", 100);
  what.set_what(v1::SettlementDifference::CURRENCY);
  what.mutable_external()->set_amount(90);
  what.mutable_external()->set_currency("USD");
  EXPECT_FALSE(w.open_exception(what).has_error());
  EXPECT_EQ(w.balance("settlement.suspense.EUR"), 100);
  EXPECT_EQ(w.balance("settlement.suspense.USD"), 90);
  EXPECT_EQ(w.balance("settlement.liquidity.USD"), -90);
}

TEST(ExceptionsInTheMachine, KeepTheirWindowFromBeingFinal) {
  exceptions_world w;
  w.pay_to_the_end("a", "world", "books", 1'000);
  const auto id = w.open_exception(w.missing("r", 100)).settlement_exceptions().data(0).id();
  w.cut_and_settle(1);
  EXPECT_EQ(w.finalize(1).error().code(), "window_has_exceptions");
  w.dispose(id, v1::ACCEPTED);
  EXPECT_FALSE(w.finalize(1).has_error());
  EXPECT_TRUE(w.window(1).final());
  EXPECT_EQ(w.open_exception(w.missing("s", 100)).error().code(), "exception_not_found");
}

TEST(ExceptionsInTheMachine, AreRefusedWhereNothingCouldBeMoved) {
  exceptions_world w;
  auto other = w.missing("r", 100);
  other.set_window(7);
  EXPECT_EQ(w.open_exception(other).error().code(), "window_not_found");
  EXPECT_EQ(w.open_exception(w.missing("r", 1), "nobody").error().code(), "account_not_found");
  EXPECT_EQ(w.open_exception(w.missing("r", 1), "alice").error().code(),
            "merchant_needs_overdraft");
  w.open("dollars", "USD", true);
  EXPECT_EQ(w.open_exception(w.missing("r", 1), "dollars").error().code(), "currency_mismatch");
  EXPECT_EQ(w.dispose("exc_0", v1::ACCEPTED).error().code(), "exception_not_found");
}

TEST(ExceptionsInTheMachine, AlarmOnlyWhenTheirTimeIsUp) {
  exceptions_world w;
  const auto made = w.open_exception(w.missing("r", 100)).settlement_exceptions().data(0);
  v1::SettlementExceptionCommand command;
  command.mutable_alarm()->set_id(made.id());
  command.mutable_alarm()->set_at_ns(made.due_at_ns() - 1);
  EXPECT_EQ(w.except(command).error().code(), "exception_not_due");
  command.mutable_alarm()->set_at_ns(made.due_at_ns());
  EXPECT_NE(w.except(command).settlement_exceptions().data(0).alarmed_at_ns(), 0u);
  EXPECT_TRUE(w.except(command).replayed());
}

TEST(ExceptionsInTheMachine, AreDueAfterTheHoursOfTheirLedgerIfTheyNameNone) {
  exceptions_world w;
  EXPECT_EQ(w.hours_of("a", 0), 0u) << "never";
  EXPECT_FALSE(w.set_exception_hours(48).has_error());
  EXPECT_EQ(w.hours_of("b", 0), 48u);
  EXPECT_EQ(w.hours_of("c", 5), 5u);
  EXPECT_EQ(w.set_exception_hours(8'761).error().param(), "exception_hours");
  EXPECT_FALSE(w.set_exception_hours(8'760).has_error());
  EXPECT_EQ(w.hours_of("b", 0), 48u) << "as it was when it was opened";
  v1::SettlementQuestion question;
  question.mutable_ledgers();
  EXPECT_EQ(w.ask_settlement(question).ledgers().data(0).terms().exception_hours(), 8'760u);
}

} // namespace ducat::settlement::test
