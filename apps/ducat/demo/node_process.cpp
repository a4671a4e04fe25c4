#include "demo/node_process.hpp"

#include "exit_code.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

extern char** environ;

namespace ducat::cli {

namespace {

tl::unexpected<error> io_failure(const std::string& what) {
  return fail(errc::io, "cannot " + what + ": " + std::generic_category().message(errno));
}

std::vector<std::string> arguments_of(const node_process_options& o) {
  std::vector<std::string> words{o.program.string(), "node",
                                 "--data",           o.data.string(),
                                 "--grpc",           o.grpc,
                                 "--http",           "127.0.0.1:0",
                                 "--allow-faults",   "--die-with-parent",
                                 "--unguarded"};
  words.insert(words.end(), o.more.begin(), o.more.end());
  return words;
}

/// Starts `arguments` with standard output into `out` and standard error appended to `log_file`.
int spawn(pid_t& pid, std::vector<std::string> arguments, int out,
          const std::filesystem::path& log_file) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_file.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  std::vector<char*> pointers;
  for (std::string& argument : arguments)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const int code =
      ::posix_spawn(&pid, arguments.front().c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

/// Returns the value after `name=` in a line of key=value pairs; empty if there is none.
std::string value_of(const std::string& line, const std::string& name) {
  const auto at = line.find(" " + name + "=");
  if (at == std::string::npos)
    return {};
  const auto begin = at + name.size() + 2;
  return line.substr(begin, line.find_first_of(" \n", begin) - begin);
}

} // namespace

node_process::~node_process() {
  kill();
}

result<std::string> node_process::start(const node_process_options& options) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return io_failure("make a pipe");
  const int code = spawn(pid_, arguments_of(options), ends[1], options.log_file);
  ::close(ends[1]);
  if (code != 0) {
    ::close(ends[0]);
    pid_ = 0;
    errno = code;
    return io_failure("start " + options.program.string());
  }
  auto address = read_ready_line(ends[0]);
  ::close(ends[0]);
  return address;
}

result<std::string> node_process::read_ready_line(int from) {
  std::string line;
  for (char c = 0; ::read(from, &c, 1) == 1 && c != '\n';)
    line += c;
  if (!line.starts_with("node_ready ")) {
    const int status = wait();
    const bool busy =
        WIFEXITED(status) && WEXITSTATUS(status) == static_cast<int>(exit_code::in_use);
    return fail(busy ? errc::in_use : errc::unavailable,
                "the node ended before it was ready, with status " + std::to_string(status));
  }
  http_ = value_of(line, "http");
  return value_of(line, "grpc");
}

void node_process::kill() {
  if (pid_ == 0)
    return;
  ::kill(pid_, SIGKILL);
  wait();
}

bool node_process::stop() {
  if (pid_ == 0)
    return false;
  ::kill(pid_, SIGTERM);
  return wait() == 0;
}

int node_process::wait_for_end() {
  const int status = wait();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool node_process::is_running() {
  if (pid_ != 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_)
    pid_ = 0;
  return pid_ != 0;
}

/// Waits for the end and returns the raw status.
int node_process::wait() {
  int status = -1;
  while (pid_ != 0 && ::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return status;
}

} // namespace ducat::cli
