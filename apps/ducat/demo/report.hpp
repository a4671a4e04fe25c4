/// What the demos have in common: the payments, and what is said of a run.
#pragma once

#include "check/checker.hpp"
#include "demo/demo.hpp"
#include "load/import.hpp"

#include <ducat/time.hpp>
#include <ducat/v1/account.pb.h>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace ducat::cli {

/// The blows that hit.
struct blow_counts {
  std::uint64_t crashes = 0; ///< Lives that ended by path.
  std::uint64_t points = 0;  ///< Fault points that were armed.
  std::uint64_t processes = 0;
  std::uint64_t members = 0;  ///< Of etcd.
  std::uint64_t restarts = 0; ///< By supervisors.
};

/// Returns a folder of this user under the system's temporary one.
std::filesystem::path demo_directory(const std::string& prefix);

/// Writes the payments of a demo and returns how many operations they are. Errors: io.
result<std::uint64_t> write_payments(const demo_options& options, const std::filesystem::path& to);

/// Adds a finding for each account whose balance differs from what the log adds up to.
void add_differences(const v1::ListAccountsReply& accounts, verdict& found);

void print_report(std::ostream& out, const import_summary& done, const blow_counts& blows,
                  const verdict& found);

/// A line that is drawn again while an import runs.
class progress_display {
public:
  explicit progress_display(std::ostream* on) : on_{on} {} ///< Null: nothing is drawn.

  void show(const import_summary& so_far);
  void clear();

private:
  std::ostream* on_;
  duration shown_{};
};

} // namespace ducat::cli
