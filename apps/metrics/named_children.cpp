#include "metrics/named_children.hpp"

#include <cstdint>

namespace ducat::metrics {

namespace {

void add_children(const v1::SupervisorSpec& of, const std::string& under,
                  std::set<std::string>& paths);

void add_pool(const v1::PoolSpec& pool, const std::string& path, std::set<std::string>& paths) {
  paths.insert(path + "/router");
  for (std::uint32_t i = 1; i <= pool.size(); ++i)
    paths.insert(path + "/w" + std::to_string(i));
}

void add_child(const v1::ChildSpec& of, const std::string& under, std::set<std::string>& paths) {
  const std::string path = under.empty() ? of.id() : under + "/" + of.id();
  paths.insert(path);
  if (of.has_pool())
    add_pool(of.pool(), path, paths);
  if (of.has_supervisor())
    add_children(of.supervisor(), path, paths);
}

void add_children(const v1::SupervisorSpec& of, const std::string& under,
                  std::set<std::string>& paths) {
  if (of.strategy() == "simple_one_for_one")
    return;
  for (const v1::ChildSpec& each : of.children())
    add_child(each, under, paths);
}

} // namespace

std::set<std::string> named_children(const v1::SupervisorSpec& root) {
  std::set<std::string> paths;
  add_children(root, "", paths);
  return paths;
}

std::set<std::string> named_in(const node_figures& of) {
  if (!of.measured)
    return of.tree ? named_children(of.tree->spec()) : std::set<std::string>{};
  std::set<std::string> paths;
  for (const v1::ChildFigures& each : of.measured->children())
    paths.insert(each.path());
  return paths;
}

} // namespace ducat::metrics
