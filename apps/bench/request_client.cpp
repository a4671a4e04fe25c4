#include "request_client.hpp"

#include <ducat/router.hpp>

#include <caf/event_based_actor.hpp>

#include <memory>

namespace ducat::bench {

namespace {

class requester {
public:
  requester(caf::event_based_actor* self, request_plan plan)
      : self_{self}, plan_{std::move(plan)}, left_{plan_.requests}, to_send_{plan_.requests} {}

  void begin() {
    for (std::size_t i = 0; i < plan_.in_flight; ++i)
      send();
  }

private:
  void send() {
    if (to_send_ == 0)
      return;
    --to_send_;
    if (plan_.enveloped)
      await(self_->request(plan_.next(), caf::infinite,
                           make_routed(self_->clock().now() + std::chrono::seconds{10}, 21)));
    else
      await(self_->request(plan_.next(), caf::infinite, 21));
  }

  template <class Response>
  void await(Response response) {
    response.then([this](int answer) { on_answer(answer == 42); },
                  [this](const caf::error&) { on_answer(false); });
  }

  void on_answer(bool right) {
    right_ += right ? 1 : 0;
    if (--left_ > 0)
      return send();
    plan_.on_end(right_);
    self_->quit();
  }

  caf::event_based_actor* self_;
  request_plan plan_;
  std::size_t left_;
  std::size_t to_send_; // Invariant: <= left_.
  std::size_t right_ = 0;
};

} // namespace

caf::behavior doubler(caf::event_based_actor*) {
  return {[](int value) { return value * 2; }};
}

caf::behavior request_client(caf::event_based_actor* self, const request_plan& plan) {
  const auto state = std::make_shared<requester>(self, plan);
  state->begin();
  return {[state](caf::unit_t) {}};
}

} // namespace ducat::bench
