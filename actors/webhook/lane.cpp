#include "webhook/lane.hpp"

#include <ducat/webhook/signature.hpp>

#include <utility>

namespace ducat::webhook {

namespace {

event_place place_in(const v1::EventPlace& stored) {
  return {stored.index(), stored.number()};
}

void set(v1::EventPlace& into, const event_place& place) {
  into.set_index(place.index);
  into.set_number(place.number);
}

standing standing_of(const v1::StoredEndpoint& facts) {
  standing found{
      .revision = facts.revision(), .cursor = place_in(facts.cursor()), .noted = facts.noted()};
  for (const v1::DeliveryNote& each : facts.open())
    found.open.push_back({.event = place_in(each.event()),
                          .attempts = each.attempts(),
                          .next_at = {each.next_at_ns()}});
  return found;
}

std::string signatures(const lane& of, const signed_content& what, log_time now) {
  std::string all;
  for (const secret& each : of.secrets) {
    if (!each.is_good_at(now))
      continue;
    all += all.empty() ? "" : " ";
    all += signature_of(what, each.reveal());
  }
  return all;
}

} // namespace

lane::lane(const v1::StoredEndpoint& endpoint, delivery_rules rules)
    : facts{endpoint}, url{payment::parse_webhook_url(endpoint.url()).value()},
      core{std::move(rules)} {
  core.begin(standing_of(facts));
  for (const v1::StoredSecret& each : facts.secrets())
    secrets.emplace_back(each.secret(), log_time{each.until_ns()});
  facts.clear_secrets();
  facts.clear_open();
  facts.clear_dead();
}

post_request request_of(const lane& to, const event_place& event, log_time now) {
  const std::string& body = to.core.event_at(event).body;
  const std::string id = payment::event_id_of(event);
  const std::uint64_t timestamp = now.nanoseconds / second_ns;
  const std::string signature =
      signatures(to, {.id = id, .timestamp_s = timestamp, .body = body}, now);
  return {.url = to.url,
          .headers = {{"webhook-id", id},
                      {"webhook-timestamp", std::to_string(timestamp)},
                      {"webhook-signature", signature}},
          .body = body};
}

v1::Command command_of(const std::string& endpoint_id, const note_batch& batch) {
  v1::Command command;
  auto& notes = *command.mutable_note_deliveries();
  notes.set_endpoint_id(endpoint_id);
  notes.set_revision(batch.revision);
  notes.set_after(batch.after);
  set(*notes.mutable_from(), batch.from);
  set(*notes.mutable_cursor(), batch.cursor);
  notes.set_disable_reason(batch.disable_reason);
  for (const delivery_note& each : batch.notes) {
    v1::DeliveryNote& note = *notes.add_notes();
    set(*note.mutable_event(), each.event);
    note.set_state(static_cast<v1::DeliveryNote::State>(each.what));
    note.set_attempts(each.attempts);
    note.set_next_at_ns(each.next_at.nanoseconds);
    note.set_status(each.status);
    note.set_problem(each.problem);
  }
  return command;
}

} // namespace ducat::webhook
