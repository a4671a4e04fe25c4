#include "supervision/event_log.hpp"

#include "supervision/directory_writer.hpp"
#include "supervision/log.hpp"

namespace ducat::supervision {

namespace {

void log_started(const supervision_event& what, directory_writer& directory) {
  const child_status status = directory.status(what.path);
  if (status.restarts == 0)
    return logger()->info("child_started path={} incarnation={}", what.path, what.incarnation);
  const auto level = is_normal_end(status.last_exit) ? spdlog::level::info : spdlog::level::warn;
  logger()->log(level, "child_restarted path={} incarnation={} reason=\"{}\" restarts={}/{}",
                what.path, what.incarnation, to_string(status.last_exit), what.restarts,
                what.restarts_max);
}

void log_down(const supervision_event& what) {
  const auto level = is_normal_end(what.reason) ? spdlog::level::debug : spdlog::level::warn;
  logger()->log(level, "child_down path={} incarnation={} reason=\"{}\"", what.path,
                what.incarnation, to_string(what.reason));
}

} // namespace

void log_event(const supervision_event& what, directory_writer& directory) {
  using kind = supervision_event::kind;
  switch (what.what) {
  case kind::started:
    return log_started(what, directory);
  case kind::start_failed:
    return logger()->warn("child_start_failed path={} incarnation={} reason=\"{}\"", what.path,
                          what.incarnation, to_string(what.reason));
  case kind::down:
    return log_down(what);
  case kind::restart:
    return logger()->debug("child_restarting path={} restarts={}/{}", what.path, what.restarts,
                           what.restarts_max);
  case kind::give_up:
    return logger()->error("supervisor_gave_up path={} restarts={}/{}", what.path, what.restarts,
                           what.restarts_max);
  case kind::removed:
    return logger()->debug("child_removed path={}", what.path);
  case kind::zombie:
    return logger()->error("child_is_a_zombie path={} incarnation={} reason=\"{}\"", what.path,
                           what.incarnation, to_string(what.reason));
  case kind::zombie_ended:
    return logger()->warn("zombie_ended path={} incarnation={}", what.path, what.incarnation);
  case kind::auto_shutdown:
    return logger()->info("supervisor_auto_shutdown path={}", what.path);
  case kind::ignored:
    return logger()->info("child_ignored path={} incarnation={}", what.path, what.incarnation);
  }
}

} // namespace ducat::supervision
