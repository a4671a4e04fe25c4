/// The log between processes: the lock, and what survives SIGKILL.

#include "log_helpers.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace ducat {
namespace {

using namespace testing;

class byte_pipe {
public:
  byte_pipe() {
    if (::pipe(ends_) != 0)
      throw std::system_error(errno, std::generic_category(), "pipe");
  }

  byte_pipe(const byte_pipe&) = delete;
  byte_pipe& operator=(const byte_pipe&) = delete;

  ~byte_pipe() {
    ::close(ends_[0]);
    close_write();
  }

  void close_write() { ::close(std::exchange(ends_[1], -1)); }

  template <class T>
  void write(const T& value) const {
    if (::write(ends_[1], &value, sizeof value) != sizeof value)
      std::abort();
  }

  /// Waits for the next value; nothing when the writer is gone.
  template <class T>
  std::optional<T> read() const {
    T value{};
    const bool whole = ::read(ends_[0], &value, sizeof value) == sizeof value;
    return whole ? std::optional{value} : std::nullopt;
  }

private:
  int ends_[2];
};

/// A forked copy of this process that runs a function and ends. Fork before any thread is started.
class child_process {
public:
  template <class Function>
  explicit child_process(Function run) : pid_{::fork()} {
    if (pid_ == 0) {
      run();
      ::_exit(0);
    }
  }

  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  ~child_process() { kill(); }

  /// Kills the process, if it still runs, and waits until it is gone.
  void kill() {
    if (pid_ <= 0)
      return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

private:
  pid_t pid_;
};

TEST(EmbeddedLogProcess, RefusesASecondWriterInAnotherProcess) {
  const temporary_directory home;
  const byte_pipe go, answer;
  child_process other{[&] {
    (void)go.read<char>();
    const auto log = open_embedded_log({.directory = home.path()});
    answer.write(log ? errc{} : log.error().code);
  }};
  const auto log = opened(home.path());
  go.write('x');
  EXPECT_EQ(answer.read<errc>(), errc::in_use);
}

// Catalogue 1, 30: what was acknowledged is there after the process was killed at any instant.
TEST(EmbeddedLogProcess, KeepsEveryAcknowledgedEntryOfAKilledProcess) {
  const temporary_directory home;
  std::uint64_t acknowledged = 0;
  for (std::uint64_t round = 1; round <= 5; ++round) {
    byte_pipe indexes;
    child_process writer{[&] {
      const auto log = opened(home.path());
      const epoch mine = log->take_epoch().value();
      while (auto appended = log->append(mine, {}, payload(log->last().index + 1)))
        indexes.write(appended->index);
    }};
    indexes.close_write();
    for (std::uint64_t seen = 0; seen < 10 * round; ++seen)
      acknowledged = indexes.read<std::uint64_t>().value();
    writer.kill();
    while (const auto index = indexes.read<std::uint64_t>())
      acknowledged = *index;
    const auto log = open_embedded_log({.directory = home.path(), .read_only = true});
    ASSERT_TRUE(log) << log.error();
    EXPECT_GE((*log)->last().index, acknowledged);
    for (const entry& e : entries(**log))
      EXPECT_EQ(e.payload, payload(e.index));
  }
}

TEST(EmbeddedLogProcess, UnlocksTheDirectoryOfAKilledProcess) {
  const temporary_directory home;
  const byte_pipe ready;
  child_process writer{[&] {
    const auto log = opened(home.path());
    ready.write('x');
    for (;;)
      ::pause();
  }};
  ASSERT_TRUE(ready.read<char>());
  EXPECT_EQ(refusal(home.path()).code, errc::in_use);
  writer.kill();
  append_some(*opened(home.path()), 1);
}

} // namespace
} // namespace ducat
