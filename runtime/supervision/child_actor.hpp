/// What every actor of a tree has in common, and the actor that runs a worker's body.
#pragma once

#include "supervision/child_records.hpp"
#include "supervision/child_slot.hpp"
#include "supervision/tree_context.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/inject.hpp>

#include <caf/actor_addr.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/message.hpp>

#include <memory>
#include <string>

namespace ducat::supervision {

/// A child tells its supervisor that its life has begun.
struct child_started {
  life_id life;
  caf::message info; ///< What it gave to tell_starter().
};

/// The watchdog tells a supervisor that a handler of one of its children does not return.
struct child_hung {
  life_id life;
  std::chrono::milliseconds busy_for;
};

/// Where an actor stands in its tree, and who started it.
struct child_link {
  caf::actor_addr supervisor; ///< Null for the root.
  life_id life = 0;
  std::shared_ptr<const child_slot> slot;
  std::shared_ptr<const tree_context> tree;
  std::shared_ptr<mailbox_count> messages{}; ///< To it. Null if nobody counts them.
  bool is_named = true;                      ///< See child_figures.
};

/// An actor of a tree: never prints, ends with what its exception said, and can be made to fail. It
/// takes nothing from an actor that is fenced, and does nothing more when it is fenced itself.
class child_actor : public caf::event_based_actor {
public:
  child_actor(caf::actor_config& config, child_link link);

  using caf::event_based_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* host) override;

  using caf::event_based_actor::consume;
  caf::invoke_message_result consume(caf::mailbox_element& element) override;

  /// `take` sees every response first and returns whether it has dealt with it.
  void set_response_handler(std::function<bool(caf::mailbox_element&)> take) {
    take_response_ = std::move(take);
  }

  /// A handler that takes longer than `budget` is reported to the supervisor.
  void watch_handlers(std::chrono::milliseconds budget);

  void set_info(caf::message info) { info_ = std::move(info); }

  /// Returns what life_of() does.
  std::string life() const;

  /// Lets go of what the handlers hold.
  bool cleanup(caf::error&& reason, caf::execution_unit* host) override;

protected:
  /// Tells the supervisor that the life has begun.
  void acknowledge();

  const child_link& link() const noexcept { return link_; }

  const std::string& path() const noexcept { return link_.slot->path(); }

private:
  caf::invoke_message_result consume_unfenced(caf::mailbox_element& element);
  caf::invoke_message_result consume_watched(caf::mailbox_element& element);
  caf::invoke_message_result take(caf::mailbox_element& element);
  caf::invoke_message_result refuse(caf::mailbox_element& element);
  void hit_by(const inject_fault& how);

  child_link link_;
  caf::message info_;
  std::shared_ptr<handler_watch> watch_;                     // Null if nobody watches.
  std::function<bool(caf::mailbox_element&)> take_response_; // May be empty.
};

/// Returns whether `failure` says that the child `who` has crashed, and not another actor, from
/// which it might have got that error.
bool is_crash_of(caf::actor_id who, const caf::error& failure);

/// Runs the body of a child spec.
class worker_actor final : public child_actor {
public:
  worker_actor(caf::actor_config& config, child_link link, std::shared_ptr<const child_spec> spec,
               caf::message extra)
      : child_actor{config, std::move(link)}, spec_{std::move(spec)}, extra_{std::move(extra)} {}

  caf::behavior make_behavior() override;

private:
  std::shared_ptr<const child_spec> spec_;
  caf::message extra_;
};

} // namespace ducat::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::supervision::child_started)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::supervision::child_hung)
