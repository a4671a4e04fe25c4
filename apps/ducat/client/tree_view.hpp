/// The supervision tree, for people.
#pragma once

#include "client/console.hpp"

#include <ducat/v1/node.pb.h>

namespace ducat::cli {

/// Returns how a child's state is painted.
colour colour_of_state(const std::string& child_state);

/// Prints one line per child, indented by its depth below the first one.
void print_tree(const console& io, const v1::TreeReply& tree);

} // namespace ducat::cli
