#include "acquiring/ledger_timeout.hpp"

#include <ducat/acquiring/late_approval_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/durable.hpp>
#include <ducat/life.hpp>
#include <ducat/payment/refusal.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace ducat::acquiring {

namespace {

/// Sent by the actor to itself: the log did not take it.
struct again {
  std::string command;
};

} // namespace
} // namespace ducat::acquiring

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::acquiring::again)

namespace ducat::acquiring {
namespace {

bool may_be_an_approval(device::unmatched_kind kind) {
  using enum device::unmatched_kind;
  return kind == late || kind == ambiguous || kind == unexpected;
}

v1::Command command_of(const late_approval& heard, const late_options& options,
                       const caf::event_based_actor* self) {
  v1::Command command;
  command.set_by(options.by + '/' + life_of(self));
  auto& resolve = *command.mutable_resolve_attempt();
  resolve.set_event(v1::ResolveAttempt::LATE_APPROVAL);
  resolve.set_number(heard.number);
  resolve.set_stan(heard.stan);
  resolve.set_link(options.acquirer);
  resolve.set_amount(heard.amount);
  resolve.set_approval_code(heard.approval_code);
  resolve.set_response_code(heard.response_code);
  resolve.set_reason("approved when nobody waited for it any more");
  return command;
}

void note(const late_options& options, const std::string& reply) {
  v1::Outcome outcome;
  const bool is_known = outcome.ParseFromString(reply) && !outcome.has_error();
  spdlog::warn("late_approval acquirer={} payment={} outcome={}", options.acquirer,
               is_known ? outcome.payment().id() : "unknown",
               is_known ? (outcome.replayed() ? "known" : "noted") : outcome.error().code());
}

void commit_it(caf::event_based_actor* self, const handle& ledger, const late_options& options,
               const std::string& command) {
  self->request(ledger.current(), ledger_timeout, commit{.command = command, .token = {}})
      .then([options](const committed& done) { note(options, done.reply); },
            [self, options, command](const caf::error&) {
              self->delayed_send(self, options.again_after, again{command});
            });
}

} // namespace

caf::behavior late_approval_actor(caf::event_based_actor* self, const handle& ledger,
                                  const late_options& options) {
  return {
      [=](const device::link_unmatched& told) {
        if (!may_be_an_approval(told.message.kind))
          return;
        if (const auto heard = late_approval_in(told.message.what))
          commit_it(self, ledger, options, command_of(*heard, options, self).SerializeAsString());
      },
      [=](const again& what) { commit_it(self, ledger, options, what.command); },
  };
}

} // namespace ducat::acquiring
