#include "webhook_child.hpp"

#include <ducat/webhook/delivery_actor.hpp>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

webhook::delivery_options options_of(const event_delivery& events) {
  webhook::delivery_options options;
  options.allow_private = events.allow_private;
  options.ca = events.ca;
  options.allows_tls_1_2 = events.allows_tls_1_2;
  options.signal = events.signal;
  options.delivers_here = events.delivers_here;
  return options;
}

} // namespace

result<void> check(const event_delivery& events) {
  return webhook::check(options_of(events));
}

// It waits longer and longer, so that one that cannot start does not use up the restarts that the
// payments share with it. The linter says that it is restarted for ever: that is meant.
child_spec webhooks_child(const event_delivery& events, const handle& ledger) {
  return {.id = "webhooks",
          .start = start(webhook::delivery_actor, ledger, options_of(events)),
          .backoff = {.initial = 500ms, .max = 30s}};
}

} // namespace ducat::cli
