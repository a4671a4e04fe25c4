/// `ducat audit`: what was done to the nodes and their books, and whether a copy of that is whole.
#pragma once

#include "client/session.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ducat::cli {

struct audit_page {
  std::uint32_t limit = 0;
  std::uint64_t after = 0;
  bool all = false;
};

/// Prints a page of entries, or all from there on.
exit_code list_audit(const session& with, const audit_page& page);

/// Prints all entries, each as JSON on a line of its own: a copy that can be verified.
exit_code export_audit(const session& with);

/// Prints NUMBER/HASH of the newest entry, to be kept where whoever could change the audit cannot
/// change it.
exit_code show_audit_head(const session& with);

struct audit_verification {
  std::filesystem::path copy{};       ///< What export_audit() has printed.
  std::filesystem::path with{};       ///< Another copy, of another node or time; empty: none.
  std::vector<std::string> anchors{}; ///< What show_audit_head() has printed.
};

/// Says whether the copy is whole and as it was, and which entry is the first that is not. Returns
/// done, failed, or usage if a file or an anchor cannot be read.
exit_code verify_audit(const audit_verification& what, const console& io);

} // namespace ducat::cli
