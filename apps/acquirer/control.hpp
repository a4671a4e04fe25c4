/// What can be asked of an acquirer while it runs.
#pragma once

#include "host_core.hpp"

#include <string>
#include <string_view>

namespace ducat::acquirer {

/// Carries out a line: `fault add FAULT`, `fault clear`, `fault list`, `stats`, `journal [FROM]`.
/// Returns lines, each with its end; one that begins with "error: " says that nothing was done.
std::string carry_out(host_core& host, std::string_view line);

} // namespace ducat::acquirer
