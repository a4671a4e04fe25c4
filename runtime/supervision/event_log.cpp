#include "supervision/event_log.hpp"

#include "supervision/directory_writer.hpp"
#include "supervision/log.hpp"

namespace ducat::supervision {

namespace {

void log_started(spdlog::logger& log, const supervision_event& what, directory_writer& directory) {
  if (!log.should_log(spdlog::level::warn))
    return;
  const child_status status = directory.status(what.path);
  if (status.restarts == 0)
    return log.info("child_started path={} incarnation={}", what.path, what.incarnation);
  const auto level = is_normal_end(status.last_exit) ? spdlog::level::info : spdlog::level::warn;
  log.log(level, "child_restarted path={} incarnation={} reason=\"{}\" restarts={}/{}", what.path,
          what.incarnation, to_string(status.last_exit), what.restarts, what.restarts_max);
}

void log_down(spdlog::logger& log, const supervision_event& what) {
  const auto level = is_normal_end(what.reason) ? spdlog::level::debug : spdlog::level::warn;
  if (!log.should_log(level))
    return;
  log.log(level, "child_down path={} incarnation={} reason=\"{}\"", what.path, what.incarnation,
          to_string(what.reason));
}

} // namespace

void log_event(const supervision_event& what, directory_writer& directory) {
  using kind = supervision_event::kind;
  const auto held = logger();
  spdlog::logger& log = *held;
  switch (what.what) {
  case kind::started:
    return log_started(log, what, directory);
  case kind::start_failed:
    return log.warn("child_start_failed path={} incarnation={} reason=\"{}\"", what.path,
                    what.incarnation, to_string(what.reason));
  case kind::down:
    return log_down(log, what);
  case kind::restart:
    return log.debug("child_restarting path={} restarts={}/{}", what.path, what.restarts,
                     what.restarts_max);
  case kind::give_up:
    return log.error("supervisor_gave_up path={} restarts={}/{}", what.path, what.restarts,
                     what.restarts_max);
  case kind::removed:
    return log.debug("child_removed path={}", what.path);
  case kind::zombie:
    return log.error("child_is_a_zombie path={} incarnation={} reason=\"{}\"", what.path,
                     what.incarnation, to_string(what.reason));
  case kind::zombie_ended:
    return log.warn("zombie_ended path={} incarnation={}", what.path, what.incarnation);
  case kind::process_restarted:
    return log.warn("process_restarted reason=\"{}\"", what.reason.detail);
  case kind::auto_shutdown:
    return log.info("supervisor_auto_shutdown path={}", what.path);
  case kind::ignored:
    return log.info("child_ignored path={} incarnation={}", what.path, what.incarnation);
  }
}

} // namespace ducat::supervision
