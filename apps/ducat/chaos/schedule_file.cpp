#include "chaos/schedule_file.hpp"

#include "toml_fields.hpp"
#include "toml_file.hpp"

#include <sstream>

namespace ducat::cli {

namespace {

using std::chrono::milliseconds;

take_value take_durations(std::vector<milliseconds>& into) {
  return [&into](const toml::node& value, const std::string& name) -> complaint {
    if (!value.is_array())
      return complain(value, name, "must be a list of durations such as \"500ms\"");
    for (const toml::node& each : *value.as_array()) {
      milliseconds one{};
      if (complaint wrong = take_duration(one)(each, name))
        return wrong;
      into.push_back(one);
    }
    return std::nullopt;
  };
}

complaint take_rule(const toml::node& value, fault_rule& into) {
  if (!value.is_table())
    return complain(value, "fault", "must be a table");
  const toml::table& table = *value.as_table();
  if (complaint wrong = require(table, "kind", "fault."))
    return wrong;
  return take(table,
              {{"kind", take_word(into.what, all_fault_actions())},
               {"point", take_text(into.point)},
               {"child", take_text(into.child)},
               {"node", take_text(into.node)},
               {"at", take_durations(into.at)},
               {"every", take_duration(into.every)},
               {"jitter", take_duration(into.jitter)},
               {"from", take_duration(into.from)},
               {"until", take_duration(into.until)},
               {"times", take_number(into.times)},
               {"lease", take_duration(into.lease)}},
              "fault.");
}

take_value take_rules(std::vector<fault_rule>& into) {
  return [&into](const toml::node& value, const std::string& name) -> complaint {
    if (!value.is_array())
      return complain(value, name, "must be tables [[fault]]");
    for (const toml::node& each : *value.as_array())
      if (complaint wrong = take_rule(each, into.emplace_back()))
        return wrong;
    return std::nullopt;
  };
}

std::string quoted(milliseconds time) {
  return "\"" + std::to_string(time.count()) + "ms\"";
}

/// A long list has several lines.
std::string list_of(const std::vector<milliseconds>& times) {
  constexpr std::size_t in_a_line = 8;
  std::string text = "[";
  for (std::size_t i = 0; i < times.size(); ++i)
    text += (i == 0 ? "" : i % in_a_line == 0 ? ",\n      " : ", ") + quoted(times[i]);
  return text + "]";
}

std::string toml_of_rule(const fault_rule& rule) {
  std::ostringstream text;
  const auto line = [&](const char* name, const std::string& value) {
    text << name << " = " << value << '\n';
  };
  const auto named = [&](const char* name, const std::string& value) {
    if (!value.empty())
      line(name, (std::ostringstream{} << toml::value<std::string>{value}).str());
  };
  const auto timed = [&](const char* name, milliseconds value) {
    if (value != milliseconds{})
      line(name, quoted(value));
  };
  text << "\n[[fault]]\nkind = \"" << rule.what << "\"\n";
  named("point", rule.point);
  named("child", rule.child);
  named("node", rule.node);
  if (!rule.at.empty())
    line("at", list_of(rule.at));
  timed("every", rule.every);
  timed("jitter", rule.jitter);
  timed("from", rule.from);
  timed("until", rule.until);
  line("times", std::to_string(rule.times));
  line("lease", quoted(rule.lease));
  return text.str();
}

} // namespace

std::string to_toml(const fault_schedule& schedule) {
  std::string text =
      "seed = " + std::to_string(schedule.seed) + "\nlength = " + quoted(schedule.length) + "\n";
  for (const fault_rule& each : schedule.rules)
    text += toml_of_rule(each);
  return text;
}

result<fault_schedule> read_schedule(const std::filesystem::path& file) {
  const auto table = read_toml(file);
  if (!table)
    return tl::unexpected(table.error());
  fault_schedule made;
  if (const complaint wrong = take(*table,
                                   {{"seed", take_number(made.seed)},
                                    {"length", take_duration(made.length)},
                                    {"fault", take_rules(made.rules)}},
                                   ""))
    return wrong_at(file, wrong->at, wrong->what);
  if (const auto good = check(made); !good)
    return fail(good.error().code, file.string() + ": " + good.error().message);
  return made;
}

} // namespace ducat::cli
