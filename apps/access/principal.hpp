/// Who makes a call, as a node has found out.
#pragma once

#include <ducat/identity.hpp>

#include <string>

namespace ducat::access {

/// Invariant: is_name(name). A merchant is the one of that name: whose accounts are its own.
struct principal {
  security::role role = security::role::client;
  std::string name{};
  bool alone = false; ///< May do alone what needs two persons: this node is configured so.

  friend bool operator==(const principal&, const principal&) = default;
};

} // namespace ducat::access
