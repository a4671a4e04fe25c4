/// What a guardian decides. It has no processes and no clock: events go in, actions come out.
#pragma once

#include "guardian/crash_report.hpp"
#include "guardian/guardian_limits.hpp"
#include "guardian/process_end.hpp"
#include "supervision/restart_window.hpp"

#include <ducat/time.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ducat::guardian {

// What has happened.
struct beat {}; ///< The runtime lives, and its scheduler moves.

struct became_ready {}; ///< The runtime has printed its ready line.

struct tick {}; ///< The time of guardian_core::alarm() has come.

struct stop_requested {}; ///< SIGTERM or SIGINT.

struct runtime_ended {
  exit_status how;
};

struct start_failed {
  std::string why;
};

using event = std::variant<beat, became_ready, tick, stop_requested, crash_report, runtime_ended,
                           start_failed>;

// What to do about it.
struct start_runtime {
  std::string last_end; ///< How the one before ended; empty of the first.
};

struct send_signal {
  int number; ///< To the runtime.
};

struct notify_manager {
  std::string state; ///< As sd_notify() takes it.
};

struct write_log {
  enum class level : std::uint8_t { info, warn, error } how;
  std::string line;
};

struct end_guardian {
  int exit_code;
  std::string why; ///< For standard error; empty: the runtime has said it.
};

using action = std::variant<start_runtime, send_signal, notify_manager, write_log, end_guardian>;

/// Returns "start", "signal SIGABRT", "notify READY=1", "warn runtime_ended ...", "end 70 ...".
std::string to_string(const action& what);

/// One runtime and its restarts. Ends that a restart does not mend end the guardian too: an orderly
/// one (exit code 0) and those that ask for an operator (see exit_code.hpp).
class guardian_core {
public:
  explicit guardian_core(const guardian_limits& limits);

  /// To be called once, before handle().
  std::vector<action> begin(time_point now);

  /// `now` never goes back. After end_guardian nothing is done any more.
  std::vector<action> handle(const event& what, time_point now);

  /// Returns when it needs a tick, unless something else happens before; nothing if it does not.
  std::optional<time_point> alarm() const noexcept { return alarm_; }

private:
  enum class phase : std::uint8_t {
    running,  ///< alarm_: it hangs if there is no beat before.
    hung,     ///< SIGABRT was sent. alarm_: SIGKILL.
    waiting,  ///< There is no runtime. alarm_: start it.
    stopping, ///< SIGTERM was sent. alarm_: SIGKILL.
    over,
  };

  void on(const beat&, time_point now);
  void on(const became_ready&, time_point now);
  void on(const tick&, time_point now);
  void on(const stop_requested&, time_point now);
  void on(const crash_report& report, time_point now);
  void on(const runtime_ended& what, time_point now);
  void on(const start_failed& what, time_point now);

  void start(time_point now);
  void abort_hung(time_point now);
  void kill();
  void lost(const std::string& how, time_point now);
  void wait_and_restart(time_point now);
  void give_up();
  void end(int exit_code, std::string why);
  std::string budget() const;
  std::string status() const;

  const guardian_limits limits_;
  restart_window window_;
  phase phase_ = phase::waiting;
  std::optional<time_point> alarm_;
  time_point started_{};
  std::uint32_t waits_ = 0;            ///< In a row, without a life that lasted.
  std::uint64_t restarts_ = 0;         ///< In all.
  std::optional<crash_report> report_; ///< Of this runtime.
  std::deque<std::string> ends_;       ///< The last ones, oldest first.
  std::vector<action> actions_;        ///< Of the event in hand.
};

} // namespace ducat::guardian
