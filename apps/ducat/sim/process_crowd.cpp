#include "sim/process_crowd.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ducat::cli {

namespace {

// In a process of the crowd: one line on the pipe for each run ------------------------------------

/// Returns whether all of it was written.
bool write_all(int pipe, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(pipe, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

/// What a run throws ends the process as well: it must not get to what the parent does.
[[noreturn]] void make_runs(const crowd_work& work, std::uint64_t from, int pipe) noexcept {
  for (std::uint64_t i = from; i < work.runs; i += work.jobs)
    if (!write_all(pipe, work.run(i) + "\n"))
      ::_exit(1);
  ::_exit(0);
}

// In the parent ----------------------------------------------------------------------------------

std::string end_of_process(int status) {
  return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                             : "exit code " + std::to_string(WEXITSTATUS(status));
}

struct crowd_member {
  pid_t process = -1;
  int pipe = -1;
  std::string unread{};
  std::uint64_t in_hand = 0; ///< The run that it makes.
};

class process_crowd {
public:
  explicit process_crowd(const crowd_work& work) : work_{work}, members_(work.jobs) {}

  process_crowd(const process_crowd&) = delete;
  process_crowd& operator=(const process_crowd&) = delete;

  ~process_crowd() {
    for (crowd_member& each : members_)
      if (each.pipe >= 0) { // Nobody wants what it makes any more.
        ::kill(each.process, SIGKILL);
        reap(each);
      }
  }

  void run() {
    for (std::size_t i = 0; i < members_.size(); ++i)
      begin(members_[i], i);
    while (!is_over_ && wait_for_lines()) {
    }
  }

private:
  void begin(crowd_member& what, std::uint64_t from) {
    if (from >= work_.runs)
      return;
    int ends[2];
    if (::pipe(ends) != 0)
      throw std::runtime_error{"no pipe could be made"};
    std::fflush(nullptr);
    const pid_t process = ::fork();
    if (process == 0) {
      ::close(ends[0]);
      make_runs(work_, from, ends[1]);
    }
    ::close(ends[1]);
    if (process < 0) {
      ::close(ends[0]);
      throw std::runtime_error{"no process could be made"};
    }
    what = {.process = process, .pipe = ends[0], .in_hand = from};
  }

  /// Returns whether anybody runs still.
  bool wait_for_lines() {
    std::vector<pollfd> waited;
    std::vector<crowd_member*> whose;
    for (crowd_member& each : members_)
      if (each.pipe >= 0) {
        waited.push_back({.fd = each.pipe, .events = POLLIN, .revents = 0});
        whose.push_back(&each);
      }
    if (waited.empty())
      return false;
    if (::poll(waited.data(), waited.size(), -1) > 0)
      for (std::size_t i = 0; i < waited.size() && !is_over_; ++i)
        if (waited[i].revents != 0)
          read_lines(*whose[i]);
    return true;
  }

  void read_lines(crowd_member& from) {
    char bytes[65'536];
    const ssize_t n = ::read(from.pipe, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR)
      return;
    if (n <= 0)
      return end(from);
    from.unread.append(bytes, static_cast<std::size_t>(n));
    std::size_t begin = 0;
    for (std::size_t line = from.unread.find('\n'); line != std::string::npos && !is_over_;
         line = from.unread.find('\n', begin)) {
      is_over_ = !work_.take(from.in_hand, from.unread.substr(begin, line - begin));
      from.in_hand += work_.jobs;
      begin = line + 1;
    }
    from.unread.erase(0, begin);
  }

  /// If it has not made all of its runs, the one in hand has ended it: another one goes on after
  /// it.
  void end(crowd_member& which) {
    const int status = reap(which);
    if (which.in_hand >= work_.runs)
      return;
    work_.take_end(which.in_hand, end_of_process(status));
    begin(which, which.in_hand + work_.jobs);
  }

  static int reap(crowd_member& which) {
    ::close(std::exchange(which.pipe, -1));
    int status = 0;
    ::waitpid(which.process, &status, 0);
    return status;
  }

  const crowd_work& work_;
  std::vector<crowd_member> members_;
  bool is_over_ = false;
};

} // namespace

void run_in_processes(const crowd_work& work) {
  process_crowd{work}.run();
}

} // namespace ducat::cli
