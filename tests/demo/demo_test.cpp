/// The demo itself, with real processes: it ends well, also after it was killed in the middle.

#include "demo/demo.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <fstream>
#include <sstream>
#include <thread>

extern char** environ;

namespace ducat::cli {
namespace {

demo_options options_in(const std::filesystem::path& directory) {
  return {.program = DUCAT_PROGRAM, .payments = 600, .directory = directory};
}

std::string lines_of(const std::string& report, const std::string& name) {
  std::istringstream in{report};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name))
      return line.substr(line.find_first_not_of(' ', name.size()));
  return "no line " + name;
}

TEST(Demo, LosesNothingAndDoublesNothing) {
  const testing::temporary_directory directory;
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_demo(options_in(directory.path()), out, err), exit_code::done) << err.str();
  EXPECT_EQ(lines_of(out.str(), "lost"), "0") << out.str();
  EXPECT_EQ(lines_of(out.str(), "doubled"), "0");
  EXPECT_EQ(lines_of(out.str(), "nodes killed"), "3 times");
  EXPECT_EQ(lines_of(out.str(), "verdict"), "green");
}

/// Starts `ducat demo` in a process of its own.
pid_t spawn_demo(const std::filesystem::path& directory) {
  std::vector<std::string> words{DUCAT_PROGRAM, "demo",        "--payments",
                                 "600",         "--directory", directory.string()};
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t pid = 0;
  EXPECT_EQ(::posix_spawn(&pid, pointers[0], nullptr, nullptr, pointers.data(), environ), 0);
  return pid;
}

/// Waits until the record has `bytes`, or the demo has ended.
void wait_for_record(const std::filesystem::path& record, std::uintmax_t bytes, pid_t demo) {
  std::error_code none_yet;
  while (::waitpid(demo, nullptr, WNOHANG) == 0) {
    const auto size = std::filesystem::file_size(record, none_yet);
    if (!none_yet && size >= bytes)
      return;
    std::this_thread::yield();
  }
}

TEST(Demo, GoesOnWhereItWasKilled) {
  const testing::temporary_directory directory;
  const pid_t killed = spawn_demo(directory.path());
  wait_for_record(directory.path() / "acknowledged.jsonl", 200'000, killed);
  ::kill(killed, SIGKILL);
  ::waitpid(killed, nullptr, 0);
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_demo(options_in(directory.path()), out, err), exit_code::done)
      << out.str() << err.str();
  EXPECT_EQ(lines_of(out.str(), "verdict"), "green");
}

} // namespace
} // namespace ducat::cli
