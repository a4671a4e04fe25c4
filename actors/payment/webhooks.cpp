/// Webhooks in the payment machine: the endpoints stand in the log, and what was delivered to them.

#include "payment/endpoint_book.hpp"
#include "payment/view.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/v1/machine.pb.h>

#include <utility>

namespace ducat::payment {

/// Returns the id of the endpoint that the command is about; nullptr if it is about none.
const std::string* machine::webhook_of(const v1::Command& command) {
  switch (command.kind_case()) {
  case v1::Command::kPutEndpoint:
    return &command.put_endpoint().id();
  case v1::Command::kRemoveEndpoint:
    return &command.remove_endpoint().id();
  case v1::Command::kNoteDeliveries:
    return &command.note_deliveries().endpoint_id();
  case v1::Command::kReplayEvents:
    return &command.replay_events().endpoint_id();
  default:
    return nullptr;
  }
}

machine::decision machine::check_webhook(const v1::Command& command) const {
  refusal why = refusal::none;
  bool changes_nothing = false;
  switch (command.kind_case()) {
  case v1::Command::kPutEndpoint:
    why = endpoints_->check(command.put_endpoint());
    changes_nothing = why == refusal::none && endpoints_->changes_nothing(command.put_endpoint());
    break;
  case v1::Command::kRemoveEndpoint:
    why = endpoints_->check(command.remove_endpoint());
    break;
  case v1::Command::kNoteDeliveries:
    why = endpoints_->check(command.note_deliveries());
    break;
  case v1::Command::kReplayEvents:
    why = endpoints_->check(command.replay_events());
    changes_nothing = why == refusal::none && endpoints_->changes_nothing(command.replay_events());
    break;
  default:
    why = refusal::command_malformed;
  }
  if (why != refusal::none)
    return refuse(why, why == refusal::webhook_url_invalid  ? "url"
                       : why == refusal::event_type_unknown ? "types"
                                                            : "id");
  return changes_nothing ? decision{.what = decision::kind::replay} : decision{};
}

v1::Outcome machine::apply_webhook(const proposal& where, const v1::Command& command) {
  const std::string id = *webhook_of(command);
  if (command.has_put_endpoint())
    endpoints_->apply(where.index, where.at, command.put_endpoint());
  else if (command.has_remove_endpoint())
    endpoints_->apply(command.remove_endpoint());
  else if (command.has_note_deliveries())
    endpoints_->apply(command.note_deliveries());
  else
    endpoints_->apply(command.replay_events());
  v1::Outcome out = webhook_outcome(id);
  out.set_index(where.index);
  return out;
}

/// Returns the endpoint as it is now; an empty list if it is there no more.
v1::Outcome machine::webhook_outcome(const std::string& endpoint) const {
  v1::Outcome out;
  auto& reply = *out.mutable_webhooks();
  if (const endpoint_record* found = endpoints_->find(endpoint))
    *reply.add_data() = view_of(*found);
  return out;
}

v1::Outcome machine::ask_webhooks(const v1::Question& question) const {
  v1::Outcome out;
  if (question.has_deliveries()) {
    const endpoint_record* found = endpoints_->find(question.deliveries().id());
    if (found == nullptr)
      return refused(refusal::webhook_not_found, "id");
    *out.mutable_deliveries() = deliveries_of(*found);
    return out;
  }
  if (question.has_endpoints()) {
    auto& reply = *out.mutable_endpoints();
    for (v1::StoredEndpoint& each : endpoints_->stored()) {
      each.clear_dead(); // Nobody delivers those, and there may be many.
      *reply.add_data() = std::move(each);
    }
    return out;
  }
  auto& reply = *out.mutable_webhooks();
  for (const auto& [id, each] : endpoints_->all())
    *reply.add_data() = view_of(each);
  return out;
}

} // namespace ducat::payment
