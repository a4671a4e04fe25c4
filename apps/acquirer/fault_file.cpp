#include "fault_file.hpp"

#include "fault_keys.hpp"
#include "toml_fields.hpp"
#include "toml_file.hpp"

namespace ducat::acquirer {

namespace {

using cli::complaint;

cli::take_value take_of(std::string& into) {
  return cli::take_text(into);
}

cli::take_value take_of(std::uint32_t& into) {
  return cli::take_number(into);
}

cli::take_value take_of(std::uint64_t& into) {
  return cli::take_number(into);
}

cli::take_value take_of(std::chrono::milliseconds& into) {
  return cli::take_duration(into);
}

cli::take_value take_of(garbling& into) {
  return cli::take_word(into, all_garblings());
}

complaint take_fault(const toml::table& from, fault_rule& into) {
  cli::take_table known{{"kind", cli::take_word(into.kind, all_fault_kinds())}};
  for (const auto& [key, member] : fault_keys())
    known[key] = std::visit([&](auto of) { return take_of(into.*of); }, member);
  if (complaint wrong = cli::require(from, "kind", "fault."))
    return wrong;
  if (complaint wrong = cli::take(from, known, "fault."))
    return wrong;
  const std::string why = complaint_about(into);
  return why.empty() ? std::nullopt
                     : complaint{cli::misreading{.at = from.source(), .what = "fault: " + why}};
}

cli::take_value take_faults(std::vector<fault_rule>& into) {
  return [&into](const toml::node& value, const std::string& name) -> complaint {
    if (!value.is_array_of_tables())
      return cli::complain(value, name, "must be tables, each [[fault]]");
    for (const toml::node& each : *value.as_array())
      if (complaint wrong = take_fault(*each.as_table(), into.emplace_back()))
        return wrong;
    return std::nullopt;
  };
}

} // namespace

result<fault_file> load_faults(const std::filesystem::path& path) {
  const auto root = read_toml(path);
  if (!root)
    return tl::unexpected(root.error());
  fault_file read;
  if (const complaint wrong = cli::take(
          *root, {{"seed", cli::take_number(read.seed)}, {"fault", take_faults(read.faults)}}, ""))
    return wrong_at(path, wrong->at, wrong->what);
  return read;
}

} // namespace ducat::acquirer
