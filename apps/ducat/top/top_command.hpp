/// `ducat top`: a node's children and its payments, again and again.
#pragma once

#include "client/session.hpp"
#include "top/top_view.hpp"

namespace ducat::cli {

struct top_options {
  top_order order = top_order::restarts;
  double every_s = 2;
  bool once = false;
};

/// Shows a node's state, on a terminal on one screen, else one after the other; as JSON an object
/// {"status", "tree", "nodes"} a line. Goes on while the node does not answer, until Ctrl-C. Once:
/// returns the exit code of a command that asks.
exit_code top_command(const session& with, const top_options& options);

} // namespace ducat::cli
