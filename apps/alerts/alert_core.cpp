#include "alerts/alert_core.hpp"

#include <algorithm>
#include <set>

namespace ducat::alerts {

namespace {

constexpr std::size_t silences_max = 100;

bool has_passed(log_time since, duration time, log_time now) {
  return now.nanoseconds - since.nanoseconds >= static_cast<std::uint64_t>(time.count());
}

/// One that is pending is over when it does not hold; one that fires, when it has not for a while.
bool is_over(const rule& of, const alert& about, log_time now) {
  return about.gone_since != log_time{} &&
         (about.now == alert::state::pending || has_passed(about.gone_since, of.release, now));
}

} // namespace

std::string_view to_string(severity how) noexcept {
  return how == severity::page ? "page" : "ticket";
}

std::string_view to_string(notice::kind what) noexcept {
  switch (what) {
    using enum notice::kind;
  case fired:
    return "fired";
  case reminded:
    return "reminded";
  case resolved:
    return "resolved";
  }
  return "unknown";
}

alert_core::alert_core(std::vector<rule> rules, duration remind_every)
    : rules_{std::move(rules)}, remind_every_{remind_every} {}

const rule* alert_core::find_rule(const std::string& name) const {
  const auto found = std::ranges::find(rules_, name, &rule::name);
  return found == rules_.end() ? nullptr : &*found;
}

std::vector<notice> alert_core::look(const observation& seen, log_time now) {
  std::erase_if(silences_, [&](const silence& each) { return each.until <= now; });
  std::set<key> held;
  for (const finding& each : seen.holds)
    if (const rule* of = find_rule(each.rule)) {
      begin_or_go_on(*of, each, now);
      held.emplace(each.rule, each.subject);
    }
  const std::set<std::string> unseen{seen.unseen.begin(), seen.unseen.end()};
  std::vector<notice> told;
  for (auto at = alerts_.begin(); at != alerts_.end();) {
    alert& each = at->second;
    const rule& of = *find_rule(each.rule);
    put_state(of, each, !unseen.contains(each.rule), held.contains(at->first), now);
    if (of.is_of_cluster && !seen.speaks_for_cluster)
      each.told_at = {}; // Who tells instead tells of its end, too.
    else
      tell(of, each, now, told);
    at = is_over(of, each, now) ? alerts_.erase(at) : std::next(at);
  }
  return told;
}

void alert_core::put_state(const rule& of, alert& about, bool is_seen, bool is_held,
                           log_time now) const {
  about.is_silenced = is_silenced(about, now);
  if (is_seen && !is_held && about.gone_since == log_time{})
    about.gone_since = now;
  if (is_held && about.now == alert::state::pending && has_passed(about.since, of.hold, now)) {
    about.now = alert::state::firing;
    about.fired_at = now;
  }
}

void alert_core::begin_or_go_on(const rule& of, const finding& found, log_time now) {
  const auto [at, is_new] = alerts_.try_emplace({found.rule, found.subject});
  alert& about = at->second;
  if (is_new)
    about = {.rule = found.rule,
             .subject = found.subject,
             .text = {},
             .action = of.action,
             .how = of.how,
             .since = now};
  about.text = found.text;
  about.gone_since = {};
}

/// Decides what is said of one alert now.
void alert_core::tell(const rule& of, alert& about, log_time now, std::vector<notice>& told) const {
  if (about.now == alert::state::pending)
    return;
  if (is_over(of, about, now)) {
    if (about.told_at != log_time{}) // Who was not told of it need not know that it is over.
      told.push_back({notice::kind::resolved, about});
    return;
  }
  if (about.is_silenced || about.gone_since != log_time{})
    return;
  const bool is_first = about.told_at == log_time{};
  const bool is_due =
      about.acknowledged_by.empty() && has_passed(about.told_at, remind_every_, now);
  if (!is_first && !is_due)
    return;
  about.told_at = now;
  told.push_back({is_first ? notice::kind::fired : notice::kind::reminded, about});
}

bool alert_core::is_silenced(const alert& about, log_time now) const {
  return std::ranges::any_of(silences_, [&](const silence& each) {
    return now < each.until && (each.rule.empty() || each.rule == about.rule) &&
           (each.subject.empty() || each.subject == about.subject);
  });
}

result<alert> alert_core::acknowledge(const std::string& rule, const std::string& subject,
                                      std::string by) {
  const auto found = alerts_.find({rule, subject});
  if (found == alerts_.end() || found->second.now != alert::state::firing)
    return fail(errc::not_found, "this alert does not fire");
  found->second.acknowledged_by = std::move(by);
  return found->second;
}

result<silence> alert_core::add(silence what, log_time now) {
  if (what.until <= now)
    return fail(errc::invalid_argument, "the silence is over already");
  if (silences_.size() >= silences_max)
    return fail(errc::invalid_argument, "there are too many silences");
  what.id = ++newest_silence_;
  silences_.push_back(what);
  return what;
}

result<void> alert_core::lift(std::uint64_t silence_id) {
  if (std::erase_if(silences_, [&](const silence& each) { return each.id == silence_id; }) == 0)
    return fail(errc::not_found, "there is no such silence");
  return {};
}

std::vector<alert> alert_core::list() const {
  std::vector<alert> all;
  for (const auto& [where, each] : alerts_)
    all.push_back(each);
  std::ranges::stable_sort(all, {}, [](const alert& each) {
    return std::pair{each.now != alert::state::firing, each.since};
  });
  return all;
}

std::vector<silence> alert_core::silences(log_time now) const {
  std::vector<silence> all;
  for (const silence& each : silences_)
    if (now < each.until)
      all.push_back(each);
  return all;
}

} // namespace ducat::alerts
