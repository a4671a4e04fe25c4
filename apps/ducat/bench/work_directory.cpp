#include "bench/work_directory.hpp"

#include <stdlib.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace ducat::bench {

result<std::unique_ptr<work_directory>> work_directory::make(const std::filesystem::path& where) {
  const auto parent = where.empty() ? std::filesystem::temp_directory_path() : where;
  std::error_code ignored;
  std::filesystem::create_directories(parent, ignored); // If it cannot be, mkdtemp says so.
  std::string pattern = std::filesystem::absolute(parent) / "ducat-bench-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    return fail(errc::io, "cannot make a folder in " + parent.string() + ": " +
                              std::generic_category().message(errno));
  return std::unique_ptr<work_directory>{new work_directory{pattern}};
}

work_directory::~work_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace ducat::bench
