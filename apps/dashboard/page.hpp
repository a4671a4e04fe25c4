/// The page that a node serves of itself, as it is compiled into the program.
#pragma once

#include "api/web_file.hpp"

#include <span>

namespace ducat::dashboard {

/// Returns its files; none if the program was built without it.
std::span<const api::web_file> page() noexcept;

} // namespace ducat::dashboard
