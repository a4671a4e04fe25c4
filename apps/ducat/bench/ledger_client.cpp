#include "bench/ledger_client.hpp"

#include <ducat/durable.hpp>
#include <ducat/handle.hpp>
#include <ducat/ledger/outcome.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <future>
#include <memory>
#include <sstream>

namespace ducat::bench {

namespace {

template <class T>
std::string text_of(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

/// Returns why `reply` does not say that all was done; nothing if it does.
std::string complaint_about(const std::string& reply) {
  const auto decoded = ledger::decode_reply(reply);
  if (!decoded || decoded->status != ledger::reply_status::done)
    return "the ledger does not understand the batch";
  const auto refused = std::ranges::find_if(decoded->outcomes, [](auto each) { return each != 0; });
  if (refused == decoded->outcomes.end())
    return {};
  return "the ledger refuses a transfer: " +
         text_of(static_cast<ledger::transfer_outcome>(*refused));
}

class client {
public:
  client(caf::event_based_actor* self, client_plan plan)
      : self_{self}, plan_{std::move(plan)}, next_{std::move(plan_.first)} {}

  void send() {
    if (next_.command.empty())
      next_ = plan_.source.next();
    amount_ = next_.amount;
    bytes_ = next_.command.size();
    sent_at_ = steady::now();
    self_->request(plan_.ledger, caf::infinite, commit{std::move(next_.command)})
        .then([this](const committed& answer) { on_answer(answer.reply); },
              [this](const caf::error& failure) { end(text_of(error_of(failure))); });
    next_.command.clear();
    if (plan_.makes_ahead)
      next_ = plan_.source.next();
  }

private:
  void on_answer(const std::string& reply) {
    const auto now = steady::now();
    if (std::string complaint = complaint_about(reply); !complaint.empty())
      return end(std::move(complaint));
    outcome_.requests.add(now - sent_at_);
    outcome_.transfers += reply.size() - 1; // One byte of status, then one for each transfer.
    outcome_.amount += amount_;
    outcome_.bytes += bytes_;
    const bool sent_all = plan_.requests && outcome_.requests.count() >= *plan_.requests;
    if (sent_all || now >= plan_.until)
      return end({});
    send();
  }

  void end(std::string failure) {
    outcome_.failure = std::move(failure);
    plan_.on_end(std::move(outcome_));
    self_->quit();
  }

  caf::event_based_actor* self_;
  client_plan plan_;
  transfer_source::batch next_; ///< Its command is empty until it has been made.
  u128 amount_ = 0;             ///< Of the batch in flight, as bytes_ and sent_at_ are.
  std::size_t bytes_ = 0;
  steady::time_point sent_at_;
  client_outcome outcome_;
};

} // namespace

client_outcome run_clients(caf::actor_system& system, std::vector<client_plan> plans) {
  std::vector<std::future<client_outcome>> outcomes;
  for (client_plan& plan : plans) {
    const auto outcome = std::make_shared<std::promise<client_outcome>>();
    outcomes.push_back(outcome->get_future());
    plan.on_end = [outcome](client_outcome what) { outcome->set_value(std::move(what)); };
    system.spawn(ledger_client, std::move(plan));
  }
  client_outcome all;
  for (auto& each : outcomes) {
    client_outcome one = each.get();
    all.requests.add(one.requests);
    all.transfers += one.transfers;
    all.amount += one.amount;
    all.bytes += one.bytes;
    if (all.failure.empty())
      all.failure = std::move(one.failure);
  }
  return all;
}

caf::behavior ledger_client(caf::event_based_actor* self, client_plan plan) {
  const auto state = std::make_shared<client>(self, std::move(plan));
  state->send();
  return {[state](caf::unit_t) {}};
}

} // namespace ducat::bench
