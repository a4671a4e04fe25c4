#include <ducat/log_probe.hpp>

namespace ducat {

log_probe& probe_of_log() noexcept {
  static log_probe probe;
  return probe;
}

} // namespace ducat
