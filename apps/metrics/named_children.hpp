/// Which children of a tree are there by its spec.
#pragma once

#include "metrics/node_figures.hpp"

#include <ducat/v1/node.pb.h>

#include <set>
#include <string>

namespace ducat::metrics {

/// Returns the paths of all that the spec names: children, a pool's workers and its router. Those
/// under simple_one_for_one are not named. Pure.
std::set<std::string> named_children(const v1::SupervisorSpec& root);

/// Returns the paths of those that were named when the node started: what is added while it runs
/// comes and goes. If the node did not say which they are, those of the spec it told. Pure.
std::set<std::string> named_in(const node_figures& of);

} // namespace ducat::metrics
