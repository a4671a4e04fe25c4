#include "api/dead_letter_calls.hpp"

#include <ducat/dead_letters.hpp>
#include <ducat/router.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>

#include <algorithm>
#include <utility>

namespace ducat::api {

namespace {

constexpr std::chrono::milliseconds margin{200}; // To tell of the outcome before the deadline.

v1::DeadLetter shown(const dead_letter& letter) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::milliseconds>(letter.at.time_since_epoch());
  v1::DeadLetter row;
  row.set_id(letter.id);
  row.set_path(letter.path);
  row.set_cause(std::string{to_string(letter.cause)});
  row.set_at_ms(static_cast<std::uint64_t>(since_epoch.count()));
  row.set_crashes(letter.crashes);
  if (letter.crashes > 0)
    row.set_last_crash(to_string(letter.last_crash));
  row.set_text(letter.text);
  row.set_key(letter.key);
  return row;
}

bool is_pool(const node& node, const std::string& path) {
  return std::ranges::any_of(node.tree(), [&](const child_status& each) {
    return each.what == child_status::role::router && each.path == path + "/router";
  });
}

/// Returns whether the message had no effect, and may have one later.
bool is_undone(errc code) {
  return code == errc::overloaded || code == errc::unavailable || code == errc::deadline_exceeded;
}

v1::RetryDeadLetterReply refused(const error& why) {
  v1::RetryDeadLetterReply reply;
  reply.set_outcome(why.code == errc::outcome_unknown ? "unknown" : "refused");
  reply.set_detail(to_string(why));
  reply.set_kept(is_undone(why.code));
  return reply;
}

v1::RetryDeadLetterReply outcome_of(const caf::message& response) {
  if (response.match_elements<caf::error>())
    return refused(ducat::error_of(response.get_as<caf::error>(0)));
  v1::RetryDeadLetterReply reply;
  reply.set_outcome("answered");
  reply.set_detail(caf::to_string(response));
  return reply;
}

/// Sends one letter and lives until it is answered, whatever the type of the answer.
class retrier final : public caf::event_based_actor {
public:
  struct order {
    caf::actor to;
    caf::message request;
    time_point deadline;
    dead_letter letter;
    dead_letters& letters;
    answer_once<v1::RetryDeadLetterReply> answer;
  };

  retrier(caf::actor_config& config, order what)
      : caf::event_based_actor{config}, order_{std::move(what)} {}

  caf::behavior make_behavior() override {
    const caf::message_id id = new_request_id(caf::message_priority::normal);
    clock().set_request_timeout(order_.deadline, this, id.response_id());
    std::exchange(order_.to, {})->enqueue(ctrl(), id, std::exchange(order_.request, {}), context());
    return {[](caf::unit_t) {}};
  }

  using caf::event_based_actor::consume;

  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    if (!element.mid.is_response())
      return caf::event_based_actor::consume(element);
    v1::RetryDeadLetterReply reply = outcome_of(element.move_content_to_message());
    if (reply.kept())
      order_.letters.put_back(std::move(order_.letter));
    order_.answer(std::move(reply));
    quit();
    return caf::invoke_message_result::consumed;
  }

private:
  order order_;
};

} // namespace

v1::ListDeadLettersReply list_dead_letters(const node& node) {
  const dead_letters& letters = node.dead_letters();
  v1::ListDeadLettersReply reply;
  for (const dead_letter& each : letters.list())
    *reply.add_letters() = shown(each);
  reply.set_poison(letters.count(dead_letter_cause::poison));
  reply.set_undelivered(letters.count(dead_letter_cause::undelivered));
  reply.set_forgotten(letters.forgotten());
  return reply;
}

result<v1::DeadLetter> find_dead_letter(const node& node, std::uint64_t id) {
  const auto found = node.dead_letters().find(id);
  if (!found)
    return fail(errc::not_found, "there is no dead letter " + std::to_string(id));
  return shown(*found);
}

result<v1::DiscardDeadLetterReply> discard_dead_letter(const node& node, std::uint64_t id) {
  return node.dead_letters().take(id).map(
      [](const dead_letter&) { return v1::DiscardDeadLetterReply{}; });
}

void retry_dead_letter(const node& node, std::uint64_t id, time_point deadline,
                       const answer_once<v1::RetryDeadLetterReply>& answer) {
  auto letter = node.dead_letters().take(id);
  if (!letter)
    return answer(tl::unexpected(error_of(letter.error())));
  const caf::actor to = node.find(letter->path).current();
  if (!to) {
    const std::string path = letter->path;
    node.dead_letters().put_back(std::move(*letter));
    return answer(refused({errc::unavailable, path + " is not running"}));
  }
  const time_point until = deadline - margin;
  caf::message request = letter->body;
  if (is_pool(node, letter->path))
    request =
        caf::make_message(routed{.deadline = until, .body = letter->body, .key = letter->key});
  node.system().spawn<retrier>(retrier::order{.to = to,
                                              .request = std::move(request),
                                              .deadline = until,
                                              .letter = std::move(*letter),
                                              .letters = node.dead_letters(),
                                              .answer = answer});
  leave_actor_system();
}

} // namespace ducat::api
