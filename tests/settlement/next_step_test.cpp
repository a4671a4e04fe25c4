#include <ducat/settlement/next_step.hpp>

#include <gtest/gtest.h>

namespace ducat::settlement::test {

namespace {

/// A currency with its windows: the last one is open, those before are in `states`.
currency_view view_of(const std::vector<v1::Window::State>& states, bool automatic = true) {
  currency_view made;
  made.ledger.mutable_terms()->set_currency("EUR");
  made.ledger.mutable_terms()->set_automatic(automatic);
  made.ledger.set_open_window(states.size() + 1);
  made.ledger.set_unsettled_from(1);
  for (std::uint64_t number = 1; number <= states.size() + 1; ++number) {
    v1::Window& window = *made.windows.add_data();
    window.set_currency("EUR");
    window.set_number(number);
    window.set_state(number > states.size() ? v1::Window::OPEN : states[number - 1]);
    window.set_model(v1::NET_MULTILATERAL_DEFERRED);
  }
  return made;
}

std::optional<step> next_of(const currency_view& of, const cut_rule& cut = {},
                            bool files_done = false) {
  return next_step(of, {}, cut, [=](const std::string&, const recorded_files& recorded) {
    return files_done || has_all(recorded, {"a.csv", "b.csv"});
  });
}

const v1::SettlementCommand* command_in(const std::optional<step>& found) {
  return found ? std::get_if<v1::SettlementCommand>(&*found) : nullptr;
}

v1::Settlement& add_settlement(currency_view& to, v1::Settlement::State state,
                               std::uint32_t at_step) {
  v1::Settlement& made = *to.settlements.add_data();
  made.set_id("set_EUR_1");
  made.set_state(state);
  made.set_step(at_step);
  return made;
}

std::optional<std::uint32_t> cut_now(const v1::Calendar&, const v1::Window&, log_time) {
  return 20'261'103;
}

} // namespace

TEST(NextStep, OfAnOpenSettlementIsTheOneThatTheMachineExpects) {
  currency_view of = view_of({v1::Window::PENDING_SETTLEMENT});
  add_settlement(of, v1::Settlement::PS_TRANSFERS_RESERVED, 2);
  const auto found = next_of(of);
  ASSERT_NE(command_in(found), nullptr);
  EXPECT_EQ(command_in(found)->advance().id(), "set_EUR_1");
  EXPECT_EQ(command_in(found)->advance().step(), 2U);
}

TEST(NextStep, OfASettledSettlementIsItsFilesOnce) {
  currency_view of = view_of({v1::Window::SETTLED}, false);
  add_settlement(of, v1::Settlement::SETTLED, 5);
  EXPECT_TRUE(std::holds_alternative<write_settlement>(*next_of(of)));
  EXPECT_FALSE(next_of(of, {}, true));
  of.settlements.mutable_data(0)->add_files()->set_name("b.csv");
  EXPECT_TRUE(std::holds_alternative<write_settlement>(*next_of(of))) << "one is missing";
  of.settlements.mutable_data(0)->add_files()->set_name("a.csv");
  EXPECT_FALSE(next_of(of));
}

TEST(NextStep, OfABatchIsItsNextStepThenItsFiles) {
  currency_view of = view_of({}, false);
  v1::PayoutBatch& batch = *of.batches.add_data();
  batch.set_number(3);
  batch.set_step(7);
  batch.set_state(v1::PayoutBatch::BATCHING);
  ASSERT_NE(command_in(next_of(of)), nullptr);
  EXPECT_EQ(command_in(next_of(of))->batch().step(), 7U);
  batch.set_state(v1::PayoutBatch::BATCHED);
  EXPECT_TRUE(std::holds_alternative<write_batch>(*next_of(of)));
  batch.set_state(v1::PayoutBatch::SUBMITTED);
  EXPECT_FALSE(next_of(of));
}

// The machine would refuse the order: what was returned is not to be paid.
TEST(NextStep, OfABatchOfWhichAPayoutHasEndedIsNone) {
  currency_view of = view_of({}, false);
  v1::PayoutBatch& batch = *of.batches.add_data();
  batch.set_state(v1::PayoutBatch::BATCHED);
  batch.mutable_returned()->set_count(1);
  EXPECT_FALSE(next_of(of));
}

TEST(NextStep, SettlesAllClosedWindowsOfOneModel) {
  currency_view of = view_of({v1::Window::CLOSED, v1::Window::CLOSED, v1::Window::CLOSED});
  of.windows.mutable_data(2)->set_model(v1::GROSS_IMMEDIATE);
  const auto found = next_of(of);
  ASSERT_NE(command_in(found), nullptr);
  EXPECT_EQ(command_in(found)->start().first_window(), 1U);
  EXPECT_EQ(command_in(found)->start().last_window(), 2U);
}

TEST(NextStep, DoesNotRepeatWhatWasAborted) {
  EXPECT_FALSE(next_of(view_of({v1::Window::ABORTED, v1::Window::CLOSED})));
}

TEST(NextStep, CutsBeforeItSettles) {
  const auto found = next_of(view_of({v1::Window::CLOSED}), cut_now);
  ASSERT_NE(command_in(found), nullptr);
  EXPECT_EQ(command_in(found)->cut().window(), 2U);
  EXPECT_EQ(command_in(found)->cut().next_business_date(), 20'261'103U);
}

TEST(NextStep, IsNoneByItselfUnlessTheLedgerIsAutomatic) {
  EXPECT_FALSE(next_of(view_of({v1::Window::CLOSED}, false), cut_now));
}

} // namespace ducat::settlement::test
