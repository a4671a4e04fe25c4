/// A node under its guardian, and the command line against it.
#pragma once

#include "command_line.hpp"
#include "exit_code.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace ducat::guardian {

/// The lines that a program writes to the file at `path`, which is a pipe.
class line_pipe {
public:
  explicit line_pipe(std::filesystem::path at) : path_{std::move(at)} {
    if (::mkfifo(path_.c_str(), 0600) != 0 || (out_ = ::open(path_.c_str(), O_RDWR)) < 0)
      throw std::system_error(errno, std::generic_category(), path_);
  }

  line_pipe(const line_pipe&) = delete;
  line_pipe& operator=(const line_pipe&) = delete;

  ~line_pipe() { ::close(out_); }

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Waits for a line that has `part` in it and returns it. Throws if there is none for a minute.
  std::string wait_for(const std::string& part) {
    for (;;) {
      std::string line;
      while (!line.ends_with('\n'))
        line += next_byte(part);
      line.pop_back();
      seen_.push_back(line);
      if (line.find(part) != std::string::npos)
        return line;
    }
  }

  /// Returns how many of the lines that were waited for, or passed meanwhile, have `part` in them.
  std::ptrdiff_t count(const std::string& part) const {
    return std::ranges::count_if(
        seen_, [&](const std::string& line) { return line.find(part) != std::string::npos; });
  }

private:
  char next_byte(const std::string& wanted) const {
    pollfd source{.fd = out_, .events = POLLIN, .revents = 0};
    char byte = 0;
    if (::poll(&source, 1, 60'000) != 1 || ::read(out_, &byte, 1) != 1)
      throw std::runtime_error("no line with " + wanted);
    return byte;
  }

  std::filesystem::path path_;
  int out_ = -1;
  std::vector<std::string> seen_;
};

class GuardedNode : public ::testing::Test {
protected:
  using json = nlohmann::json;

  /// Starts `ducat node` with these arguments beside the usual ones, and waits until it is ready.
  void start(std::vector<std::string> more = {}) {
    launch(std::move(more));
    await_ready();
  }

  void launch(std::vector<std::string> more = {}, std::vector<std::string> environment = {}) {
    std::vector<std::string> words{DUCAT_PROGRAM, "node",        "--data",        data_.string(),
                                   "--grpc",      "127.0.0.1:0", "--http",        http_,
                                   "--workers",   workers_,      "--allow-faults"};
    if (dies_with_test_)
      words.emplace_back("--die-with-parent");
    words.insert(words.end(), more.begin(), more.end());
    program_.emplace(testing::child_program_options{
        .words = words, .environment = std::move(environment), .error_file = log_.path()});
  }

  /// Waits for the next ready line of the node, and for the process id of its runtime.
  void await_ready() {
    runtime_ = std::stoi(after(log_.wait_for("runtime_started pid="), "pid="));
    const auto line = program_->read_line();
    ASSERT_TRUE(line && line->starts_with("node_ready id=node1 grpc=")) << line.value_or("(end)");
    grpc_ = after(*line, "grpc=");
  }

  /// Waits until the node runs again, and returns how the guardian says that it ended.
  std::string await_restart() {
    await_ready();
    const std::string line = log_.wait_for("process_restarted reason=");
    return line.substr(line.find("reason="));
  }

  /// Runs a command against the node; returns what it prints.
  json run(std::vector<std::string> arguments) {
    for (const char* word : {"5", "--timeout", "json", "--output", grpc_.c_str(), "--endpoint"})
      arguments.insert(arguments.begin(), word);
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    cli::run(std::move(arguments), {.in = in, .out = out, .err = err});
    return json::parse(out.str(), nullptr, false);
  }

  /// Writes the configuration file and returns its name.
  std::string configured(const std::string& text) const {
    const auto file = directory_.path() / "node.toml";
    std::ofstream{file} << text;
    return file;
  }

  /// Returns the word that stands after the first `name` in `line`.
  static std::string after(const std::string& line, const std::string& name) {
    const auto at = line.find(name) + name.size();
    return line.substr(at, line.find(' ', at) - at);
  }

  testing::temporary_directory directory_;
  std::filesystem::path data_ = directory_.path() / "data";
  line_pipe log_{directory_.path() / "log"};
  std::optional<testing::child_program> program_;
  std::string http_ = "127.0.0.1:0";
  std::string workers_ = "2";
  bool dies_with_test_ = true;
  std::string grpc_; ///< Where it serves.
  pid_t runtime_ = 0;
};

} // namespace ducat::guardian
