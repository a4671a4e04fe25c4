/// A file that gets what a run has shown.
#pragma once

#include <fstream>
#include <string>

namespace ducat::cli {

/// It is opened before the run, which may take hours, and written after it.
class report_file {
public:
  /// An empty name: none is wanted, and all is well.
  explicit report_file(std::string name);

  const std::string& name() const noexcept { return name_; }

  /// Returns whether all has gone well so far.
  bool is_good() const noexcept { return name_.empty() || file_.good(); }

  /// Returns is_good().
  bool write(const std::string& text);

private:
  std::string name_;
  std::ofstream file_;
};

} // namespace ducat::cli
