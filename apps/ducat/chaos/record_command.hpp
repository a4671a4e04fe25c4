/// `ducat chaos record`: what was done by hand, as a schedule.
#pragma once

#include "client/console.hpp"
#include "exit_code.hpp"

#include <string>
#include <vector>

namespace ducat::cli {

struct chaos_record_arguments {
  std::vector<std::string> files{}; ///< Logs of nodes, called NODE.log, and reports, *.json.
  std::string out{};                ///< Empty: standard output.
};

/// Makes one schedule of all files, with the times of the first one; reports have times of their
/// own, and are not mixed with logs. Returns usage if a file cannot be read or nothing was done.
exit_code record_faults(const chaos_record_arguments& arguments, const console& io);

} // namespace ducat::cli
