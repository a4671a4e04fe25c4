#include "up/cluster_process.hpp"

#include <signal.h>

#include <charconv>
#include <chrono>
#include <sstream>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

constexpr duration start_limit = 60s;

std::string at_port(std::uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

/// Returns the number behind "pid=".
pid_t pid_in(const std::string& text) {
  pid_t pid = 0;
  if (text.starts_with("pid="))
    std::from_chars(text.data() + 4, text.data() + text.size(), pid);
  return pid;
}

} // namespace

result<std::unique_ptr<cluster_process>>
cluster_process::start(const cluster_process_options& options) {
  std::vector<std::string> words{options.program.string(),
                                 "up",
                                 "--quiet",
                                 "--allow-faults",
                                 "--base-port",
                                 "0",
                                 "--nodes",
                                 std::to_string(options.nodes),
                                 "--payments",
                                 options.payments,
                                 "--dir",
                                 options.directory.string()};
  if (!options.alerts_to.empty())
    words.insert(words.end(), {"--alerts-to", options.alerts_to});
  if (!options.traces_to.empty())
    words.insert(words.end(), {"--traces-to", options.traces_to});
  auto started = watched_process::start(std::move(words));
  if (!started)
    return tl::unexpected(started.error());
  std::unique_ptr<cluster_process> made{new cluster_process{std::move(*started)}};
  if (auto up = made->wait_until_up(); !up)
    return tl::unexpected(up.error());
  auto layout = read_layout(options.directory / "cluster.toml");
  if (!layout)
    return tl::unexpected(layout.error());
  made->layout_ = std::move(*layout);
  return made;
}

cluster_process::cluster_process(watched_process process)
    : process_{std::move(process), // Its parts end with it.
               {.on_line = [this](const std::string& line) { note(line); }}} {}

std::string cluster_process::endpoints() const {
  std::string all;
  for (const node_place& each : layout_.nodes)
    all += (all.empty() ? "" : ",") + at_port(each.grpc);
  return all;
}

std::string cluster_process::endpoint(const std::string& node) const {
  for (const node_place& each : layout_.nodes)
    if (each.name == node)
      return at_port(each.grpc);
  return {};
}

std::vector<std::string> cluster_process::etcd_endpoints() const {
  std::vector<std::string> all;
  for (const etcd_place& each : layout_.members)
    all.push_back(at_port(each.client));
  return all;
}

void cluster_process::signal(const std::string& name, int number) const {
  process_.look([&] {
    if (const auto found = parts_.find(name); found != parts_.end() && found->second.pid != 0)
      ::kill(found->second.pid, number);
  });
}

std::uint64_t cluster_process::readies(const std::string& node) const {
  return process_.look([&] { return readies_of(node); });
}

bool cluster_process::wait_until_ready(const std::string& node, std::uint64_t count,
                                       duration limit) const {
  return process_.wait_until([&] { return readies_of(node) >= count; }, limit);
}

bool cluster_process::stop() {
  process_.signal(SIGTERM);
  return process_.wait_until_ended(start_limit);
}

std::uint64_t cluster_process::readies_of(const std::string& node) const {
  const auto found = parts_.find(node);
  return found == parts_.end() ? 0 : found->second.readies;
}

result<void> cluster_process::wait_until_up() const {
  if (process_.wait_until([this] { return is_up_; }, start_limit))
    return {};
  const std::string last = process_.look([this] { return last_words_; });
  return fail(errc::unavailable, "the cluster is not up: " + last);
}

void cluster_process::note(const std::string& line) {
  std::istringstream words{line};
  std::string name;
  std::string what;
  std::string more;
  words >> name >> what >> more;
  last_words_ = line;
  if (name == "cluster_ready")
    is_up_ = true;
  if (what == "started")
    parts_[name].pid = pid_in(more);
  if (what == "ready")
    ++parts_[name].readies;
}

} // namespace ducat::cli
