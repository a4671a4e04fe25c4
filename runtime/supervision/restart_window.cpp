#include "supervision/restart_window.hpp"

namespace ducat {

bool restart_window::record(time_point now) {
  while (!log_.empty() && log_.front() < now - window_)
    log_.pop_front();
  log_.push_back(now);
  return log_.size() <= restarts_max_;
}

} // namespace ducat
