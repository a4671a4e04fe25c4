#include "supervision/count_starts.hpp"
#include "supervision/lint_rules.hpp"

#include <ducat/lint.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace ducat {

namespace {

using supervision::lint_link;
using end = start_count::end;

/// Goes through one tree.
class linter {
public:
  void look_at(const std::string& path, const supervisor_spec& spec, const lint_link* above) {
    supervision::lint_flags(path, spec, report_.findings);
    start_count most{.path = "", .starts = 0};
    for (const child_spec& child : spec.children) {
      const lint_link link{.child = child,
                           .in = spec,
                           .path = path.empty() ? child.id : path + "/" + child.id,
                           .above = above};
      supervision::lint_child(link, report_.findings);
      if (!supervision::is_worker(child))
        look_at_children(link);
      else if (const start_count count = look_at_starts(link); count.starts > most.starts)
        most = count;
    }
    if (most.starts > lint_starts_max)
      report_.findings.push_back(supervision::too_large(path, most));
  }

  lint_report take() { return std::move(report_); }

private:
  void look_at_children(const lint_link& link) {
    if (link.child.pool)
      look_at(link.path, supervision::outline_of_pool(link.child), &link);
    else
      look_at(link.path, *link.child.supervisor, &link);
  }

  /// Returns the count if it ends, else one without starts.
  start_count look_at_starts(const lint_link& leaf) {
    const start_count& count = report_.starts.emplace_back(supervision::count_starts(leaf));
    if (count.then != end::goes_on)
      return count;
    if (outlasted_.insert(count.at).second)
      report_.findings.push_back(supervision::never_exceeded(leaf, count));
    return {.path = count.path, .starts = 0};
  }

  lint_report report_;
  std::set<std::string> outlasted_; // The children that it has been said of.
};

} // namespace

bool lint_report::has_warnings() const noexcept {
  return std::ranges::any_of(findings, [](const lint_finding& found) {
    return severity_of(found.code) == lint_severity::warning;
  });
}

const start_count* lint_report::starts_before_root_gives_up() const noexcept {
  const start_count* most = nullptr;
  for (const start_count& count : starts)
    if (count.then == end::root_gives_up && (most == nullptr || count.starts > most->starts))
      most = &count;
  return most;
}

lint_report lint(const supervisor_spec& spec) {
  linter look;
  look.look_at("", spec, nullptr);
  return look.take();
}

} // namespace ducat
