#include "supervision/mailbox_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_view.hpp>
#include <caf/sec.hpp>

#include <utility>

namespace ducat::supervision {

namespace {

/// Returns whether `element` says that its sender has crashed with the request, or is CAF giving
/// back a request to an actor that is down.
bool says_that_it_ended(const caf::mailbox_element& element) {
  if (!element.content().match_elements<caf::error>())
    return false;
  const auto& failure = element.content().get_as<caf::error>(0);
  if (!element.sender)
    return failure == caf::sec::request_receiver_down;
  return is_crash_of(element.sender->id(), failure);
}

} // namespace

mailbox_actor::mailbox_actor(caf::actor_config& config, child_link link,
                             std::shared_ptr<child_slot> slot, const mailbox_spec& spec)
    : child_actor{config, std::move(link)}, slot_{std::move(slot)}, core_{spec} {
  set_response_handler([this](caf::mailbox_element& element) { return on_response(element); });
  set_default_handler(
      [this](caf::scheduled_actor*, caf::message_view& bare) -> caf::result<caf::message> {
        return accept(bare.move_content_to_message(), std::nullopt);
      });
}

caf::behavior mailbox_actor::make_behavior() {
  slot_->watch(address(), 0);
  return {
      [this](const life_began& what) { on_life_began(what); },
      [this](const life_over& what) { on_life_over(what); },
      [this](const last_answers_seen& what) { on_last_answers(what); },
      [this](const routed& request) { return accept(request.body, request.deadline); },
  };
}

void mailbox_actor::on_exit() {
  for (const mailbox_core::given_up& left : core_.close())
    give_up(left, {});
}

caf::response_promise mailbox_actor::accept(caf::message body, std::optional<time_point> deadline) {
  auto promise = make_response_promise();
  if (const auto number = core_.add()) {
    held_[*number] = {.sender = promise, .body = std::move(body), .deadline = deadline};
    slot_->set_kept(held_.size());
    hand_out();
  } else {
    promise.deliver(to_caf(error{errc::overloaded, "the mailbox of " + path() + " is full"}));
  }
  return promise;
}

void mailbox_actor::on_life_began(const life_began& what) {
  life_ = caf::actor_cast<caf::actor>(what.life);
  incarnation_ = what.incarnation;
  hand_out();
}

/// What it has answered stands before the message to itself, and counts.
void mailbox_actor::on_life_over(const life_over& what) {
  if (what.incarnation == incarnation_)
    life_ = nullptr;
  settling_ += 1;
  send(this, last_answers_seen{what.why});
}

void mailbox_actor::on_last_answers(const last_answers_seen& what) {
  settling_ -= 1;
  in_hand_.clear();
  for (const mailbox_core::given_up& lost : core_.life_over(!is_normal_end(what.why)))
    give_up(lost, what.why);
  hand_out();
}

void mailbox_actor::hand_out() {
  while (life_ && settling_ == 0) {
    const auto number = core_.next();
    if (!number)
      return;
    const held_message& message = held_.at(*number);
    if (message.deadline && *message.deadline <= clock().now()) {
      core_.answered(*number);
      finish(*number,
             caf::make_message(to_caf(error{errc::deadline_exceeded, "the deadline has passed"})));
    } else {
      give(*number, message);
    }
  }
}

void mailbox_actor::give(mailbox_core::number number, const held_message& message) {
  const caf::message_id id = new_request_id(caf::message_priority::normal);
  in_hand_[id.response_id()] = number;
  life_->enqueue(ctrl(), id, message.body, context());
}

/// A life that is gone has answered nothing: its end tells what becomes of what it had in hand.
bool mailbox_actor::on_response(caf::mailbox_element& element) {
  const auto found = in_hand_.find(element.mid);
  if (found == in_hand_.end())
    return false;
  if (says_that_it_ended(element))
    return true;
  const mailbox_core::number number = found->second;
  in_hand_.erase(found);
  core_.answered(number);
  finish(number, element.move_content_to_message());
  hand_out();
  return true;
}

void mailbox_actor::give_up(const mailbox_core::given_up& what, const exit_reason& last_crash) {
  const held_message& message = held_.at(what.message);
  std::string text = "the receiver went down";
  if (what.is_poison || !what.was_in_hand)
    text += "; see dead letter " + std::to_string(file(message, what, last_crash));
  const errc code = what.was_in_hand ? errc::outcome_unknown : errc::unavailable;
  finish(what.message, caf::make_message(to_caf(error{code, std::move(text)})));
}

void mailbox_actor::finish(mailbox_core::number number, caf::message answer) {
  auto finished = held_.extract(number);
  slot_->set_kept(held_.size());
  finished.mapped().sender.deliver(std::move(answer));
}

std::uint64_t mailbox_actor::file(const held_message& message, const mailbox_core::given_up& what,
                                  const exit_reason& last_crash) {
  return link().tree->dead_letters->add(
      {.path = path(),
       .cause = what.is_poison ? dead_letter_cause::poison : dead_letter_cause::undelivered,
       .at = std::chrono::system_clock::now(),
       .crashes = what.crashes,
       .last_crash = last_crash,
       .body = message.body});
}

} // namespace ducat::supervision
