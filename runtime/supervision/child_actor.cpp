#include "supervision/child_actor.hpp"

#include "fault/stage.hpp"
#include "supervision/log.hpp"

#include <ducat/dynamic_children.hpp>
#include <ducat/life.hpp>

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_view.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <string>
#include <utility>

namespace ducat::supervision {

namespace {

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& what) {
    return what.what();
  } catch (...) {
    return "an exception of an unknown type";
  }
}

/// What `who` ends with; CAF answers the request in its hand with the same.
caf::error crash_of(caf::actor_id who, const std::exception_ptr& thrown) {
  const caf::error plain{caf::exit_reason::unhandled_exception};
  return {plain.code(), plain.category(), caf::make_message(text_of(thrown), who)};
}

/// Says in which handler an actor is, for as long as it is in one.
class handler_scope {
public:
  explicit handler_scope(handler_watch& watch) : watch_{watch} {
    watch_.enter(std::chrono::steady_clock::now());
  }

  handler_scope(const handler_scope&) = delete;
  handler_scope& operator=(const handler_scope&) = delete;

  ~handler_scope() { watch_.leave(); }

private:
  handler_watch& watch_;
};

} // namespace

bool is_crash_of(caf::actor_id who, const caf::error& failure) {
  const caf::message& context = failure.context();
  return context.match_elements<std::string, caf::actor_id>() &&
         context.get_as<caf::actor_id>(1) == who;
}

child_actor::child_actor(caf::actor_config& config, child_link link)
    : caf::event_based_actor{config}, link_{std::move(link)} {
  set_exception_handler([](caf::scheduled_actor* self, std::exception_ptr& thrown) {
    return crash_of(self->id(), thrown);
  });
  set_default_handler(
      [slot = link_.slot](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
        logger()->warn("unexpected_message path={}", slot->path());
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

void child_actor::enqueue(caf::mailbox_element_ptr what, caf::execution_unit* host) {
  if (link_.messages)
    link_.messages->add();
  caf::event_based_actor::enqueue(std::move(what), host);
}

/// One that is skipped comes again.
caf::invoke_message_result child_actor::consume(caf::mailbox_element& element) {
  const auto done = consume_unfenced(element);
  if (link_.messages && done != caf::invoke_message_result::skipped)
    link_.messages->take();
  return done;
}

caf::invoke_message_result child_actor::consume_unfenced(caf::mailbox_element& element) {
  const fence& fenced = link_.tree->fence;
  if (!fenced.is_empty()) [[unlikely]] {
    if (fenced.holds(id()) || (element.sender && fenced.holds(element.sender->id())))
      return refuse(element);
  }
  return watch_ ? consume_watched(element) : take(element);
}

caf::invoke_message_result child_actor::consume_watched(caf::mailbox_element& element) {
  const handler_scope scope{*watch_};
  return take(element);
}

caf::invoke_message_result child_actor::take(caf::mailbox_element& element) {
  if (element.content().match_elements<inject_fault>()) {
    hit_by(element.content().get_as<inject_fault>(0));
    return caf::invoke_message_result::consumed;
  }
  if (take_response_ && element.mid.is_response() && take_response_(element))
    return caf::invoke_message_result::consumed;
  return caf::event_based_actor::consume(element);
}

/// A fenced actor handles no message but the one that ends it, and nothing is taken from it but the
/// news of its end. A request of it is not answered, for nobody waits; its answer to a request of
/// this actor counts as none.
caf::invoke_message_result child_actor::refuse(caf::mailbox_element& element) {
  const caf::type_erased_tuple& what = element.content();
  if (what.match_elements<caf::exit_msg>() || what.match_elements<caf::down_msg>())
    return take(element);
  if (!element.mid.is_response() || link_.tree->fence.holds(id()))
    return caf::invoke_message_result::consumed;
  const auto lost = caf::make_mailbox_element(element.sender, element.mid, {},
                                              caf::make_error(caf::sec::request_receiver_down));
  return watch_ ? consume_watched(*lost) : take(*lost);
}

void child_actor::hit_by(const inject_fault& how) {
  if (how.kind == fault_kind::hang)
    hang_for(how.lease);
  else
    execute_fault(how.kind, path());
}

void child_actor::watch_handlers(std::chrono::milliseconds budget) {
  const auto on_hung = [supervisor = link_.supervisor,
                        life = link_.life](std::chrono::milliseconds busy_for) {
    if (const auto alive = caf::actor_cast<caf::actor>(supervisor))
      caf::anon_send<caf::message_priority::high>(alive, child_hung{life, busy_for});
  };
  watch_ = std::make_shared<handler_watch>(budget, !getf(is_detached_flag), on_hung);
  link_.tree->hang_watch.add(watch_);
}

bool child_actor::cleanup(caf::error&& reason, caf::execution_unit* host) {
  take_response_ = nullptr;
  return caf::event_based_actor::cleanup(std::move(reason), host);
}

std::string child_actor::life() const {
  const std::uint64_t incarnation = link_.slot->incarnation();
  return incarnation == 0 ? path() : path() + "#" + std::to_string(incarnation);
}

void child_actor::acknowledge() {
  if (const auto supervisor = caf::actor_cast<caf::actor>(link_.supervisor))
    send<caf::message_priority::high>(supervisor,
                                      child_started{link_.life, std::exchange(info_, {})});
}

caf::behavior worker_actor::make_behavior() {
  const auto spec = std::exchange(spec_, nullptr);
  caf::behavior behavior = spec->start.body(this, std::exchange(extra_, {}));
  if (spec->handler_budget.count() > 0)
    watch_handlers(spec->handler_budget);
  if (!getf(is_shutting_down_flag))
    acknowledge();
  return behavior;
}

} // namespace ducat::supervision

namespace ducat {

void tell_starter(caf::event_based_actor* self, caf::message info) {
  dynamic_cast<supervision::child_actor&>(*self).set_info(std::move(info));
}

std::string life_of(const caf::event_based_actor* self) {
  const auto* child = dynamic_cast<const supervision::child_actor*>(self);
  return child == nullptr ? std::string{} : child->life();
}

} // namespace ducat
