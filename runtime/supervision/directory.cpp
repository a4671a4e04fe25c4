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
  if (const auto root = state_->nodes.find(state_->root); root != state_->nodes.end())
    state_->list(root->second, all);
  return all;
}

supervisor_spec directory::spec() const {
  const std::lock_guard lock{state_->guard};
  const auto root = state_->nodes.find(state_->root);
  return root == state_->nodes.end() ? supervisor_spec{} : state_->spec_of(root->second);
}

supervisor_spec directory::state::spec_of(const node& supervisor) const {
  if (!supervisor.below)
    return {};
  supervisor_spec made{.flags = supervisor.below->flags.value_or(supervisor_flags{}),
                       .children = {}};
  for (const node* const child : supervisor.below->children) {
    if (!child->spec)
      continue;
    child_spec& shown = made.children.emplace_back(*child->spec);
    if (!shown.supervisor || !child->below || child->below->children.empty() ||
        shown.supervisor->flags.strategy == simple_one_for_one)
      continue;
    shown.supervisor = std::make_shared<const supervisor_spec>(spec_of(*child));
  }
  return made;
}

directory::state::supervisor_part& directory::state::part_of(node& supervisor) {
  if (!supervisor.below)
    supervisor.below = std::make_unique<supervisor_part>();
  return *supervisor.below;
}

child_status directory::state::status_of(const node& here) {
  return {.path = here.slot->path(),
          .what = here.what,
          .now = here.now,
          .incarnation = here.incarnation,
          .restarts = here.begun == 0 ? 0 : here.begun - 1,
          .restart = here.restart,
          .flags = here.below ? here.below->flags : std::nullopt,
          .last_exit = here.last_exit ? *here.last_exit : exit_reason{},
          .spec = here.spec};
}

directory::state::node& directory::state::at(const std::string& path) {
  if (const auto found = nodes.find(path); found != nodes.end())
    return found->second;
  auto slot = std::make_shared<child_slot>(path);
  const std::string_view key = slot->path();
  return nodes.emplace(key, node{.slot = std::move(slot)}).first->second;
}

void directory::state::describe(const child_status& status) {
  node& child = at(status.path);
  child.present = true;
  child.what = status.what;
  child.restart = status.restart;
  child.spec = status.spec;
  if (status.flags || child.below)
    part_of(child).flags = status.flags;
  if (status.what != child_status::role::supervisor)
    forget_children(child);
}

/// Neither `gone` nor anything below it exists any more.
void directory::state::forget(node& gone) {
  gone.present = false;
  gone.spec = nullptr;
  forget_children(gone);
}

void directory::state::forget_children(node& parent) {
  if (parent.below)
    for (node* const child : std::exchange(parent.below->children, {}))
      forget(*child);
}

void directory::state::list(const node& here, std::vector<child_status>& out) const {
  if (here.present && !here.slot->path().empty())
    out.push_back(status_of(here));
  if (here.below)
    for (const node* const child : here.below->children)
      list(*child, out);
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
  root.what = child_status::role::supervisor;
  directory::state::part_of(root).flags = flags;
}

void directory_writer::clear_children(const std::string& path) {
  const std::lock_guard lock{state().guard};
  state().forget_children(state().at(path));
}

void directory_writer::add(const std::string& parent, const child_status& status) {
  const std::lock_guard lock{state().guard};
  state().describe(status);
  auto& child = state().at(status.path);
  auto& above = directory::state::part_of(state().at(parent)).children;
  child.place = above.insert(above.end(), &child);
}

void directory_writer::describe(const child_status& status) {
  const std::lock_guard lock{state().guard};
  state().describe(status);
}

void directory_writer::arrange(const std::string& parent, const supervisor_flags& flags,
                               const std::vector<child_status>& children) {
  const std::lock_guard lock{state().guard};
  auto& above = directory::state::part_of(state().at(parent));
  above.flags = flags;
  above.children.clear();
  for (const child_status& status : children) {
    auto& child = state().at(status.path);
    if (!child.present)
      state().describe(status);
    child.restart = status.restart;
    child.spec = status.spec;
    child.place = above.children.insert(above.children.end(), &child);
  }
}

void directory_writer::remove(const std::string& parent, const std::string& path, bool for_ever) {
  const std::lock_guard lock{state().guard};
  auto& gone = state().at(path);
  if (gone.present)
    directory::state::part_of(state().at(parent)).children.erase(gone.place);
  state().forget(gone);
  if (!for_ever)
    return;
  auto& nodes = state().nodes;
  const auto below = nodes.upper_bound(path + "/");
  nodes.erase(below, std::find_if(below, nodes.end(), [&path](const auto& node) {
                return !node.first.starts_with(path + "/");
              }));
  nodes.erase(path);
}

std::uint64_t directory_writer::next_instance(const std::string& path) {
  const std::lock_guard lock{state().guard};
  return ++directory::state::part_of(state().at(path)).instances;
}

void directory_writer::running(const std::string& path, std::uint64_t incarnation) {
  const std::lock_guard lock{state().guard};
  auto& child = state().at(path);
  child.begun += 1;
  child.now = child_status::state::running;
  child.incarnation = incarnation;
}

void directory_writer::ended(const std::string& path, std::uint64_t incarnation,
                             const exit_reason& reason) {
  const std::lock_guard lock{state().guard};
  auto& child = state().at(path);
  if (child.incarnation > incarnation)
    return;
  child.now = child_status::state::stopped;
  child.last_exit = reason == exit_reason{} ? nullptr : std::make_unique<exit_reason>(reason);
}

void directory_writer::set_state(const std::string& path, child_status::state now) {
  const std::lock_guard lock{state().guard};
  state().at(path).now = now;
}

child_status directory_writer::status(const std::string& path) {
  const std::lock_guard lock{state().guard};
  return directory::state::status_of(state().at(path));
}

} // namespace ducat
