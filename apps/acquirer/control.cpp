#include "control.hpp"

#include "effect_line.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <sstream>
#include <vector>

namespace ducat::acquirer {

namespace {

using nlohmann::ordered_json;
using words = std::vector<std::string>;

words words_of(std::string_view line) {
  std::istringstream in{std::string{line}};
  words found;
  for (std::string word; in >> word;)
    found.push_back(word);
  return found;
}

std::string add_fault(host_core& host, const std::string& text) {
  auto rule = parse_fault(text);
  if (!rule)
    return "error: " + rule.error().message + "\n";
  const ordered_json answer{{"id", host.script().add(std::move(*rule))}};
  return answer.dump() + "\n";
}

std::string list_faults(host_core& host) {
  std::string lines;
  for (const armed_fault& each : host.script().armed()) {
    const ordered_json line{{"id", each.id},
                            {"fault", to_text(each.rule)},
                            {"seen", each.seen},
                            {"applied", each.applied}};
    lines += line.dump() + "\n";
  }
  return lines;
}

std::string clear_faults(host_core& host) {
  const ordered_json answer{{"cleared", host.script().armed().size()}};
  host.script().clear();
  return answer.dump() + "\n";
}

std::string show_stats(const host_core& host) {
  const host_stats& of = host.stats();
  ordered_json shown{{"received", of.received},
                     {"unreadable", of.unreadable},
                     {"unexpected", of.unexpected},
                     {"answered", of.answered},
                     {"approved", of.approved},
                     {"declined", of.declined},
                     {"advices", of.advices},
                     {"reversed", of.reversed},
                     {"duplicates", of.duplicates},
                     {"unencodable", of.unencodable},
                     {"effects", host.done().effects().size()}};
  for (const fault_kind each : all_fault_kinds())
    shown["faults"][std::string{to_string(each)}] = of.faults.at(static_cast<std::size_t>(each));
  return shown.dump() + "\n";
}

std::string show_journal(const host_core& host, const std::string& from) {
  std::uint64_t first = 0;
  const char* const last = from.data() + from.size();
  const auto [end, failure] = std::from_chars(from.data(), last, first);
  if (failure != std::errc{} || end != last || first == 0)
    return "error: journal FROM: a sequence, from 1\n";
  std::string lines;
  const auto& effects = host.done().effects();
  for (std::size_t i = first - 1; i < effects.size(); ++i)
    lines += line_of(effects[i]) + "\n";
  return lines;
}

} // namespace

std::string carry_out(host_core& host, std::string_view line) {
  const words given = words_of(line);
  if (given.size() == 3 && given[0] == "fault" && given[1] == "add")
    return add_fault(host, given[2]);
  if (given == words{"fault", "list"})
    return list_faults(host);
  if (given == words{"fault", "clear"})
    return clear_faults(host);
  if (given == words{"stats"})
    return show_stats(host);
  if (!given.empty() && given.size() <= 2 && given[0] == "journal")
    return show_journal(host, given.size() == 2 ? given[1] : "1");
  return "error: commands are fault add FAULT, fault clear, fault list, stats, journal [FROM]\n";
}

} // namespace ducat::acquirer
