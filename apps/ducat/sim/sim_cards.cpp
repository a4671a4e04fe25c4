#include "sim/sim_cards.hpp"

#include "cards/card_join.hpp"
#include "sim/sim_questions.hpp"

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

/// What was sent and never heard of is reversed for 90 s, until it can not arrive any more.
constexpr duration known_limit = 3min;
constexpr duration look_every_while_owed = 1s;

bool is_all_known(sim_cluster& on) {
  v1::Question open;
  open.mutable_open_attempts();
  v1::Question owed;
  owed.mutable_owed()->set_link(sim_acquirer_name);
  const auto attempts = outcome_of(on, on.writer(), open);
  const auto told = outcome_of(on, on.writer(), owed);
  return attempts && told && attempts->open_attempts().data().empty() &&
         told->owed().reversals().empty() && told->owed().advices().empty();
}

bool wait_until_known(sim_cluster& on) {
  for (const time_point end = on.now() + known_limit; !is_all_known(on);) {
    if (on.now() >= end)
      return false;
    on.run_for(look_every_while_owed);
  }
  return true;
}

} // namespace

std::vector<std::string> differing_cards(sim_cluster& on, const sim_acquirer& with) {
  if (!wait_until_known(on))
    return {"somebody owes the acquirer an answer still"};
  cards::card_join join;
  for (const acquirer::effect& each : with.journal())
    join.add(each);
  const auto payments = payments_at(on, on.writer());
  if (!payments)
    return {on.writer() + ", which writes the log, does not tell of payments"};
  for (const v1::Payment& each : *payments)
    join.add(each);
  const cards::join_report made = join.compare();
  std::vector<std::string> wrong = made.mismatches;
  wrong.insert(wrong.end(), with.sent_again().begin(), with.sent_again().end());
  if (made.open > 0)
    wrong.push_back(std::to_string(made.open) + " attempts stay open");
  return wrong;
}

} // namespace ducat::cli
