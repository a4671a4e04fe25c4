#include "sim/sim_workload.hpp"

#include "check/history.hpp"
#include "sim/sim_cards.hpp"
#include "sim/sim_questions.hpp"
#include "sim/sim_rest.hpp"

#include <ducat/payment/event.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace ducat::cli {

using namespace std::chrono_literals;
using testing::sim_cluster;

namespace {

constexpr std::uint64_t payments_per_terminal_payment = 20;
constexpr duration delivered_limit = 60s; ///< Of virtual time, after the last fault.
constexpr duration look_for_events_every = 500ms;

using sentences = std::vector<std::string>;

void append(sentences more, sentences& to) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Returns the entry that registers the receiver; the end of the log if none does.
std::uint64_t registered_at(const std::vector<entry>& log) {
  for (const entry& each : log)
    if (const auto commands = commands_in(each.payload);
        commands && std::ranges::any_of(*commands, &v1::Command::has_put_endpoint))
      return each.index;
  return log.size();
}

/// Returns what the receiver is to get; nothing if nobody tells.
std::optional<std::vector<v1::Event>> wanted_events(sim_cluster& on) {
  auto events = events_at(on, on.writer());
  const std::uint64_t from = registered_at(on.log());
  if (events)
    std::erase_if(*events, [from](const v1::Event& each) {
      const auto place = payment::event_place_in(each.id());
      return !place || place->index <= from;
    });
  return events;
}

sentences undelivered(sim_cluster& on, const sim_receiver& to) {
  auto events = wanted_events(on);
  for (const time_point end = on.now() + delivered_limit;
       events && !to.has_all(*events) && on.now() < end; events = wanted_events(on))
    on.run_for(look_for_events_every);
  return events ? to.violations(*events) : sentences{on.writer() + " does not tell of events"};
}

} // namespace

sim_workload::sim_workload(sim_cluster& on, std::shared_ptr<const sim_world> around)
    : on_{on}, around_{std::move(around)}, payments_{on, record_, around_->acquirer != nullptr},
      terminals_{on, record_}, reads_{on, [this] { return payments_.newest_acknowledged(); }},
      echo_{on}, payouts_{on} {}

void sim_workload::begin(std::uint64_t payments) {
  payments_.begin(payments);
  if (around_->terminals)
    terminals_.begin(payments / payments_per_terminal_payment, sim_payer, sim_payee);
  reads_.begin();
  std::vector<v1::Command> terms = simulated_terms(sim_payee);
  if (around_->receiver != nullptr)
    terms.push_back(simulated_endpoint());
  echo_.begin(std::move(terms));
  payouts_.begin();
}

void sim_workload::end() {
  reads_.end();
  echo_.end();
  payouts_.end();
}

sentences sim_workload::differences_outside() {
  sentences wrong = unsettled(on_);
  if (around_->acquirer != nullptr)
    append(differing_cards(on_, *around_->acquirer), wrong);
  if (around_->receiver != nullptr)
    append(undelivered(on_, *around_->receiver), wrong);
  if (around_->terminals) {
    const auto payments = payments_at(on_, on_.writer());
    append(payments ? terminals_.violations(*payments) : sentences{"nobody tells of payments"},
           wrong);
  }
  return wrong;
}

sentences sim_workload::violations() const {
  sentences wrong = impossible_reads(on_.log(), reads_.made());
  append(echo_.violations(), wrong);
  append(around_->files->violations(on_.log()), wrong);
  return wrong;
}

} // namespace ducat::cli
