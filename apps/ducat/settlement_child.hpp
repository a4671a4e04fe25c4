/// The children of a payment node that settle, and watch exceptions.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ducat {
class node;
}

namespace ducat::cli {

/// Where settlement runs and exceptions are watched, and where files go.
struct settling_place {
  std::filesystem::path files{};    ///< Empty: none are written.
  std::string order{};              ///< Name of the message that orders payouts.
  std::vector<std::string> nodes{}; ///< An exclusive group of these settles. None: every node of
                                    ///< which `is_here` says so.
  std::function<bool()> is_here{};  ///< And exceptions are watched there. Default: always.
};

child_spec settlement_child(const settling_place& place, const handle& ledger);

/// The child that watches exceptions of reconciliation. `node` must outlive it.
child_spec exceptions_child(const settling_place& place, const handle& ledger, node& node);

} // namespace ducat::cli
