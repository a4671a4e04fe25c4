/// Which children of a tree are there by its spec.
#pragma once

#include <ducat/v1/node.pb.h>

#include <set>
#include <string>

namespace ducat::metrics {

/// Returns the paths of all that the spec names: children, a pool's workers and its router. Those
/// under simple_one_for_one are not named. Pure.
std::set<std::string> named_children(const v1::SupervisorSpec& root);

} // namespace ducat::metrics
