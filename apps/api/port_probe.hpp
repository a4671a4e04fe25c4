/// Why an address cannot be listened on, for libraries that do not tell.
#pragma once

#include "api/listen_address.hpp"

#include <optional>

namespace ducat::api {

/// Returns why nothing can listen at `address`: in_use if another program does, else io, naming the
/// address. Nothing if it is free; binds it for a moment to find out.
std::optional<error> why_not_free(const listen_address& address);

} // namespace ducat::api
