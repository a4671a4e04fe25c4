/// Breaks bytes so that nobody can take them for a message. Pure.
#pragma once

#include "fault_rule.hpp"

#include <ducat/iso8583/dialect.hpp>

#include <string>

namespace ducat::acquirer {

/// Changes `frame`, which is one message with its length header, and not its size. With `bitmap` or
/// `field` it cannot be decoded after it; with `length` it is never complete; with `stan` nothing
/// is changed. An empty frame stays.
void garble(const iso8583::dialect& with, garbling how, std::string& frame);

} // namespace ducat::acquirer
