#include "bench/disk_writes.hpp"

#include <fstream>
#include <string>

namespace ducat::bench {

std::uint64_t bytes_to_disk() {
  std::ifstream io{"/proc/self/io"};
  std::string name;
  for (std::uint64_t value = 0; io >> name >> value;)
    if (name == "write_bytes:")
      return value;
  return 0;
}

} // namespace ducat::bench
