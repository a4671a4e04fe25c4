/// What makes a port one for other machines: TLS, and whoever calls says who that is.
#pragma once

#include "access/gatekeeper.hpp"

#include <ducat/certificates.hpp>

#include <chrono>
#include <memory>

namespace ducat::api {

/// Of a port.
struct guard {
  security::credentials tls{};                  ///< Its own, and the CA of those who call.
  std::shared_ptr<access::gatekeeper> keeper{}; ///< Never null.
  /// How long a connection lasts: certificates end, and are not looked at again within one.
  std::chrono::milliseconds time_max = std::chrono::minutes{10};
};

} // namespace ducat::api
