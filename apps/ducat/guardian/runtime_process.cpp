#include "guardian/runtime_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

extern char** environ;

namespace ducat::guardian {

namespace {

constexpr int exec_failed_code = 71; // EX_OSERR of sysexits.h

tl::unexpected<error> io_failure(const std::string& what) {
  return fail(errc::io, "cannot " + what + ": " + std::generic_category().message(errno));
}

/// Returns whether the runtime must not have `variable`: what is said to this process alone.
bool is_for_the_guardian(std::string_view variable) {
  constexpr std::array names{"NOTIFY_SOCKET=", "WATCHDOG_PID=", "WATCHDOG_USEC="};
  return std::ranges::any_of(names, [&](const char* n) { return variable.starts_with(n); }) ||
         is_of_guarded_start(variable);
}

std::vector<std::string> environment_of(const guarded_start& start) {
  std::vector<std::string> variables = variables_of(start);
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!is_for_the_guardian(*variable))
      variables.emplace_back(*variable);
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Becomes the runtime. Between fork and exec: only what is async-signal-safe.
[[noreturn]] void become(char* const* words, char* const* variables, int pipe, pid_t guardian,
                         const sigset_t& signals) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != guardian)
    ::_exit(exec_failed_code); // It died before it could be watched.
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGHUP, SIG_IGN); // As its guardian: the end of a terminal ends neither.
  ::sigprocmask(SIG_SETMASK, &signals, nullptr);
  ::fcntl(pipe, F_SETFD, 0);
  ::execve("/proc/self/exe", words, variables); // The same file, also if another has its name now.
  ::_exit(exec_failed_code);
}

} // namespace

result<runtime_process> runtime_process::start(runtime_options options) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    return io_failure("make a pipe");
  options.start.pipe = ends[1];
  std::vector<std::string> variables = environment_of(options.start);
  const std::vector<char*> words = pointers_to(options.words);
  const std::vector<char*> environment = pointers_to(variables);
  const pid_t guardian = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0)
    become(words.data(), environment.data(), ends[1], guardian, options.signals);
  const int code = errno;
  ::close(ends[1]);
  if (pid > 0)
    return runtime_process{pid, ends[0]};
  ::close(ends[0]);
  errno = code;
  return io_failure("start a process");
}

runtime_process::runtime_process(runtime_process&& other) noexcept
    : pid_{std::exchange(other.pid_, 0)}, reports_{std::exchange(other.reports_, -1)},
      begun_{std::move(other.begun_)} {}

runtime_process::~runtime_process() {
  signal(SIGKILL);
  while (pid_ != 0 && ::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  close_reports();
}

void runtime_process::close_reports() noexcept {
  if (reports_ >= 0)
    ::close(std::exchange(reports_, -1));
}

std::vector<std::string> runtime_process::read_lines() {
  std::array<char, 4096> bytes{};
  ssize_t count = 0;
  while (reports_ >= 0 && (count = ::read(reports_, bytes.data(), bytes.size())) > 0)
    begun_.append(bytes.data(), static_cast<std::size_t>(count));
  if (count == 0)
    close_reports();
  std::vector<std::string> lines;
  for (std::size_t end; (end = begun_.find('\n')) != std::string::npos;) {
    lines.push_back(begun_.substr(0, end));
    begun_.erase(0, end + 1);
  }
  return lines;
}

std::optional<exit_status> runtime_process::reap() {
  int status = 0;
  if (pid_ == 0 || ::waitpid(pid_, &status, WNOHANG) != pid_)
    return std::nullopt;
  pid_ = 0;
  return exit_status_of(status);
}

void runtime_process::signal(int number) const {
  if (pid_ != 0)
    ::kill(pid_, number);
}

} // namespace ducat::guardian
