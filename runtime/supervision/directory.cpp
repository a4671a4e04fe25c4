#include "supervision/directory_writer.hpp"

#include <algorithm>

namespace ducat {

directory::directory() : state_{std::make_unique<state>()} {}

directory::~directory() = default;

handle directory::find(const std::string& path) {
  const std::lock_guard lock{state_->guard};
  return handle{state_->at(path).slot};
}

bool directory::contains(const std::string& path) const {
  const std::lock_guard lock{state_->guard};
  const auto found = state_->nodes.find(path);
  return found != state_->nodes.end() && found->second.present;
}

std::vector<child_status> directory::list() const {
  const std::lock_guard lock{state_->guard};
  std::vector<child_status> all;
  state_->list(state_->root, all);
  return all;
}

directory::state::node& directory::state::at(const std::string& path) {
  node& found = nodes[path];
  if (!found.slot) {
    found.slot = std::make_shared<child_slot>(path);
    found.status.path = path;
  }
  return found;
}

void directory::state::describe(const child_status& status) {
  node& child = at(status.path);
  child.present = true;
  child.status.what = status.what;
  child.status.restart = status.restart;
  child.status.flags = status.flags;
  if (status.what != child_status::role::supervisor)
    for (const std::string& below : std::exchange(child.children, {}))
      forget(below);
}

/// Neither `path` nor anything below it exists any more.
void directory::state::forget(const std::string& path) {
  node& gone = at(path);
  gone.present = false;
  for (const std::string& child : std::exchange(gone.children, {}))
    forget(child);
}

void directory::state::list(const std::string& path, std::vector<child_status>& out) {
  const node& here = at(path);
  if (here.present && !path.empty())
    out.push_back(here.status);
  for (const std::string& child : here.children)
    list(child, out);
}

std::shared_ptr<child_slot> directory_writer::slot(const std::string& path) {
  const std::lock_guard lock{state().guard};
  return state().at(path).slot;
}

void directory_writer::set_root(const std::string& path, const supervisor_flags& flags) {
  const std::lock_guard lock{state().guard};
  auto& root = state().at(path);
  state().root = path;
  root.present = true;
  root.status.what = child_status::role::supervisor;
  root.status.flags = flags;
}

void directory_writer::clear_children(const std::string& path) {
  const std::lock_guard lock{state().guard};
  for (const std::string& child : std::exchange(state().at(path).children, {}))
    state().forget(child);
}

void directory_writer::add(const std::string& parent, const child_status& status) {
  const std::lock_guard lock{state().guard};
  state().describe(status);
  state().at(parent).children.push_back(status.path);
}

void directory_writer::describe(const child_status& status) {
  const std::lock_guard lock{state().guard};
  state().describe(status);
}

void directory_writer::arrange(const std::string& parent, const supervisor_flags& flags,
                               const std::vector<child_status>& children) {
  const std::lock_guard lock{state().guard};
  auto& above = state().at(parent);
  above.status.flags = flags;
  above.children.clear();
  for (const child_status& status : children) {
    auto& child = state().at(status.path);
    if (!child.present)
      state().describe(status);
    child.status.restart = status.restart;
    above.children.push_back(status.path);
  }
}

void directory_writer::remove(const std::string& parent, const std::string& path) {
  const std::lock_guard lock{state().guard};
  std::erase(state().at(parent).children, path);
  state().forget(path);
}

void directory_writer::running(const std::string& path, std::uint64_t incarnation) {
  const std::lock_guard lock{state().guard};
  auto& child = state().at(path);
  child.begun += 1;
  child.status.now = child_status::state::running;
  child.status.incarnation = incarnation;
  child.status.restarts = child.begun - 1;
}

void directory_writer::ended(const std::string& path, std::uint64_t incarnation,
                             const exit_reason& reason) {
  const std::lock_guard lock{state().guard};
  child_status& status = state().at(path).status;
  if (status.incarnation > incarnation)
    return;
  status.now = child_status::state::stopped;
  status.last_exit = reason;
}

void directory_writer::set_state(const std::string& path, child_status::state now) {
  const std::lock_guard lock{state().guard};
  state().at(path).status.now = now;
}

child_status directory_writer::status(const std::string& path) {
  const std::lock_guard lock{state().guard};
  return state().at(path).status;
}

} // namespace ducat
