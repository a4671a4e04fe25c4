/// The node's own balances against what the log adds up to.
#pragma once

#include "check/books.hpp"

#include <ducat/v1/account.pb.h>

#include <string>
#include <vector>

namespace ducat::cli {

/// Returns a sentence for each account that the node holds otherwise than the checker computed it
/// from the log, or that only one of them has. Both are in order of opening. Pure.
std::vector<std::string> differing_balances(const std::vector<v1::Account>& node,
                                            const std::vector<checked_account>& log);

} // namespace ducat::cli
