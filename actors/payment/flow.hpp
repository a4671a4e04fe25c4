/// What a payment actor does next: pure.
#pragma once

#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <optional>

namespace ducat::payment {

/// Returns the step that follows `done`, given its outcome; nothing when the request is finished
/// (or refused). Only a creation has steps that follow.
std::optional<v1::Command> step_after(const v1::Command& done, const v1::Outcome& outcome);

} // namespace ducat::payment
