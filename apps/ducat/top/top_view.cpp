#include "top/top_view.hpp"

#include "availability/figures.hpp"
#include "client/table.hpp"
#include "client/tree_view.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace ducat::cli {

namespace {

constexpr std::size_t path_width_max = 40;

/// Text and how it is painted. The width of a line counts the text only.
struct piece {
  std::string text;
  colour shade = colour::plain;
};

using line = std::vector<piece>;

std::string cut_to(std::string text, std::size_t width) {
  if (text.size() > width)
    text.resize(width);
  return text;
}

std::string shown(const console& io, const line& pieces, std::size_t width) {
  std::string all;
  for (const piece& each : pieces) {
    const std::string text = cut_to(each.text, width);
    width -= text.size();
    all += each.shade == colour::plain || text.empty() ? text : painted(io, each.shade, text);
  }
  all.erase(all.find_last_not_of(' ') + 1);
  return all + '\n';
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string padded_left(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

// The lines above the children ------------------------------------------------------------------

piece balance_of(const v1::StatusReply& status) {
  const bool is_good =
      std::ranges::all_of(status.totals(), [](const auto& each) { return each.in_balance(); });
  return is_good ? piece{"in balance", colour::green} : piece{"OUT OF BALANCE", colour::red};
}

std::string rate_text(std::optional<std::uint64_t> rate, const char* unit) {
  return rate ? " (" + std::to_string(*rate) + unit + ")" : "";
}

std::optional<std::uint64_t> rate_between(const top_sample& now, const top_sample* before,
                                          std::uint64_t (v1::StatusReply::*count)() const) {
  if (before == nullptr)
    return std::nullopt;
  return rate_of((now.status.*count)(), (before->status.*count)(), now.at - before->at);
}

line node_line(const top_sample& now) {
  return {{now.status.node() + "  " + now.status.version() + "  up " +
           span_of(std::chrono::milliseconds{now.status.uptime_ms()}) + "  ledger "},
          balance_of(now.status)};
}

line payments_line(const top_sample& now, const top_sample* before) {
  const std::uint64_t open = now.status.time_in_doubt().open();
  return {{"payments " + std::to_string(now.status.payments()) +
           rate_text(rate_between(now, before, &v1::StatusReply::payments), "/s") + "  in doubt "},
          {std::to_string(open), open == 0 ? colour::plain : colour::red},
          {"  log " + std::to_string(now.status.log_index()) +
           rate_text(rate_between(now, before, &v1::StatusReply::log_index), "/s") + " epoch " +
           std::to_string(now.status.epoch())}};
}

line nodes_line(const v1::ListNodesReply& nodes) {
  line all{{"nodes"}};
  for (const v1::ClusterNode& each : nodes.nodes()) {
    all.push_back({"  " + each.id() + " "});
    all.push_back({each.state(), each.state() == "alive" ? colour::green : colour::red});
    all.push_back({each.holds_log() ? " writes" : ""});
  }
  return all;
}

bool runs(const v1::Child& child) {
  return child.state() == "running";
}

line children_line(const top_sample& now) {
  const auto& children = now.tree.children();
  const auto running = std::ranges::count_if(children, runs);
  const auto others = static_cast<std::size_t>(children.size()) - static_cast<std::size_t>(running);
  return {{"children " + std::to_string(children.size()) + "  not running "},
          {std::to_string(others), others == 0 ? colour::plain : colour::red},
          {"  restarts " + std::to_string(now.status.restarts())}};
}

// Children ---------------------------------------------------------------------------------------

std::vector<const v1::Child*> sorted(const v1::TreeReply& tree, top_order order) {
  std::vector<const v1::Child*> all;
  for (const v1::Child& each : tree.children())
    all.push_back(&each);
  const auto least = [&](const v1::Child* child) {
    switch (order) {
    case top_order::restarts:
      return ~child->restarts();
    case top_order::life:
      return ~child->incarnation();
    case top_order::name:
      break;
    }
    return std::uint64_t{0};
  };
  std::ranges::stable_sort(all, {}, [&](const v1::Child* child) {
    return std::tuple{runs(*child), least(child), order == top_order::name ? child->path() : ""};
  });
  return all;
}

/// The end of a path says more than its beginning.
std::string path_in(std::string path, std::size_t width) {
  return path.size() <= width ? path : ".." + path.substr(path.size() - width + 2);
}

line child_line(const v1::Child& child, std::size_t path_width) {
  const std::string budget =
      child.restarts_max() == 0
          ? ""
          : std::to_string(child.restarts_max()) + "/" + std::to_string(child.window_ms()) + " ms";
  return {{padded(path_in(printable(child.path()), path_width), path_width) + "  " +
           padded(child.kind(), 10) + "  "},
          {padded(child.state(), 10), colour_of_state(child.state())},
          {padded_left(std::to_string(child.incarnation()), 6) +
           padded_left(std::to_string(child.restarts()), 10) + "  " + padded(budget, 12) + "  " +
           printable(child.last_exit())}};
}

line title_line(std::size_t path_width) {
  return {{padded("CHILD", path_width) + "  " + padded("KIND", 10) + "  " + padded("STATE", 10) +
           padded_left("LIFE", 6) + padded_left("RESTARTS", 10) + "  " + padded("BUDGET", 12) +
           "  LAST EXIT"}};
}

std::size_t path_width_of(const std::vector<const v1::Child*>& children) {
  std::size_t width = 5;
  for (const v1::Child* each : children)
    width = std::max(width, std::min(printable(each->path()).size(), path_width_max));
  return width;
}

void add_children(std::vector<line>& lines, const top_sample& now, top_order order,
                  std::size_t rows) {
  std::vector<const v1::Child*> children = sorted(now.tree, order);
  const std::size_t room = rows - std::min(rows, lines.size() + 1);
  const std::size_t count =
      children.size() <= room ? children.size() : room - std::min<std::size_t>(room, 1);
  const std::size_t more = children.size() - count;
  children.resize(count);
  const std::size_t width = path_width_of(children);
  lines.push_back(title_line(width));
  for (const v1::Child* each : children)
    lines.push_back(child_line(*each, width));
  if (more != 0)
    lines.push_back({{"and " + std::to_string(more) + " more"}});
}

} // namespace

std::optional<std::uint64_t> rate_of(std::uint64_t now, std::uint64_t before, duration between) {
  const double seconds = std::chrono::duration<double>(between).count();
  if (now < before || seconds <= 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(static_cast<double>(now - before) / seconds + 0.5);
}

std::string top_screen(const console& io, const top_sample& now, const top_sample* before,
                       top_order order, screen_size size) {
  std::vector<line> lines{node_line(now), payments_line(now, before)};
  if (!now.nodes.nodes().empty())
    lines.push_back(nodes_line(now.nodes));
  lines.push_back(children_line(now));
  lines.push_back({});
  add_children(lines, now, order, size.rows);
  lines.resize(std::min(lines.size(), size.rows));
  std::string all;
  for (const line& each : lines)
    all += shown(io, each, size.columns);
  return all;
}

} // namespace ducat::cli
