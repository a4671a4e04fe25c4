#include "up/watched_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ducat::cli {

namespace {

/// In the child: becomes the program, or tells `failed` why not.
[[noreturn]] void become(std::vector<char*>& words, int output, int failed) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execvp(words.front(), words.data());
  const int why = errno;
  (void)!::write(failed, &why, sizeof(why));
  ::_exit(127);
}

} // namespace

result<watched_process> watched_process::start(const std::vector<std::string>& words) {
  std::array<int, 2> output{};
  std::array<int, 2> failed{};
  if (::pipe2(output.data(), O_CLOEXEC) != 0)
    return fail(errc::io, "no pipe can be had");
  if (::pipe2(failed.data(), O_CLOEXEC) != 0) {
    ::close(output[0]);
    ::close(output[1]);
    return fail(errc::io, "no pipe can be had");
  }
  std::vector<std::string> kept = words;
  std::vector<char*> pointers;
  for (std::string& each : kept)
    pointers.push_back(each.data());
  pointers.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0)
    become(pointers, output[1], failed[1]);
  ::close(output[1]);
  ::close(failed[1]);
  int why = pid < 0 ? errno : 0;
  if (pid > 0 && ::read(failed[0], &why, sizeof(why)) != sizeof(why))
    why = 0;
  ::close(failed[0]);
  if (why == 0) {
    ::fcntl(output[0], F_SETFL, O_NONBLOCK);
    return watched_process{pid, output[0]};
  }
  ::close(output[0]);
  if (pid > 0)
    ::waitpid(pid, nullptr, 0);
  return fail(errc::io, words.front() + " cannot be started: " + std::strerror(why));
}

watched_process::watched_process(watched_process&& other) noexcept
    : pid_{std::exchange(other.pid_, 0)}, output_{std::exchange(other.output_, -1)},
      begun_{std::move(other.begun_)}, end_{std::move(other.end_)} {}

watched_process& watched_process::operator=(watched_process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(output_, other.output_);
  std::swap(begun_, other.begun_);
  std::swap(end_, other.end_);
  return *this;
}

watched_process::~watched_process() {
  if (is_running()) {
    signal(SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (output_ >= 0)
    ::close(output_);
}

std::vector<std::string> watched_process::read_lines() {
  std::array<char, 4096> buffer{};
  std::vector<std::string> lines;
  for (ssize_t size = 1; output_ >= 0 && size > 0;) {
    size = ::read(output_, buffer.data(), buffer.size());
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
      ::close(std::exchange(output_, -1));
    for (ssize_t i = 0; i < size; ++i)
      if (const char c = buffer[static_cast<std::size_t>(i)]; c != '\n')
        begun_ += c;
      else
        lines.push_back(std::exchange(begun_, {}));
  }
  if (output_ < 0 && !begun_.empty())
    lines.push_back(std::exchange(begun_, {}));
  return lines;
}

void watched_process::signal(int number) const noexcept {
  if (pid_ != 0)
    ::kill(pid_, number);
}

bool watched_process::is_running() noexcept {
  int status = 0;
  if (pid_ == 0 || ::waitpid(pid_, &status, WNOHANG) != pid_)
    return pid_ != 0;
  pid_ = 0;
  note_end(status);
  return false;
}

void watched_process::note_end(int status) {
  end_ = WIFSIGNALED(status) ? "killed by signal " + std::to_string(WTERMSIG(status))
                             : "exit " + std::to_string(WEXITSTATUS(status));
}

} // namespace ducat::cli
