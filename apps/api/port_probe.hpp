/// Why an address could not be listened on, for libraries that do not tell.
#pragma once

#include "api/listen_address.hpp"

namespace ducat::api {

/// Returns in_use if another program listens at `address`, else io, naming the address. Tries to
/// bind the address to find out.
error why_not_listening(const listen_address& address);

} // namespace ducat::api
