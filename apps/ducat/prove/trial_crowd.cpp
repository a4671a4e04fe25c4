#include "prove/trial_crowd.hpp"

#include "sim/claims.hpp"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>

namespace ducat::cli {

namespace {

using nlohmann::json;
using testing::flow_maker;
using testing::trial;
using testing::trial_result;

// On the pipe: one line for each run --------------------------------------------------------------

std::string line_of_run(std::size_t number, const trial_result& run) {
  json hits = json::array();
  for (const auto& each : run.hits)
    hits.push_back({each.point, each.number, each.after});
  json children = json::array();
  for (const auto& each : run.children)
    children.push_back({each.node, each.path});
  json broken = json::array();
  for (const auto& each : run.broken)
    broken.push_back({each.claim, each.why});
  const json line{{"number", number},      {"messages", run.messages}, {"struck", run.struck},
                  {"hits", hits},          {"children", children},     {"broken", broken},
                  {"answers", run.answers}};
  return line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

trial_result run_of_line(const json& line) {
  trial_result run;
  run.messages = line["messages"].get<std::uint64_t>();
  run.struck = line["struck"].get<std::uint64_t>();
  run.answers = line["answers"].get<std::vector<std::string>>();
  for (const json& each : line["hits"])
    run.hits.push_back(
        {each[0].get<std::string>(), each[1].get<std::uint64_t>(), each[2].get<std::uint64_t>()});
  for (const json& each : line["children"])
    run.children.push_back({each[0].get<std::string>(), each[1].get<std::string>()});
  for (const json& each : line["broken"])
    run.broken.push_back({each[0].get<std::string>(), each[1].get<std::string>()});
  return run;
}

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

// In the parent ----------------------------------------------------------------------------------

struct trial_worker {
  pid_t process = -1;
  int pipe = -1;
  std::string unread{};
  std::size_t next = 0; ///< The run that it has in hand.
};

class trial_crowd {
public:
  trial_crowd(const flow_maker& make, const std::vector<trial>& all, const crowd_options& options)
      : make_{make}, all_{all}, options_{options}, results_(all.size()) {}

  trial_crowd(const trial_crowd&) = delete;
  trial_crowd& operator=(const trial_crowd&) = delete;

  ~trial_crowd() {
    for (const trial_worker& each : workers_)
      if (each.pipe >= 0) {
        ::close(each.pipe); // It ends when it cannot write.
        ::waitpid(each.process, nullptr, 0);
      }
  }

  std::vector<trial_result> run() {
    workers_.resize(options_.jobs);
    for (std::size_t i = 0; i < workers_.size(); ++i)
      begin(workers_[i], i);
    while (wait_for_lines()) {
    }
    return std::move(results_);
  }

private:
  /// Every `jobs`th run, from that one on.
  void begin(trial_worker& what, std::size_t from) {
    if (from >= all_.size())
      return;
    int ends[2];
    if (::pipe(ends) != 0)
      throw std::runtime_error{"no pipe could be made"};
    std::fflush(nullptr);
    const pid_t process = ::fork();
    if (process < 0)
      throw std::runtime_error{"no process could be made"};
    if (process == 0) {
      ::close(ends[0]);
      for (std::size_t i = from; i < all_.size(); i += options_.jobs)
        if (!write_all(ends[1], line_of_run(i, testing::run_trial(make_, all_[i]))))
          ::_exit(1);
      ::_exit(0);
    }
    ::close(ends[1]);
    what = {.process = process, .pipe = ends[0], .next = from};
  }

  /// Returns whether anybody runs still.
  bool wait_for_lines() {
    std::vector<pollfd> waited;
    std::vector<trial_worker*> whose;
    for (trial_worker& each : workers_)
      if (each.pipe >= 0) {
        waited.push_back({.fd = each.pipe, .events = POLLIN, .revents = 0});
        whose.push_back(&each);
      }
    if (waited.empty())
      return false;
    if (::poll(waited.data(), waited.size(), -1) > 0)
      for (std::size_t i = 0; i < waited.size(); ++i)
        if (waited[i].revents != 0)
          read_lines(*whose[i]);
    return true;
  }

  void read_lines(trial_worker& from) {
    char bytes[65'536];
    const ssize_t n = ::read(from.pipe, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR)
      return;
    if (n <= 0)
      return end(from);
    from.unread.append(bytes, static_cast<std::size_t>(n));
    std::size_t begin = 0;
    for (std::size_t line = from.unread.find('\n'); line != std::string::npos;
         line = from.unread.find('\n', begin)) {
      const json said = json::parse(from.unread.begin() + static_cast<std::ptrdiff_t>(begin),
                                    from.unread.begin() + static_cast<std::ptrdiff_t>(line));
      take(said["number"].get<std::size_t>(), run_of_line(said));
      from.next += options_.jobs;
      begin = line + 1;
    }
    from.unread.erase(0, begin);
  }

  void take(std::size_t number, trial_result run) {
    results_.at(number) = std::move(run);
    ++done_;
    if (options_.on_progress)
      options_.on_progress(done_, all_.size());
  }

  /// If it has not run all of its runs, the one in hand has ended it: another one goes on after it.
  void end(trial_worker& which) {
    ::close(std::exchange(which.pipe, -1));
    int status = 0;
    ::waitpid(which.process, &status, 0);
    if (which.next >= all_.size())
      return;
    trial_result died;
    died.struck = all_[which.next].faults.size();
    died.broken.push_back(
        {sim::claim_ends, WIFSIGNALED(status)
                              ? "it ended by signal " + std::to_string(WTERMSIG(status))
                              : "it ended with exit code " + std::to_string(WEXITSTATUS(status))});
    take(which.next, std::move(died));
    begin(which, which.next + options_.jobs);
  }

  const flow_maker& make_;
  const std::vector<trial>& all_;
  const crowd_options& options_;
  std::vector<trial_result> results_;
  std::vector<trial_worker> workers_;
  std::size_t done_ = 0;
};

} // namespace

std::vector<trial_result> run_in_crowd(const flow_maker& make, const std::vector<trial>& all,
                                       const crowd_options& options) {
  return trial_crowd{make, all, options}.run();
}

} // namespace ducat::cli
