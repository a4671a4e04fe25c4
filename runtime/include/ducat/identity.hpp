/// Who holds a certificate: a node or a client of a cluster, as a URI in the certificate says, or a
/// token.
#pragma once

#include <ducat/error.hpp>

#include <array>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace ducat::security {

/// What the holder of a certificate may be.
enum class role : std::uint8_t {
  node,      ///< A member of the cluster: serves, and calls the others.
  client,    ///< Only calls: a terminal, say. It may ask nothing of the API.
  viewer,    ///< Sees everything, changes nothing.
  merchant,  ///< Pays and is paid, with what is its own.
  operator_, ///< "operator": runs the nodes, and decides what they cannot.
  settler,   ///< Settles.
  chaos,     ///< Injects faults.
  admin,     ///< Opens accounts, and what an operator may.
};

inline constexpr std::array all_roles = {role::node,     role::client,    role::viewer,
                                         role::merchant, role::operator_, role::settler,
                                         role::chaos,    role::admin};

/// Returns its name, as an identity has it.
std::string_view to_string(role kind) noexcept;

/// Invariant of an identity that was parsed: is_name(cluster) and is_name(name).
struct identity {
  std::string cluster;
  role kind = role::node;
  std::string name; ///< The id of a node, or the name of whoever calls.

  friend bool operator==(const identity&, const identity&) = default;
};

/// Prints the URI.
std::ostream& operator<<(std::ostream& out, const identity& who);

/// Returns whether a cluster, a node or a client may be called so: 1 to 64 of a-z A-Z 0-9 . _ -
bool is_name(std::string_view name) noexcept;

/// Returns the identity as it stands in a certificate: ducat://CLUSTER/ROLE/NAME.
std::string uri_of(const identity& who);

/// Returns the identity that `uri` names, which is exactly what uri_of() makes: nothing is decoded,
/// trimmed or folded to lower case. Errors: invalid_argument.
result<identity> parse_identity(std::string_view uri);

/// Returns the role of that name. Errors: invalid_argument.
result<role> parse_role(std::string_view name);

} // namespace ducat::security
