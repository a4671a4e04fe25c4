/// A machine whose payouts wait for what the bank says.
#pragma once

#include "settlement/settlement_world.hpp"

#include <ducat/settlement/payout_resolver.hpp>

#include <map>
#include <string>
#include <vector>

namespace ducat::settlement::test {

constexpr const char* own_iban = "DE89370400440532013000";

using counts = std::map<std::string, std::uint64_t>;

/// EUR is paid out from own_iban; the first batch pays books 1,000 and kiosk 500.
class paying_world : public settlement_world {
public:
  paying_world() {
    v1::SettlementCommand command;
    command.mutable_configure()->set_currency("EUR");
    command.mutable_configure()->set_model(v1::NET_MULTILATERAL_DEFERRED);
    command.mutable_configure()->mutable_own()->set_name("Ducat");
    command.mutable_configure()->mutable_own()->set_iban(own_iban);
    EXPECT_FALSE(settle(command).has_error());
    pay_to_the_end("a", "world", "books", 1'000);
    pay_to_the_end("b", "world", "kiosk", 500);
    cut_and_settle(1);
    batch(1);
  }

  /// Resolves what the answers say, and returns what became of each.
  counts resolve_all(const std::vector<bank_answer>& answers, bool is_dry = false) {
    looked_at.clear();
    payout_resolver resolver{desk(is_dry),
                             [&](const bank_answer& said, resolution what, const v1::Payout&) {
                               if (needs_a_look(what))
                                 looked_at.push_back(said.of.id());
                             }};
    for (const bank_answer& each : answers)
      EXPECT_TRUE(resolver.take(each)) << each;
    EXPECT_TRUE(resolver.finish());
    counts out;
    for (std::size_t i = 0; i < resolutions; ++i)
      if (const auto what = static_cast<resolution>(i); resolver.count(what) > 0)
        out[std::string{to_string(what)}] = resolver.count(what);
    return out;
  }

  v1::Payout::State state(int place, std::uint64_t number = 1) const {
    v1::SettlementQuestion question;
    question.mutable_payouts()->set_batch("pob_EUR_" + std::to_string(number));
    question.mutable_payouts()->set_limit(4'096);
    return ask_settlement(question).payouts().data(place - 1).state();
  }

  std::vector<std::string> looked_at;
  std::uint64_t commands = 0;

private:
  payout_desk desk(bool is_dry) {
    payout_desk made{.batches =
                         [this](const v1::ListPayoutBatchesRequest& asked) {
                           v1::SettlementQuestion question;
                           *question.mutable_batches() = asked;
                           return std::optional{ask_settlement(question).batches()};
                         },
                     .payouts =
                         [this](const v1::ListPayoutsRequest& asked) {
                           v1::SettlementQuestion question;
                           *question.mutable_payouts() = asked;
                           return std::optional{ask_settlement(question).payouts()};
                         },
                     .resolve =
                         [this](const v1::ResolvePayouts& results) {
                           ++commands;
                           EXPECT_LE(results.results_size(), payout_resolver::results_at_once);
                           EXPECT_LE(results.ByteSizeLong(), 64u * 1'024);
                           v1::SettlementCommand command;
                           *command.mutable_resolve() = results;
                           return !settle(command).has_error();
                         }};
    if (is_dry)
      made.resolve = {};
    return made;
  }
};

inline bank_answer answer(bank_says what, std::uint64_t place, std::int64_t amount,
                          std::uint64_t batch = 1) {
  return {.line = 7,
          .what = what,
          .of = {.currency = "EUR", .batch = batch, .place = place},
          .amount = iso20022::money{amount, "EUR"},
          .account = own_iban,
          .booked_on = std::chrono::year{2030} / 1 / 1,
          .reason = what == bank_says::booked ? "" : "AC04"};
}

inline bank_answer rejection(std::uint64_t place) {
  bank_answer made = answer(bank_says::rejected, place, 0);
  made.amount.reset();
  made.account.clear();
  return made;
}

} // namespace ducat::settlement::test
