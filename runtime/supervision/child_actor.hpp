/// What every actor of a tree has in common, and the actor that runs a worker's body.
#pragma once

#include "supervision/supervisor_core.hpp"

#include <ducat/child_spec.hpp>
#include <ducat/inject.hpp>

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>

#include <string>

namespace ducat::supervision {

/// A child tells its supervisor that its life has begun.
struct child_started {
  life_id life;
};

/// Who started an actor of a tree.
struct child_link {
  caf::actor_addr supervisor; ///< Null for the root.
  life_id life = 0;
  std::string path;
};

/// An actor of a tree: never prints, ends with what its exception said, and can be made to fail.
class child_actor : public caf::event_based_actor {
public:
  child_actor(caf::actor_config& config, child_link link);

  using caf::event_based_actor::consume;
  caf::invoke_message_result consume(caf::mailbox_element& element) override;

  /// `take` sees every response first and returns whether it has dealt with it.
  void set_response_handler(std::function<bool(caf::mailbox_element&)> take) {
    take_response_ = std::move(take);
  }

  /// Lets go of what the handlers hold.
  bool cleanup(caf::error&& reason, caf::execution_unit* host) override;

protected:
  /// Tells the supervisor that the life has begun.
  void acknowledge();

  const child_link& link() const noexcept { return link_; }

private:
  void hit_by(const inject_fault& how);

  child_link link_;
  std::function<bool(caf::mailbox_element&)> take_response_; // May be empty.
};

/// Runs the body of a child spec.
class worker_actor final : public child_actor {
public:
  worker_actor(caf::actor_config& config, child_link link, child_start start, caf::message extra)
      : child_actor{config, std::move(link)}, start_{std::move(start)}, extra_{std::move(extra)} {}

  caf::behavior make_behavior() override;

private:
  child_start start_;
  caf::message extra_;
};

} // namespace ducat::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::supervision::child_started)
