/// Another program, run by a test.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

extern char** environ;

namespace ducat::testing {

struct child_program_options {
  std::vector<std::string> words;         ///< The program, found by PATH, and its arguments.
  std::vector<std::string> environment{}; ///< NAME=VALUE, beside that of the test.
  std::filesystem::path error_file{};     ///< Where its standard error goes; empty for the test's.
};

/// Runs a program; kills it at the end if it still runs. Throws if it cannot be started.
class child_program {
public:
  explicit child_program(const child_program_options& options) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw std::system_error(errno, std::generic_category(), "pipe");
    out_ = ends[0];
    const int code = spawn(options, ends[1]);
    ::close(ends[1]);
    if (code != 0)
      throw std::system_error(code, std::generic_category(), options.words.at(0));
  }

  child_program(const child_program&) = delete;
  child_program& operator=(const child_program&) = delete;

  ~child_program() {
    signal(SIGKILL);
    wait();
    close_output();
  }

  /// Waits for the next line of its standard output; nothing at its end.
  std::optional<std::string> read_line() const {
    std::string line;
    for (char c = 0; ::read(out_, &c, 1) == 1;)
      if (c == '\n')
        return line;
      else
        line += c;
    return std::nullopt;
  }

  /// From now on nobody reads its standard output.
  void close_output() { ::close(std::exchange(out_, -1)); }

  void signal(int number) const {
    if (pid_ != 0)
      ::kill(pid_, number);
  }

  /// Returns its process id; 0 if it has ended.
  pid_t pid() const noexcept { return pid_; }

  /// Returns whether it has not ended.
  bool is_running() {
    int status = 0;
    if (pid_ == 0 || ::waitpid(pid_, &status, WNOHANG) == 0)
      return pid_ != 0;
    pid_ = 0;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return false;
  }

  /// Stops it where it is, and returns when it stands still, all of its threads. SIGCONT lets it go
  /// on.
  void pause() const {
    signal(SIGSTOP);
    int status = 0;
    while (::waitpid(pid_, &status, WUNTRACED) < 0 && errno == EINTR) {
    }
  }

  /// Waits for its end and returns its exit code; -1 if a signal ended it.
  int wait() {
    int status = 0;
    while (pid_ != 0 && ::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    if (std::exchange(pid_, 0) != 0)
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return exit_code_;
  }

private:
  int spawn(const child_program_options& options, int out) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (!options.error_file.empty())
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, options.error_file.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    std::vector<std::string> words = options.words;
    std::vector<std::string> variables = options.environment;
    for (char** variable = environ; *variable != nullptr; ++variable)
      variables.emplace_back(*variable);
    const int code = ::posix_spawnp(&pid_, words.at(0).c_str(), &actions, nullptr,
                                    pointers_to(words).data(), pointers_to(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (code != 0)
      pid_ = 0;
    return code;
  }

  static std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts)
      pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  }

  pid_t pid_ = 0; ///< 0: it has ended.
  int out_ = -1;
  int exit_code_ = -1;
};

} // namespace ducat::testing
