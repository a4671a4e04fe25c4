/// The mailbox of a child whose messages are kept: an actor in front of its lives.
#pragma once

#include "supervision/child_actor.hpp"
#include "supervision/child_slot.hpp"
#include "supervision/mailbox_core.hpp"

#include <ducat/router.hpp>

#include <caf/response_promise.hpp>

#include <unordered_map>

namespace ducat::supervision {

/// A mailbox tells itself that it has seen all answers that a life has sent before it was over.
struct last_answers_seen {
  exit_reason why;
};

/// Lives from the first start of its child until the child is gone for good. Takes any message for
/// the child; `routed` ones have a deadline, after which they are given to no life.
class mailbox_actor final : public child_actor {
public:
  mailbox_actor(caf::actor_config& config, child_link link, std::shared_ptr<child_slot> slot,
                const mailbox_spec& spec);

  caf::behavior make_behavior() override;

  /// What was never given to a life becomes a dead letter.
  void on_exit() override;

private:
  struct held_message {
    caf::response_promise sender;
    caf::message body;
    std::optional<time_point> deadline;
  };

  caf::response_promise accept(caf::message body, std::optional<time_point> deadline);
  bool on_response(caf::mailbox_element& element);
  void on_life_began(const life_began& what);
  void on_life_over(const life_over& what);
  void on_last_answers(const last_answers_seen& what);
  void hand_out();
  void give(mailbox_core::number number, const held_message& message);
  void give_up(const mailbox_core::given_up& what, const exit_reason& last_crash);
  void finish(mailbox_core::number number, caf::message answer);
  std::uint64_t file(const held_message& message, const mailbox_core::given_up& what,
                     const exit_reason& last_crash);

  std::shared_ptr<child_slot> slot_;
  mailbox_core core_;
  caf::actor life_;               // Null while the child does not run.
  std::uint64_t incarnation_ = 0; // Of the life.
  std::uint32_t settling_ = 0;    // Lives that are over, and may have answers on their way.
  std::unordered_map<mailbox_core::number, held_message> held_;       // All that the core knows.
  std::unordered_map<caf::message_id, mailbox_core::number> in_hand_; // By the awaited response.
};

} // namespace ducat::supervision

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::supervision::last_answers_seen)
