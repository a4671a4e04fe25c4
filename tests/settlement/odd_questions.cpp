/// Commands about exceptions, and questions.

#include "settlement/odd_commands.hpp"

namespace ducat::settlement::test {

void odd_commands::fill(v1::SettlementStatement& stated) {
  stated.set_amount(odds(8) ? amount() : draw_.whole(-1'000, 1'000));
  stated.set_currency(currency());
  if (odds(2))
    stated.set_fee(odds(8) ? amount() : draw_.whole(0, 50));
}

void odd_commands::fill(v1::SettlementDifference& difference) {
  const bool is_odd = odds(10);
  difference.set_leg(
      static_cast<v1::SettlementDifference::Leg>(is_odd ? draw_.small(0, 3) : draw_.small(1, 2)));
  difference.set_what(
      static_cast<v1::SettlementDifference::Class>(is_odd ? draw_.small(0, 9) : draw_.small(2, 8)));
  difference.set_reference("r-" + std::to_string(draw_.small(0, 40)));
  difference.set_occurrence(draw_.small(0, 1));
  difference.set_window(draw_.small(0, 4));
  if (!odds(3))
    fill(*difference.mutable_internal());
  if (!odds(3))
    fill(*difference.mutable_external());
}

v1::SettlementExceptionCommand odd_commands::exception() {
  v1::SettlementExceptionCommand command;
  switch (draw_.small(0, 3)) {
  case 0: {
    v1::OpenSettlementExceptions& open = *command.mutable_open();
    open.set_currency(currency());
    for (std::uint32_t i = 0; i < draw_.small(0, 3); ++i)
      fill(*open.add_differences());
    open.set_account(odds(3) ? account() : "");
    open.set_due_hours(odds(2) ? 1 : draw_.small(0, 10'000));
    break;
  }
  case 1:
    command.mutable_assign()->set_id(one_of(exceptions_));
    command.mutable_assign()->set_owner(account());
    break;
  case 2:
    command.mutable_dispose()->set_id(one_of(exceptions_));
    command.mutable_dispose()->set_how(static_cast<v1::SettlementDisposition>(draw_.small(0, 5)));
    command.mutable_dispose()->set_reason(odds(9) ? "" : "odd");
    command.mutable_dispose()->set_by(odds(9) ? "" : "somebody");
    break;
  default:
    command.mutable_alarm()->set_id(one_of(exceptions_));
    command.mutable_alarm()->set_at_ns(odds(2) ? number() : std::uint64_t{10'000'000'000'000});
  }
  return command;
}

v1::SettlementQuestion odd_commands::next_question() {
  v1::SettlementQuestion question;
  const auto limit = static_cast<std::uint32_t>(number());
  switch (draw_.small(0, 7)) {
  case 0:
    question.mutable_windows()->set_currency(currency());
    question.mutable_windows()->set_before(number());
    question.mutable_windows()->set_limit(limit);
    break;
  case 1:
    question.mutable_settlements()->set_id("set_" + currency() + "_" + std::to_string(number()));
    question.mutable_settlements()->set_limit(limit);
    break;
  case 2:
    question.mutable_merchant_windows()->set_currency(currency());
    question.mutable_merchant_windows()->set_window(number());
    question.mutable_merchant_windows()->set_starting_after(account());
    question.mutable_merchant_windows()->set_limit(limit);
    break;
  case 3:
    question.mutable_members()->set_currency(currency());
    question.mutable_members()->set_window(number());
    question.mutable_members()->set_merchant(merchant());
    question.mutable_members()->set_after_ns(number());
    question.mutable_members()->set_limit(limit);
    break;
  case 4:
    question.mutable_merchants()->set_starting_after(account());
    question.mutable_merchants()->set_limit(limit);
    break;
  case 5:
    question.mutable_payouts()->set_batch(odds(2) ? "" : "pob_EUR_" + std::to_string(number()));
    question.mutable_payouts()->set_merchant(merchant());
    question.mutable_payouts()->set_starting_after("po_EUR_1_" + std::to_string(number()));
    question.mutable_payouts()->set_limit(limit);
    break;
  case 6:
    question.mutable_positions()->set_currency(currency());
    question.mutable_positions()->set_window(number());
    break;
  default:
    question.mutable_participants()->set_currency(currency());
  }
  return question;
}

} // namespace ducat::settlement::test
