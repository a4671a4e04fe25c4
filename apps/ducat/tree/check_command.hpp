/// `ducat tree check`: a supervision tree through the linter. Each prints what was found.
#pragma once

#include "client/session.hpp"

#include <string>

namespace ducat::cli {

/// Checks the tree in `file`. Returns done if there is no warning, failed if there is one, usage if
/// the file cannot be read, is no tree, or is one that cannot be started.
exit_code check_tree_file(const std::string& file, const console& io);

/// Checks the tree that the node runs. Returns done or failed as above; failed if the node does not
/// tell its tree in words that are known here; else why it did not answer.
exit_code check_tree_of_node(const session& with);

} // namespace ducat::cli
