#include <ducat/availability_board.hpp>

#include <algorithm>
#include <utility>

namespace ducat::monitor {

namespace {

bool is_at_or_below(const std::string& name, std::string_view top) {
  if (top.empty() || name == top)
    return true;
  return name.size() > top.size() && name.starts_with(top) && name[top.size()] == '/';
}

std::optional<prediction> predicted_from(const redundancy& mode, const measured& units) {
  const auto mtbf = mtbf_of(units);
  const auto mttr = mttr_of(units);
  if (!mtbf || !mttr)
    return std::nullopt;
  const auto made = predict(mode, {.mtbf = *mtbf, .mttr = *mttr});
  return made ? std::optional{*made} : std::nullopt;
}

} // namespace

std::string_view to_string(subject::kind value) noexcept {
  switch (value) {
  case subject::kind::cluster:
    return "cluster";
  case subject::kind::node:
    return "node";
  case subject::kind::group:
    return "group";
  case subject::kind::child:
    return "child";
  }
  return "unknown";
}

availability_board::availability_board(clock_function clock) : clock_{std::move(clock)} {}

void availability_board::set(const subject& about, condition now) {
  const std::lock_guard lock{guard_};
  tell(about, now, clock_());
}

void availability_board::set_since(time_point since, const subject& about, condition now) {
  const std::lock_guard lock{guard_};
  tell(about, now, since);
}

/// Needs the guard.
void availability_board::tell(const subject& about, condition now, time_point at) {
  auto& tracker = entries_[about].tracker;
  if (tracker)
    tracker->set(now, at);
  else
    tracker.emplace(now, at);
}

void availability_board::set_part(const subject& part, const subject& whole) {
  const std::lock_guard lock{guard_};
  auto& wholes = entries_[part].wholes;
  if (std::ranges::find(wholes, whole) == wholes.end())
    wholes.push_back(whole);
}

void availability_board::describe(const subject& about, const redundancy& how) {
  const std::lock_guard lock{guard_};
  entries_[about].mode = how;
}

void availability_board::forget(const subject& about) {
  const std::lock_guard lock{guard_};
  entries_.erase(about);
}

/// Returns what the parts of each whole count together. Needs the guard.
std::map<subject, availability_board::units>
availability_board::units_of_all(window what, time_point now) const {
  std::map<subject, units> all;
  for (const auto& [about, known] : entries_) {
    if (known.wholes.empty() || !known.tracker)
      continue;
    const measured counted = known.tracker->over(what, now);
    for (const subject& whole : known.wholes) {
      units& sum = all[whole];
      sum.counted += counted;
      sum.count += 1;
    }
  }
  return all;
}

std::vector<subject_report> availability_board::report(window what, std::string_view name) const {
  const std::lock_guard lock{guard_};
  const time_point now = clock_();
  const auto parts = units_of_all(what, now);
  std::vector<subject_report> lines;
  for (const auto& [about, known] : entries_) {
    if (!known.tracker || !is_at_or_below(about.name, name))
      continue;
    subject_report line{.about = about,
                        .now = known.tracker->current(),
                        .counted = known.tracker->over(what, now),
                        .mode = known.mode.value_or(redundancy{})};
    if (line.mode.mode == redundancy_mode::single) {
      line.predicted = predicted_from(line.mode, line.counted);
    } else if (const auto found = parts.find(about); found != parts.end()) {
      if (line.mode.units == 0)
        line.mode.units = found->second.count;
      line.predicted = predicted_from(line.mode, found->second.counted);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

} // namespace ducat::monitor
