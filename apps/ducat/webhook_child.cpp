#include "webhook_child.hpp"

#include <ducat/webhook/delivery_actor.hpp>

namespace ducat::cli {

child_spec webhooks_child(const event_delivery& events, const handle& ledger) {
  webhook::delivery_options options;
  options.allow_private = events.allow_private;
  options.ca = events.ca;
  options.signal = events.signal;
  options.delivers_here = events.delivers_here;
  return {.id = "webhooks", .start = start(webhook::delivery_actor, ledger, options)};
}

} // namespace ducat::cli
