/// The actor around router_core: takes requests, sends them to workers and answers callers.
#pragma once

#include "routing/router.hpp"
#include "routing/router_core.hpp"
#include "supervision/child_slot.hpp"

#include <ducat/router.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>
#include <caf/response_promise.hpp>

#include <vector>

namespace ducat::routing {

/// A router tells itself that it has seen all answers that a life has sent before it was over: they
/// stood before this in its mailbox.
struct life_settled {
  std::size_t worker;
  std::uint64_t incarnation;
  exit_reason why;
};

/// The state of one router. Every request in the core has a caller here, who is answered when the
/// core lets go of the request, and only then.
class router {
public:
  router(caf::event_based_actor* self, const std::vector<handle>& workers, const pool_spec& pool,
         router_context context);

  /// Takes the body out of `request`.
  caf::response_promise on_request(routed& request);

  /// A request without an envelope.
  caf::result<caf::message> on_bare_request(caf::message body);

  /// Returns whether `element` was the response to a request of this router, or its alarm.
  bool on_response(caf::mailbox_element& element);

  void on_life_began(const life_began& what);
  void on_life_over(const life_over& what);
  void on_life_settled(const life_settled& what);
  caf::response_promise on_set_workers(const set_workers& what);

  /// The router ends; nobody will tell the callers otherwise.
  void on_end();

private:
  struct worker {
    handle name;
    caf::actor life; // Null while it does not run.
    std::uint64_t incarnation;
    exit_reason last_exit; // Of the life before.
  };

  struct held_request {
    caf::response_promise caller;
    caf::message body; // Only if requests are tried again.
    std::uint64_t key = 0;
    std::size_t worker = 0; // Of the last try.
  };

  struct resize {
    caf::response_promise caller;
    std::vector<std::size_t> busy; // Workers that have to become idle.
  };

  bool is_left_to_settle(const caf::mailbox_element& element) const;

  time_point now() const { return self_->clock().now(); }

  void add(const handle& name);
  void retire_all_but(const std::vector<handle>& names, resize& change);
  void send(router_core::sent to, const caf::message& body);
  void perform_effects();
  void perform(const effect& what);
  void quarantine(held_request request, std::uint32_t crashes);
  void on_idle(std::size_t index);
  void answer_resizes();
  void set_alarm();
  void show();

  caf::event_based_actor* self_;
  router_context context_;
  bool keeps_bodies_;
  router_core core_;
  std::vector<worker> workers_;     // By the index that the core knows them by.
  std::vector<held_request> held_;  // By place_of() their id.
  std::vector<resize> resizes_;     // Unanswered.
  std::optional<time_point> alarm_; // When this router is woken.
};

} // namespace ducat::routing

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::routing::life_settled)
