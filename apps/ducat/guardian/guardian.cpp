#include "guardian/guardian.hpp"

#include "guardian/guardian_core.hpp"
#include "guardian/heart.hpp"
#include "guardian/runtime_process.hpp"

#include <poll.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ostream>
#include <system_error>

namespace ducat::guardian {

namespace {

time_point now() {
  return std::chrono::steady_clock::now();
}

/// The signals that are for a guardian, as something to poll. They stay blocked at the end: the
/// process ends, too.
class signal_source {
public:
  signal_source() {
    ::signal(SIGCHLD, SIG_DFL); // Ignored by who started this, no end could be waited for.
    ::signal(SIGPIPE, SIG_IGN); // A log that nobody reads is no reason to end.
    sigset_t taken;
    sigemptyset(&taken);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD})
      sigaddset(&taken, number);
    ::sigprocmask(SIG_BLOCK, &taken, &of_the_runtime_);
    for (const int number : {SIGTERM, SIGINT})
      sigaddset(&of_the_runtime_, number);
    descriptor_ = ::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0)
      throw std::system_error(errno, std::generic_category(), "signalfd");
  }

  signal_source(const signal_source&) = delete;
  signal_source& operator=(const signal_source&) = delete;

  ~signal_source() { ::close(descriptor_); }

  int descriptor() const noexcept { return descriptor_; }

  /// Returns the signals that are blocked in a new runtime: those that were blocked before, and
  /// those that tell it to stop, until it can do so in order.
  const sigset_t& of_the_runtime() const noexcept { return of_the_runtime_; }

  /// Returns the next signal that has come, or nothing.
  std::optional<int> next() const {
    signalfd_siginfo info{};
    if (::read(descriptor_, &info, sizeof(info)) != sizeof(info))
      return std::nullopt;
    return static_cast<int>(info.ssi_signo);
  }

private:
  sigset_t of_the_runtime_{};
  int descriptor_ = -1;
};

class guardian_loop {
public:
  guardian_loop(const guardian_options& options, std::ostream& err)
      : options_{options}, core_{options.limits}, err_{err},
        log_{spdlog::default_logger()->clone("guardian")} {}

  int run() {
    perform(core_.begin(now()));
    while (!exit_code_) {
      wait();
      take_signals();
      take_lines();
      take_end();
      feed(tick{});
    }
    return *exit_code_;
  }

private:
  void feed(const event& what) { perform(core_.handle(what, now())); }

  void perform(const std::vector<action>& actions) {
    for (const action& what : actions)
      std::visit([this](const auto& one) { perform_one(one); }, what);
  }

  void perform_one(const start_runtime& what) {
    auto started = runtime_process::start(
        {.words = options_.words,
         .start = {.last_end = what.last_end, .not_ready_since = not_ready_since_},
         .signals = signals_.of_the_runtime()});
    if (!started)
      return feed(start_failed{to_string(started.error())});
    runtime_.emplace(std::move(*started));
    log_->info("runtime_started pid={}", runtime_->pid());
  }

  void perform_one(const send_signal& what) {
    if (runtime_)
      runtime_->signal(what.number);
  }

  void perform_one(const notify_manager& what) { ::sd_notify(0, what.state.c_str()); }

  void perform_one(const write_log& what) {
    constexpr std::array levels{spdlog::level::info, spdlog::level::warn, spdlog::level::err};
    log_->log(levels.at(static_cast<std::size_t>(what.how)), what.line);
  }

  void perform_one(const end_guardian& what) {
    if (!what.why.empty())
      err_ << "ducat: " << what.why << std::endl;
    exit_code_ = what.exit_code;
  }

  /// Returns when something may have happened, at the latest when the core wants a tick.
  void wait() const {
    std::array<pollfd, 2> sources{
        pollfd{.fd = signals_.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = runtime_ ? runtime_->reports() : -1, .events = POLLIN, .revents = 0}};
    std::chrono::milliseconds timeout{-1};
    if (const auto alarm = core_.alarm())
      timeout = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*alarm - now()),
                           std::chrono::milliseconds{0}, std::chrono::milliseconds{3'600'000});
    ::poll(sources.data(), sources.size(), static_cast<int>(timeout.count()));
  }

  void take_signals() {
    while (const auto number = signals_.next())
      if (*number == SIGTERM || *number == SIGINT)
        feed(stop_requested{});
  }

  void take_lines() {
    if (!runtime_)
      return;
    for (const std::string& line : runtime_->read_lines())
      take(line);
  }

  void take(const std::string& line) {
    if (line == beat_line)
      feed(beat{});
    else if (line == ready_line)
      take_readiness();
    else if (const auto report = parse_crash_report(line))
      feed(*report);
  }

  void take_readiness() {
    not_ready_since_.reset();
    feed(became_ready{});
  }

  /// What it has said before its end comes first.
  void take_end() {
    const auto status = runtime_ ? runtime_->reap() : std::nullopt;
    if (!status)
      return;
    take_lines();
    runtime_.reset();
    if (!not_ready_since_)
      not_ready_since_ = now();
    feed(runtime_ended{*status});
  }

  const guardian_options& options_;
  guardian_core core_;
  std::ostream& err_;
  std::shared_ptr<spdlog::logger> log_;
  signal_source signals_;
  std::optional<runtime_process> runtime_;
  std::optional<time_point> not_ready_since_; ///< Nothing before the first runtime has ended.
  std::optional<int> exit_code_;
};

} // namespace

int guard(const guardian_options& options, std::ostream& err) {
  guardian_options told = options;
  std::uint64_t watchdog_us = 0;
  told.limits.tells_beats = ::sd_watchdog_enabled(0, &watchdog_us) > 0;
  return guardian_loop{told, err}.run();
}

} // namespace ducat::guardian
