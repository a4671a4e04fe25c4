/// Who holds a certificate: a node or a client of a cluster, as a URI in the certificate says.
#pragma once

#include <ducat/error.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace ducat::security {

/// What the holder of a certificate may be.
enum class role : std::uint8_t {
  node,   ///< A member of the cluster: serves, and calls the others.
  client, ///< Only calls.
};

/// Returns "node" or "client".
std::string_view to_string(role kind) noexcept;

/// Invariant of an identity that was parsed: is_name(cluster) and is_name(name).
struct identity {
  std::string cluster;
  role kind = role::node;
  std::string name; ///< The id of a node, or the name of a client.

  friend bool operator==(const identity&, const identity&) = default;
};

/// Prints the URI.
std::ostream& operator<<(std::ostream& out, const identity& who);

/// Returns whether a cluster, a node or a client may be called so: 1 to 64 of a-z A-Z 0-9 . _ -
bool is_name(std::string_view name) noexcept;

/// Returns the identity as it stands in a certificate: ducat://CLUSTER/node/ID or
/// ducat://CLUSTER/client/NAME.
std::string uri_of(const identity& who);

/// Returns the identity that `uri` names, which is exactly what uri_of() makes: nothing is decoded,
/// trimmed or folded to lower case. Errors: invalid_argument.
result<identity> parse_identity(std::string_view uri);

} // namespace ducat::security
