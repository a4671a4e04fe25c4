/// What the machine is told of whoever asks.
#pragma once

#include "access/principal.hpp"

#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <optional>
#include <string>

namespace ducat::api {

/// Returns the key under which the machine knows a merchant's `key`: two merchants may use the same
/// one. What is no key stays as it is, to be refused. Pure; any thread.
std::string key_of(const std::string& merchant, const std::string& key);

/// Says in the command who has asked `node` for it, also where the request itself says who decides,
/// and makes a merchant's key its own; nothing without `who`.
void attribute(v1::Command& command, const std::optional<access::principal>& who,
               const std::string& node);

/// Says in the question who asks it; nothing without `who`.
void attribute(v1::Question& question, const std::optional<access::principal>& who);

} // namespace ducat::api
