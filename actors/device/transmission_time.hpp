/// When a message of network management was sent.
#pragma once

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/message.hpp>

#include <chrono>
#include <string>

namespace ducat::device {

/// Returns `at` as field 7, MMDDhhmmss in UTC.
std::string transmission_time(std::chrono::sys_seconds at);

/// Sets field 7, unless the message has it or the dialect has it not.
void stamp(iso8583::message& what, const iso8583::dialect& with, std::chrono::sys_seconds at);

} // namespace ducat::device
