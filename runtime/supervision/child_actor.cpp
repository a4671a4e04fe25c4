#include "supervision/child_actor.hpp"

#include "supervision/log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_view.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <thread>

namespace ducat::supervision {

namespace {

caf::error crashed(std::string what) {
  return to_caf(exit_reason{.kind = exit_kind::crashed, .detail = std::move(what)});
}

caf::error reason_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& what) {
    return crashed(what.what());
  } catch (...) {
    return crashed("an exception of an unknown type");
  }
}

} // namespace

child_actor::child_actor(caf::actor_config& config, child_link link)
    : caf::event_based_actor{config}, link_{std::move(link)} {
  set_exception_handler([](std::exception_ptr& thrown) { return reason_of(thrown); });
  set_default_handler(
      [path = link_.path](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
        logger()->warn("unexpected_message path={}", path);
        return caf::sec::unexpected_message;
      });
  set_error_handler(
      [](caf::scheduled_actor* self, caf::error& reason) { self->quit(std::move(reason)); });
  set_down_handler([](caf::scheduled_actor*, caf::down_msg&) {});
  set_exit_handler([](caf::scheduled_actor* self, caf::exit_msg& message) {
    if (message.reason)
      self->quit(std::move(message.reason));
  });
}

caf::invoke_message_result child_actor::consume(caf::mailbox_element& element) {
  if (element.content().match_elements<inject_fault>()) {
    hit_by(element.content().get_as<inject_fault>(0));
    return caf::invoke_message_result::consumed;
  }
  if (take_response_ && element.mid.is_response() && take_response_(element))
    return caf::invoke_message_result::consumed;
  return caf::event_based_actor::consume(element);
}

void child_actor::hit_by(const inject_fault& how) {
  if (how.kind == fault_kind::hang)
    std::this_thread::sleep_for(how.lease);
  else
    execute_fault(how.kind, link_.path);
}

bool child_actor::cleanup(caf::error&& reason, caf::execution_unit* host) {
  take_response_ = nullptr;
  return caf::event_based_actor::cleanup(std::move(reason), host);
}

void child_actor::acknowledge() {
  if (const auto supervisor = caf::actor_cast<caf::actor>(link_.supervisor))
    send<caf::message_priority::high>(supervisor, child_started{link_.life});
}

caf::behavior worker_actor::make_behavior() {
  const child_start start = std::exchange(start_, {});
  caf::behavior behavior = start.body(this, extra_);
  if (!getf(is_shutting_down_flag))
    acknowledge();
  return behavior;
}

} // namespace ducat::supervision
