#include "up/local_cluster.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

/// Until a process that has ended is started again.
constexpr duration pause_before_restart = 500ms;

/// Until a node that does not stop is killed; and an etcd member, which loses nothing by it.
constexpr duration stop_limit = 25s;
constexpr duration member_stop_limit = 1s;

/// Blocks the signals that end the program, and returns a descriptor that is readable when one has
/// come.
int catch_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  return ::signalfd(-1, &signals, SFD_CLOEXEC);
}

} // namespace

local_cluster::local_cluster(const cluster_layout& layout, const local_cluster_options& options,
                             std::ostream& out)
    : layout_{layout}, options_{options}, out_{out} {
  for (const etcd_place& each : layout.members)
    parts_.push_back({.name = each.name, .words = etcd_words(layout, each, options.directory)});
  for (const node_place& each : layout.nodes)
    parts_.push_back({.name = each.name,
                      .words = {options.program.string(), "node", "--config",
                                (options.directory / (each.name + ".toml")).string()},
                      .is_node = true});
  for (part& each : parts_) {
    name_width_ = std::max(name_width_, each.name.size());
    each.log.open(options.directory / "logs" / (each.name + ".log"), std::ios::app);
  }
}

result<void> local_cluster::run() {
  const int signals = catch_signals();
  result<void> done;
  while (done) {
    done = start_what_is_due(std::chrono::steady_clock::now());
    if (!done || wait_for_signal(signals))
      break;
    for (part& each : parts_)
      show_output(each);
    say_ready();
  }
  out_ << "cluster_stopping" << std::endl;
  stop_all(true);
  stop_all(false);
  ::close(signals);
  out_ << "cluster_stopped" << std::endl;
  return done;
}

result<void> local_cluster::start(part& which) {
  auto started = watched_process::start(which.words);
  if (!started)
    return tl::unexpected(started.error());
  which.process.emplace(std::move(*started));
  if (!which.is_node)
    out_ << which.name << " started pid=" << which.process->pid() << std::endl;
  return {};
}

result<void> local_cluster::start_what_is_due(time_point now) {
  for (part& each : parts_) {
    if (each.process && !each.process->is_running()) {
      show_output(each);
      out_ << each.name << " ended: " << each.process->end() << ", is started again" << std::endl;
      each.process.reset();
      each.start_at = now + pause_before_restart;
    }
    if (!each.process && now >= each.start_at)
      if (auto started = start(each); !started)
        return started;
  }
  return {};
}

/// Waits until something has happened, not for long. Returns whether it was a signal.
bool local_cluster::wait_for_signal(int signals) {
  std::vector<pollfd> watched{{.fd = signals, .events = POLLIN, .revents = 0}};
  for (const part& each : parts_)
    if (each.process && each.process->output() >= 0)
      watched.push_back({.fd = each.process->output(), .events = POLLIN, .revents = 0});
  ::poll(watched.data(), watched.size(), 100);
  return (watched.front().revents & POLLIN) != 0;
}

void local_cluster::show_output(part& which) {
  if (!which.process)
    return;
  for (const std::string& line : which.process->read_lines()) {
    note(which, line);
    which.log << line << std::endl;
    if (!options_.quiet)
      out_ << which.name << std::string(name_width_ - which.name.size(), ' ') << " | " << line
           << '\n';
  }
  out_.flush();
}

/// Says what matters to the whole: the process of a node's runtime, and that it is ready.
void local_cluster::note(part& which, const std::string& line) {
  constexpr std::string_view started = "runtime_started ";
  if (const auto at = line.find(started); which.is_node && at != std::string::npos)
    out_ << which.name << " started " << line.substr(at + started.size()) << std::endl;
  if (!line.starts_with("node_ready"))
    return;
  which.is_ready = true;
  out_ << which.name << " ready" << line.substr(line.find(" grpc=")) << std::endl;
}

void local_cluster::say_ready() {
  const auto is_up = [](const part& each) { return !each.is_node || each.is_ready; };
  if (is_ready_ || !std::ranges::all_of(parts_, is_up))
    return;
  is_ready_ = true;
  out_ << "cluster_ready nodes=" << layout_.nodes.size()
       << " directory=" << options_.directory.string() << std::endl;
}

void local_cluster::stop_all(bool nodes) {
  const auto end = std::chrono::steady_clock::now() + (nodes ? stop_limit : member_stop_limit);
  for (part& each : parts_)
    if (each.process && each.is_node == nodes)
      each.process->signal(SIGTERM);
  for (part& each : parts_) {
    if (each.is_node != nodes)
      continue;
    while (each.process && each.process->is_running() && std::chrono::steady_clock::now() < end) {
      show_output(each);
      ::poll(nullptr, 0, 10);
    }
    show_output(each);
    each.process.reset(); // Killed if it still runs.
  }
}

} // namespace ducat::cli
