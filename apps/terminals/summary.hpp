/// What a run of terminals prints at its end.
#pragma once

#include "driver.hpp"

#include <string>

namespace ducat::terminals {

/// Returns lines for people.
std::string summary_text(const drive_report& of);

/// Returns one JSON object.
std::string summary_json(const drive_report& of);

} // namespace ducat::terminals
