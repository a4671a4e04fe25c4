#include <ducat/inject.hpp>
#include <ducat/testing.hpp>

#include <stdlib.h>

#include <cerrno>
#include <condition_variable>
#include <map>
#include <mutex>
#include <system_error>

namespace ducat::testing {

namespace {

std::filesystem::path make_directory() {
  std::string pattern = std::filesystem::temp_directory_path() / "ducat-node-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "mkdtemp");
  return pattern;
}

} // namespace

/// The newest life of each path, from the events.
struct local_node::lives {
  std::mutex guard;
  std::condition_variable changed;
  std::map<std::string, std::uint64_t> newest; // Needs the guard.

  void on_event(const supervision_event& event) {
    if (event.what != supervision_event::kind::started)
      return;
    const std::lock_guard lock{guard};
    newest[event.path] = event.incarnation;
    changed.notify_all();
  }
};

local_node::local_node(std::function<void(node&)> describe)
    : describe_{std::move(describe)}, directory_{make_directory()},
      lives_{std::make_unique<lives>()} {
  start();
}

local_node::~local_node() {
  node_ = nullptr;
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void local_node::start() {
  lives_->newest.clear();
  const auto observe = [l = lives_.get()](const supervision_event& event) { l->on_event(event); };
  auto started = node::start({.data = directory_, .observer = observe}, describe_);
  if (!started)
    throw std::runtime_error(to_string(started.error()));
  node_ = std::move(*started);
}

void local_node::arm(const fault_point& point, const fault& what) {
  if (auto armed = arm_fault(point.name(), what); !armed)
    throw std::runtime_error(to_string(armed.error()));
}

std::uint64_t local_node::crash(const std::string& path) {
  const auto all = node_->tree();
  const auto found = std::ranges::find(all, path, &child_status::path);
  const auto sent = inject(node_->find(path), fault_kind::crash, {});
  if (found == all.end() || !sent)
    throw std::runtime_error(path + " is not running");
  return found->incarnation;
}

result<std::uint64_t> local_node::wait_until_restarted(const std::string& path, std::uint64_t life,
                                                       duration timeout) const {
  std::unique_lock lock{lives_->guard};
  const std::uint64_t& newest = lives_->newest[path];
  if (!lives_->changed.wait_for(lock, timeout, [&] { return newest > life; }))
    return fail(errc::unavailable, path + " was not restarted");
  return newest;
}

std::uint64_t local_node::restarts(const std::string& path) const {
  std::uint64_t sum = 0;
  for (const child_status& child : node_->tree())
    if (child.path == path || child.path.starts_with(path + "/"))
      sum += child.restarts;
  return sum;
}

void local_node::restart() {
  node_ = nullptr;
  start();
}

} // namespace ducat::testing
