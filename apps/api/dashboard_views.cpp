#include "api/dashboard_views.hpp"

#include "api/json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <string_view>

namespace ducat::api {

namespace {

using nlohmann::json;

struct crowd {
  std::uint64_t count = 0;
  std::uint64_t restarts = 0;
  std::map<std::string, std::uint64_t> states;
};

/// By the path of the supervisor.
using crowds_by_path = std::map<std::string, crowd, std::less<>>;

std::string_view parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? std::string_view{} : path.substr(0, slash);
}

/// Returns those that have too many children to show each.
crowds_by_path crowds_in(const v1::TreeReply& tree) {
  crowds_by_path all;
  for (const v1::Child& child : tree.children()) {
    crowd& of = all[std::string{parent_of(child.path())}];
    ++of.count;
    of.restarts += child.restarts();
    ++of.states[child.state()];
  }
  std::erase_if(all, [](const auto& each) { return each.second.count <= shown_children_max; });
  return all;
}

/// Returns whether `path` is one of a crowd, or below one.
bool is_in_crowd(std::string_view path, const crowds_by_path& crowds) {
  while (!path.empty()) {
    path = parent_of(path);
    if (crowds.contains(path))
      return true;
  }
  return false;
}

void add_row(std::string& list, const std::string& row) {
  list.append(list.size() == 1 ? "" : ",").append(row);
}

std::string root_json(const v1::SupervisorSpec& spec) {
  return json{{"strategy", spec.strategy()},
              {"restarts_max", spec.restarts_max()},
              {"window_ms", std::to_string(spec.window_ms())}}
      .dump();
}

std::string row_json(const v1::Payment& payment, const std::string& event, const std::string& type,
                     std::uint64_t at_ns) {
  return json{{"id", payment.id()},
              {"event", event},
              {"type", type},
              {"at_ns", std::to_string(at_ns)},
              {"state", v1::Payment::State_Name(payment.state())},
              {"from", payment.from()},
              {"to", payment.to()},
              {"amount", std::to_string(payment.amount())},
              {"currency", payment.currency()},
              {"card", payment.card()}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

bool is_open(const v1::Attempt& attempt) {
  return attempt.in_doubt_at_ns() != 0 && attempt.resolved_at_ns() == 0;
}

} // namespace

std::string tree_json(const v1::TreeReply& tree) {
  const crowds_by_path crowds = crowds_in(tree);
  std::string children = "[";
  for (const v1::Child& child : tree.children())
    if (!is_in_crowd(child.path(), crowds))
      add_row(children, to_json(child).value_or("{}"));
  json counted = json::array();
  for (const auto& [path, of] : crowds)
    counted.push_back(
        {{"path", path}, {"count", of.count}, {"states", of.states}, {"restarts", of.restarts}});
  return "{\"root\":" + root_json(tree.spec()) + ",\"children\":" + children +
         "],\"crowds\":" + counted.dump(-1, ' ', false, json::error_handler_t::replace) + "}";
}

std::string children_json(const v1::TreeReply& tree, const std::string& path, std::size_t from) {
  std::string page = "[";
  std::size_t count = 0;
  for (const v1::Child& child : tree.children()) {
    if (parent_of(child.path()) != path)
      continue;
    if (count >= from && count - from < children_page_size)
      add_row(page, to_json(child).value_or("{}"));
    ++count;
  }
  return "{\"children\":" + page + "],\"count\":" + std::to_string(count) + "}";
}

std::string figures_json(const v1::FiguresReply& figures) {
  json rows = json::array();
  for (const v1::ChildFigures& each : figures.children()) {
    const std::uint64_t waiting = each.waiting() + each.kept();
    if (waiting == 0 && !each.has_restarts_left() && each.zombies() == 0)
      continue;
    json& row = rows.emplace_back(json{{"path", each.path()}, {"waiting", waiting}});
    if (each.has_restarts_left())
      row["restarts_left"] = each.restarts_left();
    row["zombies"] = each.zombies();
  }
  return json{{"children", rows}}.dump();
}

std::string payment_row(const v1::Event& what) {
  return row_json(what.payment(), what.id(), what.type(), what.occurred_at_ns());
}

std::string doubt_row(const v1::Payment& payment) {
  const auto open = std::ranges::find_if(payment.attempts(), is_open);
  const bool is_one = open != payment.attempts().end();
  return row_json(payment, "", is_one ? open->reason() : "",
                  is_one ? open->in_doubt_at_ns() : payment.created_at_ns());
}

bool is_in_doubt(const v1::Payment& payment) {
  return payment.state() == v1::Payment::IN_DOUBT || payment.state() == v1::Payment::EXCEPTION ||
         std::ranges::any_of(payment.attempts(), is_open);
}

std::string rows_json(const std::vector<std::string>& rows, const char* name, bool flag) {
  std::string list = "[";
  for (const std::string& row : rows)
    add_row(list, row);
  return "{\"data\":" + list + "],\"" + name + "\":" + (flag ? "true" : "false") + "}";
}

} // namespace ducat::api
