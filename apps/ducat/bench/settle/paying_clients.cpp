#include "bench/settle/paying_clients.hpp"

#include "bench/settle/settle_commands.hpp"

#include <ducat/handle.hpp>
#include <ducat/payment/payment_actor.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <memory>
#include <sstream>
#include <thread>
#include <utility>

namespace ducat::bench {

struct next_payment {};

struct stop_paying {};

} // namespace ducat::bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::bench::next_payment)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::bench::stop_paying)

namespace ducat::bench {
namespace {

constexpr std::chrono::seconds patience{60};

using idle_count = std::shared_ptr<std::atomic<std::size_t>>;

class paying_client {
public:
  paying_client(caf::event_based_actor* self, caf::actor payments, payer_plan plan, idle_count idle,
                std::shared_ptr<std::promise<paying_outcome>> done)
      : self_{self}, payments_{std::move(payments)}, plan_{std::move(plan)}, idle_{std::move(idle)},
        done_{std::move(done)}, due_{steady::now() + plan_.phase} {}

  /// Without a pace it pays at once; otherwise when it is due, or at once if it is late.
  void wait() {
    is_idle_ = true;
    const auto now = steady::now();
    if (plan_.pace == steady::duration{})
      due_ = now;
    if (due_ <= now)
      return self_->send(self_, next_payment{});
    ++*idle_;
    is_counted_ = true;
    self_->delayed_send(self_, due_ - now, next_payment{});
  }

  void stop() {
    is_stopped_ = true;
    if (is_idle_)
      end({});
  }

  void pay() {
    if (is_stopped_)
      return;
    is_idle_ = false;
    if (std::exchange(is_counted_, false))
      --*idle_;
    self_->request(payments_, caf::infinite, payment())
        .then([this](const payment::paid& answer) { on_answer(answer); },
              [this](const caf::error& failure) {
                std::ostringstream text;
                text << error_of(failure);
                end(text.str());
              });
    ++made_;
  }

private:
  payment::pay payment() const {
    payment::pay what{.first = {}, .deadline = self_->clock().now() + patience};
    v1::CreatePayment& wanted = *what.first.mutable_create_payment();
    wanted.set_idempotency_key(plan_.name + "/" + std::to_string(made_));
    wanted.set_from("p" + std::to_string(made_ % plan_.payers));
    wanted.set_to(
        "m" + std::to_string(std::hash<std::string>{}(wanted.idempotency_key()) % plan_.merchants));
    wanted.set_currency(bench_currency);
    wanted.set_amount(static_cast<std::int64_t>(100 + made_ % 9'900));
    return what;
  }

  void on_answer(const payment::paid& answer) {
    outcome_.payments.push_back({.due = due_, .took = steady::now() - due_});
    if (answer.outcome.payment().state() != v1::Payment::CAPTURED)
      return end("a payment is not captured: " + answer.outcome.ShortDebugString());
    ++outcome_.captured;
    due_ += plan_.pace;
    if (is_stopped_)
      return end({});
    wait();
  }

  void end(std::string failure) {
    outcome_.failure = std::move(failure);
    done_->set_value(std::move(outcome_));
    self_->quit();
  }

  caf::event_based_actor* self_;
  caf::actor payments_;
  payer_plan plan_;
  idle_count idle_;
  std::shared_ptr<std::promise<paying_outcome>> done_;
  steady::time_point due_; ///< Of the payment that is next or on its way.
  std::uint64_t made_ = 0;
  bool is_idle_ = true;
  bool is_counted_ = false; ///< As one that has nothing to pay yet.
  bool is_stopped_ = false;
  paying_outcome outcome_;
};

caf::behavior run_client(caf::event_based_actor* self, const caf::actor& payments,
                         const payer_plan& plan, const idle_count& idle,
                         const std::shared_ptr<std::promise<paying_outcome>>& done) {
  const auto state = std::make_shared<paying_client>(self, payments, plan, idle, done);
  state->wait();
  return {[state](next_payment) { state->pay(); }, [state](stop_paying) { state->stop(); }};
}

} // namespace

paying_clients::paying_clients(caf::actor_system& system, const caf::actor& payments,
                               std::uint32_t clients, std::uint32_t per_second,
                               const payer_plan& plan) {
  constexpr auto second = std::chrono::duration_cast<steady::duration>(std::chrono::seconds{1});
  for (std::uint32_t i = 0; i < clients; ++i) {
    payer_plan own = plan;
    own.name += "/" + std::to_string(i);
    if (per_second != 0) {
      own.pace = second * clients / per_second;
      own.phase = own.pace * i / clients;
    }
    const auto done = std::make_shared<std::promise<paying_outcome>>();
    outcomes_.push_back(done->get_future());
    clients_.push_back(system.spawn(run_client, payments, own, idle_, done));
  }
}

paying_clients::~paying_clients() {
  (void)stop();
}

void paying_clients::wait_until_calm(std::chrono::duration<double> most) const {
  constexpr std::chrono::milliseconds between_looks{2};
  const auto begin = steady::now();
  while (2 * *idle_ < clients_.size() && steady::now() - begin < most)
    std::this_thread::sleep_for(between_looks);
}

paying_outcome paying_clients::stop() {
  for (const caf::actor& each : clients_)
    caf::anon_send(each, stop_paying{});
  clients_.clear();
  paying_outcome all;
  for (auto& each : outcomes_) {
    paying_outcome one = each.get();
    all.payments.insert(all.payments.end(), one.payments.begin(), one.payments.end());
    all.captured += one.captured;
    if (all.failure.empty())
      all.failure = std::move(one.failure);
  }
  outcomes_.clear();
  return all;
}

} // namespace ducat::bench
