#include "bench/process_memory.hpp"

#include <fstream>
#include <string>

namespace ducat::bench {

namespace {

/// Returns the value of a line such as "VmHWM:  123 kB" in bytes; 0 if it is another line.
std::uint64_t bytes_in(const std::string& line, const std::string& name) {
  constexpr std::uint64_t kilo = 1'024;
  return line.starts_with(name) ? std::stoull(line.substr(name.size())) * kilo : 0;
}

} // namespace

memory_figures memory_now() {
  memory_figures now;
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);) {
    now.resident += bytes_in(line, "VmRSS:");
    now.peak += bytes_in(line, "VmHWM:");
  }
  return now;
}

void forget_peak() {
  std::ofstream{"/proc/self/clear_refs"} << "5"; // proc(5): resets VmHWM.
}

} // namespace ducat::bench
