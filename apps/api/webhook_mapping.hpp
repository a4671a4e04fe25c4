/// What requests about webhooks ask of the machine. Pure but for the randomness of ids and secrets.
#pragma once

#include "api/errors.hpp"

#include <ducat/v1/journal.pb.h>
#include <ducat/v1/webhook.pb.h>

#include <string>

namespace ducat::api {

/// Returns a secret that nobody can guess.
std::string fresh_secret();

/// Returns an id for a webhook whose creator has none.
std::string fresh_webhook_id();

/// `secret` is the new endpoint's.
v1::Command command_of(const v1::CreateWebhookRequest& request, const std::string& secret);

/// `secret` is only used by a rotation; `now` is the webhook as it is. Errors: change_unknown.
checked<v1::Command> command_of(const v1::ChangeWebhookRequest& request, const v1::Webhook& now,
                                const std::string& secret);

/// Errors: replay_ambiguous (not exactly one of the three), event_not_found (it is no event's id).
checked<v1::Command> command_of(const v1::ReplayWebhookRequest& request);

} // namespace ducat::api
