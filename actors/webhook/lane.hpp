/// An endpoint as the actor that delivers sees it.
#pragma once

#include "webhook/delivery_core.hpp"
#include "webhook/http_post.hpp"
#include "webhook/secret.hpp"

#include <ducat/v1/journal.pb.h>
#include <ducat/v1/state.pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ducat::webhook {

/// One endpoint at one revision.
struct lane {
  lane(const v1::StoredEndpoint& endpoint, delivery_rules rules);

  v1::StoredEndpoint facts; ///< Without secrets, and without what `core` has.
  std::vector<secret> secrets;
  payment::webhook_url url;
  delivery_core core;
  std::uint64_t looked_for = 0; ///< The newest entry with an event when there were no more.
  bool may_have_more = true;
  bool is_listing = false;
  bool is_noting = false;
  bool from_oldest = false; ///< What was next is not kept any more.
};

/// Returns the POST of an event that is under way, signed with every secret that is good at `now`.
post_request request_of(const lane& to, const event_place& event, log_time now);

/// Returns the command that writes the batch into the log.
v1::Command command_of(const std::string& endpoint_id, const note_batch& batch);

} // namespace ducat::webhook
