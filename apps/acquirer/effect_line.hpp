/// An effect as a line of the journal: a JSON object, and its checksum.
#pragma once

#include "effect.hpp"

#include <ducat/error.hpp>

#include <string>
#include <string_view>

namespace ducat::acquirer {

/// Returns the line, without its end. The last member, "check", is XXH3-64 of the object without
/// it, as 16 hexadecimal digits.
std::string line_of(const effect& what);

/// Returns the effect on a line that line_of() wrote. Errors: corrupt (any other line).
result<effect> parse_line(std::string_view line);

} // namespace ducat::acquirer
