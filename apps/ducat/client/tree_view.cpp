#include "client/tree_view.hpp"

#include <algorithm>
#include <ostream>
#include <string>

namespace ducat::cli {

namespace {

std::size_t depth_of(const std::string& path) {
  return static_cast<std::size_t>(std::ranges::count(path, '/'));
}

std::string name_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

/// Returns "one_for_one, 3/5 restarts in 10 s" or nothing.
std::string budget_of(const v1::Child& child) {
  if (child.strategy().empty())
    return {};
  std::string text = "  " + child.strategy();
  if (child.restarts_max() > 0)
    text += ", at most " + std::to_string(child.restarts_max()) + " restarts in " +
            std::to_string(child.window_ms()) + " ms";
  return text;
}

std::string line_of(const console& io, const v1::Child& child) {
  std::string text = child.kind() + "  " +
                     painted(io, colour_of_state(child.state()), child.state()) + "  incarnation " +
                     std::to_string(child.incarnation()) + "  restarts " +
                     std::to_string(child.restarts());
  text += budget_of(child);
  if (!child.last_exit().empty())
    text += "  last exit: " + child.last_exit();
  return text;
}

} // namespace

colour colour_of_state(const std::string& child_state) {
  if (child_state == "running")
    return colour::green;
  return child_state == "restarting" ? colour::yellow : colour::red;
}

void print_tree(const console& io, const v1::TreeReply& tree) {
  if (tree.children().empty())
    return;
  std::size_t top = depth_of(tree.children(0).path());
  std::size_t width = 0;
  for (const v1::Child& child : tree.children())
    top = std::min(top, depth_of(child.path()));
  const auto label = [&](const v1::Child& child) {
    return std::string(2 * (depth_of(child.path()) - top), ' ') + name_of(child.path());
  };
  for (const v1::Child& child : tree.children())
    width = std::max(width, label(child).size());
  for (const v1::Child& child : tree.children()) {
    const std::string shown = label(child);
    io.out << shown << std::string(width - shown.size() + 2, ' ') << line_of(io, child) << '\n';
  }
}

} // namespace ducat::cli
