/// An actor that asks one question.
#pragma once

#include <ducat/error.hpp>

#include <caf/fwd.hpp>
#include <caf/message.hpp>

#include <memory>
#include <optional>

namespace ducat::testing {

/// What has been answered; empty as long as nothing has.
using pending_answer = std::shared_ptr<std::optional<result<caf::message>>>;

/// Asks `to`; the answer is there once somebody has run the system.
pending_answer ask_for_message(caf::actor_system& system, const caf::actor& to,
                               caf::message request);

} // namespace ducat::testing
