#include <ducat/durable.hpp>
#include <ducat/payment/deadline_actor.hpp>
#include <ducat/v1/machine.pb.h>
#include <ducat/wall_clock.hpp>

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <cstdint>

namespace ducat::payment {

namespace {

/// Sent by the actor to itself.
struct look {};

} // namespace
} // namespace ducat::payment

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::payment::look)

namespace ducat::payment {
namespace {

constexpr duration ledger_timeout = std::chrono::seconds{5};

void pass_time(caf::event_based_actor* self, const handle& ledger, log_time now) {
  v1::Command command;
  command.mutable_pass_time()->set_to_ns(now.nanoseconds);
  self->request(ledger.current(), ledger_timeout,
                commit{.command = command.SerializeAsString(), .token = {}})
      .then([](const committed&) {}, [](const caf::error&) {}); // It is seen at the next look.
}

void look_around(caf::event_based_actor* self, const handle& ledger,
                 const deadline_options& options) {
  self->delayed_send(self, options.look_every, look{});
  v1::Question question;
  question.mutable_open_attempts()->set_limit(1); // Only its next deadline is of interest.
  self->request(ledger.current(), ledger_timeout, query{question.SerializeAsString()})
      .then(
          [=](const answer& told) {
            v1::Outcome outcome;
            if (!outcome.ParseFromString(told.text))
              return;
            const std::uint64_t next = outcome.open_attempts().next_deadline_ns();
            const log_time now = options.now ? options.now() : wall_clock();
            if (next != 0 && next <= now.nanoseconds)
              pass_time(self, ledger, now);
          },
          [](const caf::error&) {});
}

} // namespace

caf::behavior deadline_actor(caf::event_based_actor* self, const handle& ledger,
                             const deadline_options& options) {
  look_around(self, ledger, options);
  return {[=](look) { look_around(self, ledger, options); }};
}

} // namespace ducat::payment
