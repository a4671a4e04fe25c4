#include "chaos/schedule_file.hpp"

#include "toml_fields.hpp"
#include "toml_file.hpp"

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

} // namespace

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
