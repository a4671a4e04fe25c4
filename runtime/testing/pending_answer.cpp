#include "testing/pending_answer.hpp"

#include <ducat/handle.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>

namespace ducat::testing {

namespace {

/// Lives until it is answered. A request whose receiver goes down is answered with an error.
class asker final : public caf::event_based_actor {
public:
  asker(caf::actor_config& config, caf::actor to, caf::message request, pending_answer answered)
      : caf::event_based_actor{config}, to_{std::move(to)}, request_{std::move(request)},
        answered_{std::move(answered)} {}

  caf::behavior make_behavior() override {
    const caf::actor to = std::exchange(to_, {});
    to->enqueue(ctrl(), new_request_id(caf::message_priority::normal), std::move(request_),
                context());
    return {[](caf::unit_t) {}};
  }

  using caf::event_based_actor::consume;

  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    if (!element.mid.is_response())
      return caf::event_based_actor::consume(element);
    caf::message content = element.move_content_to_message();
    if (content.match_elements<caf::error>())
      *answered_ = tl::unexpected{error_of(content.get_as<caf::error>(0))};
    else
      *answered_ = std::move(content);
    quit();
    return caf::invoke_message_result::consumed;
  }

private:
  caf::actor to_;
  caf::message request_;
  pending_answer answered_;
};

} // namespace

pending_answer ask_for_message(caf::actor_system& system, const caf::actor& to,
                               caf::message request) {
  auto answered = std::make_shared<std::optional<result<caf::message>>>();
  system.spawn<asker>(to, std::move(request), answered);
  return answered;
}

} // namespace ducat::testing
