/// The child of a payment node that settles.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ducat::cli {

/// Where settlement runs, and where its files go.
struct settling_place {
  std::filesystem::path files{};        ///< Empty: none are written.
  std::vector<std::string> nodes{};     ///< An exclusive group of these; none: every node,
  std::function<bool()> settles_here{}; ///< if this says so. Default: always.
};

child_spec settlement_child(const settling_place& place, const handle& ledger);

} // namespace ducat::cli
