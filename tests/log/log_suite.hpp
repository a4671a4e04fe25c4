/// The kinds of log that log_suite.cpp tests: each program that has it says which.
#pragma once

#include "log/log_helpers.hpp"

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace ducat::testing {

/// Where one log is kept.
class log_home {
public:
  log_home() = default;
  log_home(const log_home&) = delete;
  log_home& operator=(const log_home&) = delete;
  virtual ~log_home() = default;

  /// Opens the log, as another life would: none that was opened before is used any more.
  virtual std::unique_ptr<log> open() = 0;
};

struct log_kind {
  std::string name;
  std::function<std::unique_ptr<log_home>()> make;
};

inline std::ostream& operator<<(std::ostream& out, const log_kind& kind) {
  return out << kind.name;
}

/// Defined by the program.
std::vector<log_kind> log_kinds();

} // namespace ducat::testing
