/// What those who call a node may be.
#pragma once

#include <string>
#include <vector>

namespace ducat::cli {

/// Returns the names of the roles that whoever calls may have: all but a node's.
std::vector<std::string> roles_of_callers();

} // namespace ducat::cli
