#include "routing/router.hpp"

#include "routing/router_actor.hpp"
#include "supervision/child_actor.hpp"

#include <caf/message_view.hpp>

namespace ducat::routing {

child_start start_router(std::vector<handle> workers, const pool_spec& pool,
                         router_context context) {
  const auto body = [workers = std::move(workers), pool, context = std::move(context)](
                        caf::event_based_actor* self, const caf::message&) {
    auto state = std::make_shared<router>(self, workers, pool, context);
    dynamic_cast<supervision::child_actor&>(*self).set_response_handler(
        [state](caf::mailbox_element& element) { return state->on_response(element); });
    self->set_default_handler([state](caf::scheduled_actor*, caf::message_view& bare) {
      return state->on_bare_request(bare.move_content_to_message());
    });
    self->attach_functor([state] { state->on_end(); });
    return caf::behavior{
        [state](routed& request) { return state->on_request(request); },
        [state](const life_began& what) { state->on_life_began(what); },
        [state](const life_over& what) { state->on_life_over(what); },
        [state](const life_settled& what) { state->on_life_settled(what); },
        [state](const set_workers& what) { return state->on_set_workers(what); },
    };
  };
  return {.body = body};
}

} // namespace ducat::routing
