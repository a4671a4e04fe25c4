/// `ducat up`: a whole cluster on one machine, in the foreground.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace ducat::cli {

struct up_arguments {
  std::uint32_t nodes = 0; ///< 0: as many as there are in the directory, or 3.
  std::string directory = "ducat-cluster";
  std::uint16_t base_port = 7410; ///< Of a new directory; 0: free ports.
  std::string payments = "own";   ///< Of a new directory: "own", or a redundancy_mode.
  bool allow_faults = false;
  std::string alerts_to{}; ///< A URL where nodes post alerts; empty: nowhere.
  std::string traces_to{}; ///< A URL where nodes post spans; empty: nowhere.
  bool quiet = false;      ///< Only the files in logs/ get what the processes say.
};

/// Makes certificates and configurations if the directory is new, starts etcd members and nodes,
/// shows what they say, starts again what ends, and stops everything at SIGTERM or SIGINT. The next
/// time it goes on with the same data. `program` is the program `ducat`. Returns the exit code.
int run_up(const up_arguments& arguments, const std::filesystem::path& program, std::ostream& out,
           std::ostream& err);

} // namespace ducat::cli
