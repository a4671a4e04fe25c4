#include "cluster/remote_child.hpp"

#include "link.pb.h"

#include <ducat/spawn.hpp>

#include <caf/actor_cast.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message_view.hpp>
#include <caf/response_promise.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include <limits>
#include <map>
#include <utility>

namespace ducat::cluster {

namespace {

namespace pb = ducat::link::v1;

/// An answer, on its way from a thread of the link to the actor.
struct answered {
  std::uint64_t number;
  result<std::string> body;
};

/// Tells the actor that it ends when it has answered all that it has.
struct rest_now {};

} // namespace
} // namespace ducat::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::cluster::answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::cluster::rest_now)

namespace ducat::cluster {

namespace {

/// Returns what the child answered.
result<caf::message> answer_of(const protocol::kind& kind, const std::string& body) {
  pb::ChildAnswer answer;
  if (!answer.ParseFromString(body) ||
      answer.error() > std::numeric_limits<std::uint8_t>::max()) // It was asked, and has acted.
    return fail(errc::outcome_unknown, "an answer from another node cannot be read");
  if (answer.error() != 0)
    return fail(static_cast<errc>(answer.error()), answer.message());
  auto made = kind.decode_answer(answer.body());
  if (!made)
    return fail(errc::outcome_unknown, made.error().message);
  return made;
}

/// One life: it ends when a request could not be brought to the child or was lost with it. The name
/// means nobody before its requests are answered, so that a router gives them to others.
class stand_in {
public:
  stand_in(caf::event_based_actor* self, std::shared_ptr<child_slot> slot,
           std::uint64_t incarnation, remote_child_options options)
      : self_{self}, slot_{std::move(slot)}, incarnation_{incarnation},
        options_{std::move(options)} {}

  caf::response_promise on_request(const caf::message& what) {
    auto caller = self_->make_response_promise();
    for (const protocol::kind& kind : options_.speaks->kinds())
      if (auto bytes = kind.encode(what)) {
        send(kind, std::move(*bytes), caller);
        return caller;
      }
    caller.deliver(to_caf({errc::invalid_argument, "such a message does not travel to a node"}));
    return caller;
  }

  void on_answer(const answered& what) {
    const auto found = asked_.find(what.number);
    if (found == asked_.end())
      return;
    if (!what.body && is_failure(what.body.error(), found->second))
      return fail_with(what.number, what.body.error());
    asked done = std::move(found->second);
    asked_.erase(found);
    auto answer =
        what.body.and_then([&](const std::string& body) { return answer_of(*done.kind, body); });
    answer ? done.caller.deliver(std::move(*answer)) : done.caller.deliver(to_caf(answer.error()));
    end_if_idle();
  }

  void rest() {
    is_resting_ = true;
    end_if_idle();
  }

  void on_end() {
    slot_->clear(incarnation_, why_);
    slot_->end(incarnation_, why_); // If it rested.
    for (auto& [number, each] : std::exchange(asked_, {}))
      each.caller.deliver(caf::make_error(caf::sec::request_receiver_down));
  }

private:
  struct asked {
    const protocol::kind* kind;
    caf::response_promise caller;
    time_point deadline;
  };

  void send(const protocol::kind& kind, protocol::outgoing what,
            const caf::response_promise& caller) {
    const std::uint64_t number = ++number_;
    asked_[number] = {.kind = &kind, .caller = caller, .deadline = what.deadline};
    const auto back = caf::actor_cast<caf::actor>(self_->address());
    options_.ask({.to = options_.path, .type = kind.type, .body = std::move(what.bytes)},
                 what.deadline, [back, number](result<std::string> body) {
                   caf::anon_send(back, answered{number, std::move(body)});
                 });
  }

  void end_if_idle() {
    if (is_resting_ && asked_.empty())
      self_->quit();
  }

  /// Returns whether the error is the way's and not due to the request.
  bool is_failure(const error& why, const asked& what) const {
    const bool is_late = self_->clock().now() >= what.deadline;
    return why.code == errc::unavailable || (why.code == errc::outcome_unknown && !is_late);
  }

  /// A request that was not delivered is given back from nobody; one that is lost is answered at
  /// the end.
  void fail_with(std::uint64_t number, const error& why) {
    why_ = {exit_kind::noconnection, why.message};
    slot_->clear(incarnation_, why_);
    if (why.code == errc::unavailable) {
      const auto caller = asked_.extract(number).mapped().caller;
      if (const auto to = caller.next())
        to->enqueue(nullptr, caller.id().response_id(), caf::make_message(to_caf(why)), nullptr);
    }
    self_->quit();
  }

  caf::event_based_actor* self_;
  std::shared_ptr<child_slot> slot_;
  const std::uint64_t incarnation_;
  remote_child_options options_;
  bool is_resting_ = false;
  exit_reason why_{exit_kind::shutdown, "the node is not asked any more"};
  std::uint64_t number_ = 0;
  std::map<std::uint64_t, asked> asked_;
};

} // namespace

remote_child::~remote_child() {
  end("this node asks no other one now");
}

void remote_child::arrange(wish wanted, caf::local_actor& by, time_point now) {
  std::erase_if(resting_, [](const auto& each) { return !caf::actor_cast<caf::actor>(each); });
  if (life_ && slot_->incarnation() != incarnation_) {
    life_ = nullptr; // It has failed.
    not_before_ = now + pause;
  }
  switch (wanted) {
  case wish::serve:
    if (!life_ && now >= not_before_)
      begin(by);
    return;
  case wish::rest:
    if (!life_)
      return;
    slot_->rest(incarnation_);
    resting_.push_back(life_.address());
    caf::anon_send(std::exchange(life_, nullptr), rest_now{});
    return;
  case wish::end:
    return end("its node cannot be reached");
  }
}

void remote_child::begin(caf::local_actor& by) {
  incarnation_ = slot_->next_incarnation();
  life_ = spawn_function(by, [slot = slot_, incarnation = incarnation_,
                              options = options_](caf::event_based_actor* self) {
    auto state = std::make_shared<stand_in>(self, slot, incarnation, options);
    self->set_default_handler(
        [state](caf::scheduled_actor*, caf::message_view& what) -> caf::result<caf::message> {
          return state->on_request(what.move_content_to_message());
        });
    self->attach_functor([state] { state->on_end(); });
    return caf::behavior{
        [state](const answered& what) { state->on_answer(what); },
        [state](rest_now) { state->rest(); },
    };
  });
  slot_->publish(life_.address(), incarnation_);
}

/// What rests has nobody any more who could answer.
void remote_child::end(const std::string& why) {
  for (const caf::actor_addr& each : std::exchange(resting_, {}))
    if (const auto alive = caf::actor_cast<caf::actor>(each))
      caf::anon_send_exit(alive, caf::exit_reason::user_shutdown);
  if (!life_)
    return;
  slot_->clear(incarnation_, {exit_kind::noconnection, why});
  caf::anon_send_exit(std::exchange(life_, nullptr), caf::exit_reason::user_shutdown);
}

result<std::string> encode(const child_reply& reply) {
  if (reply.is_lost)
    return fail(errc::outcome_unknown, reply.answer.error().message);
  pb::ChildAnswer answer;
  if (reply.answer) {
    answer.set_body(*reply.answer);
  } else {
    answer.set_error(static_cast<std::uint32_t>(reply.answer.error().code));
    answer.set_message(reply.answer.error().message);
  }
  return answer.SerializeAsString();
}

} // namespace ducat::cluster
