#include "sim/seeds.hpp"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <utility>

namespace ducat::cli {

namespace {

using nlohmann::json;

// In a worker: one line on the pipe before each run, and one after it.
// -----------------------------

/// Returns whether all of it was written.
bool write_line(int pipe, const json& what) {
  const std::string line = what.dump() + "\n";
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t n = ::write(pipe, line.data() + done, line.size() - done);
    if (n <= 0)
      return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

json line_of(const sim_result& run, bool is_repeated, bool is_same) {
  json struck = json::object();
  for (const auto& [action, count] : run.struck)
    struck[std::string{to_string(action)}] = count;
  return {{"seed", run.seed},
          {"trace", to_hex(run.trace)},
          {"violations", run.violations},
          {"acknowledged", run.acknowledged},
          {"unknown", run.unknown},
          {"messages", run.messages},
          {"virtual_s", std::chrono::duration<double>{run.time}.count()},
          {"struck", struck},
          {"fired", run.fired},
          {"repeated", is_repeated},
          {"same", is_same}};
}

/// Runs every `jobs`th seed.
int work(const seeds_options& options, unsigned number, int pipe) {
  for (std::uint64_t seed = options.seeds.first + number; seed <= options.seeds.last;
       seed += options.jobs) {
    if (!write_line(pipe, {{"begins", seed}}))
      return 1;
    sim_run_options one = options.run;
    one.seed = seed;
    const auto run = options.run_one(one);
    if (!run)
      return write_line(pipe, {{"error", to_string(run.error())}}) ? 0 : 1;
    const bool is_repeated = seed - options.seeds.first < options.repeat;
    bool is_same = true;
    if (is_repeated) {
      const auto again = options.run_one(one);
      is_same = again && again->trace == run->trace;
    }
    if (!write_line(pipe, line_of(*run, is_repeated, is_same)))
      return 1;
  }
  return 0;
}

// In the parent ----------------------------------------------------------------------------------

struct worker {
  pid_t process = -1;
  int pipe = -1;
  std::string unread;
  std::optional<std::uint64_t> in_hand; ///< The seed that it runs.
};

class crowd {
public:
  explicit crowd(const seeds_options& options) : options_{options} {}

  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;

  ~crowd() {
    for (worker& each : workers_)
      if (each.pipe >= 0)
        end(each);
  }

  result<sim_summary> run() {
    const auto start = std::chrono::steady_clock::now();
    for (unsigned number = 0; number < options_.jobs; ++number)
      if (!begin(number))
        return fail(errc::io, "no process could be made");
    while (wait_for_news()) {
      if (options_.on_progress)
        options_.on_progress(sum_);
    }
    if (error_)
      return fail(errc::invalid_argument, *error_);
    std::ranges::sort(sum_.failed, {}, &failed_seed::seed);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    sum_.real_s = took.count();
    return sum_;
  }

private:
  bool begin(unsigned number) {
    int ends[2];
    if (::pipe(ends) != 0)
      return false;
    std::fflush(nullptr);
    const pid_t process = ::fork();
    if (process == 0) {
      ::close(ends[0]);
      ::_exit(work(options_, number, ends[1]));
    }
    ::close(ends[1]);
    workers_.push_back({.process = process, .pipe = ends[0], .unread = {}, .in_hand = {}});
    return process > 0;
  }

  /// Returns whether anybody works still.
  bool wait_for_news() {
    std::vector<pollfd> all;
    std::vector<worker*> whose;
    for (worker& each : workers_)
      if (each.pipe >= 0) {
        all.push_back({.fd = each.pipe, .events = POLLIN, .revents = 0});
        whose.push_back(&each);
      }
    if (all.empty())
      return false;
    if (::poll(all.data(), all.size(), -1) > 0)
      for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].revents != 0)
          read_from(*whose[i]);
    return true;
  }

  void read_from(worker& from) {
    char bytes[65'536];
    const ssize_t n = ::read(from.pipe, bytes, sizeof bytes);
    if (n <= 0)
      return end(from);
    from.unread.append(bytes, static_cast<std::size_t>(n));
    for (std::size_t line = from.unread.find('\n'); line != std::string::npos;
         line = from.unread.find('\n')) {
      take(from, json::parse(from.unread.substr(0, line)));
      from.unread.erase(0, line + 1);
    }
  }

  void take(worker& from, const json& line) {
    if (line.contains("error")) {
      error_ = line["error"].get<std::string>();
      from.in_hand.reset();
      return;
    }
    if (line.contains("begins")) {
      from.in_hand = line["begins"].get<std::uint64_t>();
      return;
    }
    from.in_hand.reset();
    ++sum_.runs;
    if (options_.keep_hashes)
      sum_.hashes.emplace(line["seed"].get<std::uint64_t>(), line["trace"].get<std::string>());
    sum_.acknowledged += line["acknowledged"].get<std::uint64_t>();
    sum_.unknown += line["unknown"].get<std::uint64_t>();
    sum_.messages += line["messages"].get<std::uint64_t>();
    sum_.virtual_s += line["virtual_s"].get<double>();
    sum_.repeated += line["repeated"].get<bool>() ? 1 : 0;
    for (const auto& [action, count] : line["struck"].items())
      sum_.struck[action] += count.get<std::uint64_t>();
    for (const auto& [point, count] : line["fired"].items())
      sum_.fired[point] += count.get<std::uint64_t>();
    auto violations = line["violations"].get<std::vector<std::string>>();
    if (!line["same"].get<bool>()) {
      ++sum_.differing;
      violations.emplace_back("the same seed gave another run");
    }
    if (!violations.empty())
      sum_.failed.push_back({line["seed"].get<std::uint64_t>(), std::move(violations)});
  }

  void end(worker& which) {
    ::close(std::exchange(which.pipe, -1));
    int status = 0;
    ::waitpid(which.process, &status, 0);
    if (which.in_hand)
      sum_.failed.push_back(
          {*which.in_hand,
           {WIFSIGNALED(status)
                ? "the run ended by signal " + std::to_string(WTERMSIG(status))
                : "the run ended with exit code " + std::to_string(WEXITSTATUS(status))}});
  }

  const seeds_options& options_;
  std::vector<worker> workers_;
  sim_summary sum_;
  std::optional<std::string> error_;
};

} // namespace

std::optional<seed_range> seeds_of(const std::string& text) {
  seed_range range;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, range.first);
  if (first.ec != std::errc{})
    return std::nullopt;
  range.last = range.first;
  if (first.ptr == end)
    return range;
  if (text.substr(static_cast<std::size_t>(first.ptr - text.data()), 2) != "..")
    return std::nullopt;
  const auto last = std::from_chars(first.ptr + 2, end, range.last);
  if (last.ec != std::errc{} || last.ptr != end || range.last < range.first)
    return std::nullopt;
  return range;
}

result<sim_summary> run_seeds(const seeds_options& options) {
  return crowd{options}.run();
}

} // namespace ducat::cli
