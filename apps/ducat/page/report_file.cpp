#include "page/report_file.hpp"

#include <utility>

namespace ducat::cli {

report_file::report_file(std::string name) : name_{std::move(name)} {
  if (!name_.empty())
    file_.open(name_, std::ios::binary | std::ios::trunc);
}

bool report_file::write(const std::string& text) {
  if (!name_.empty())
    file_ << text << std::flush;
  return is_good();
}

} // namespace ducat::cli
