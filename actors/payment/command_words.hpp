/// How people are told of a command: in the audit, and of what waits for a second person. Pure.
#pragma once

#include <string>

namespace ducat::v1 {
class Command;
}

namespace ducat::payment {

/// Returns what it does: decide_payment, settlement.merchant.
std::string action_of(const v1::Command& command);

/// Returns what names the thing that it is about, where one thing is named; else nothing.
std::string target_of(const v1::Command& command);

/// Returns why, in the words of whoever asks; empty if they say nothing.
std::string detail_of(const v1::Command& command);

/// Returns all of it as JSON, but for who asks. What needs two persons has no secrets.
std::string content_of(const v1::Command& command);

} // namespace ducat::payment
