/// The tree of a node, as it tells it.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/v1/node.pb.h>

namespace ducat::cli {

/// Returns the tree that `reply` tells; the starts of its workers start nothing.
/// Errors: invalid_argument (no spec, a word that is not known here, or a tree that check()
/// refuses: the node is of another version).
result<supervisor_spec> tree_of(const v1::TreeReply& reply);

} // namespace ducat::cli
