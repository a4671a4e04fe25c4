/// Settlement in a simulated cluster: on one node at a time, in windows of a few captures.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>
#include <ducat/v1/journal.pb.h>

#include <string>
#include <vector>

namespace ducat::cli {

/// Returns the child that settles: an exclusive group of `nodes`. It cuts a window when some
/// captures are in it, whatever time it is.
child_spec simulated_settlement(const handle& ledger, const std::vector<std::string>& nodes);

/// Returns the commands that make `merchant`, whose account there is, one that is settled and has
/// to pay a fee that has to be rounded.
std::vector<v1::Command> simulated_terms(const std::string& merchant);

} // namespace ducat::cli
