#include "settlement/driver.hpp"

#include <ducat/settlement/settlement_actor.hpp>

#include <caf/event_based_actor.hpp>

namespace ducat::settlement {
namespace {

/// Sent by the actor to itself.
struct look {};

} // namespace
} // namespace ducat::settlement

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::settlement::look)

namespace ducat::settlement {

namespace {

caf::behavior settle(caf::event_based_actor* self, const handle& ledger,
                     const actor_options& options) {
  auto state = std::make_shared<driver>(
      self, ledger, options, [self](duration pause) { self->delayed_send(self, pause, look{}); });
  self->attach_functor([state]() mutable { state.reset(); });
  self->send(self, look{});
  const std::weak_ptr alive{state};
  return {
      [alive](look) {
        if (const auto me = alive.lock())
          me->look_around();
      },
      [self, alive](const granted& what) {
        if (const auto me = alive.lock(); me != nullptr && me->hold(what.token))
          self->send(self, look{});
      },
  };
}

} // namespace

child_start settlement_actor(handle ledger, actor_options options) {
  child_start made = start(settle, std::move(ledger), std::move(options));
  made.detached = true;
  return made;
}

} // namespace ducat::settlement
