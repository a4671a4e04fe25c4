#include "check/checker.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace ducat::cli {

namespace {

constexpr std::array all_kinds{
    finding_kind::lost,      finding_kind::doubled,    finding_kind::phantom,
    finding_kind::altered,   finding_kind::receipt,    finding_kind::impossible,
    finding_kind::overdrawn, finding_kind::unbalanced, finding_kind::broken};
static_assert(all_kinds.size() == finding_kinds);

nlohmann::ordered_json json_of_totals(const verdict& given) {
  auto totals = nlohmann::ordered_json::array();
  for (const auto& [currency, sums] : given.sums)
    totals.push_back({{"currency", currency},
                      {"debits_posted", decimal(sums.debits_posted)},
                      {"credits_posted", decimal(sums.credits_posted)},
                      {"debits_pending", decimal(sums.debits_pending)},
                      {"credits_pending", decimal(sums.credits_pending)}});
  return totals;
}

nlohmann::ordered_json json_of_findings(const verdict& given) {
  auto list = nlohmann::ordered_json::array();
  for (const finding& found : given.found.kept())
    list.push_back({{"kind", to_string(found.kind)},
                    {"index", found.index},
                    {"subject", found.subject},
                    {"text", found.text}});
  return list;
}

} // namespace

void print_table(std::ostream& out, const verdict& given) {
  out << "log           " << given.entries << " entries, " << given.commands << " commands, "
      << given.accounts << " accounts, " << given.payments << " payments\n"
      << "asked         " << given.invoked << '\n'
      << "acknowledged  " << given.acknowledged << ", of these declined " << given.declined << '\n'
      << "refused       " << given.refused << '\n'
      << "in doubt      " << given.in_doubt << ", of these committed " << given.in_doubt_committed
      << '\n';
  if (given.said != 0)
    out << "settlement    " << given.said << " things said, and compared\n";
  for (const auto& [currency, sums] : given.sums)
    out << currency << "           debits " << decimal(sums.debits_posted) << ", credits "
        << decimal(sums.credits_posted) << (sums.are_equal() ? "" : "  NOT EQUAL") << '\n';
  for (const finding_kind kind : all_kinds)
    out << to_string(kind) << std::string(14 - to_string(kind).size(), ' ')
        << given.found.count(kind) << '\n';
  for (const finding& found : given.found.kept())
    out << found << '\n';
  out << "verdict       " << to_string(given.result) << '\n';
}

void print_json(std::ostream& out, const verdict& given) {
  nlohmann::ordered_json document{
      {"verdict", to_string(given.result)}, {"entries", given.entries},
      {"commands", given.commands},         {"accounts", given.accounts},
      {"payments", given.payments},         {"said", given.said},
      {"invoked", given.invoked},           {"acknowledged", given.acknowledged},
      {"declined", given.declined},         {"refused", given.refused},
      {"in_doubt", given.in_doubt},         {"in_doubt_committed", given.in_doubt_committed}};
  for (const finding_kind kind : all_kinds)
    document[std::string{to_string(kind)}] = given.found.count(kind);
  document["last_hash"] = given.last_hash;
  document["totals"] = json_of_totals(given);
  document["findings"] = json_of_findings(given);
  out << document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

} // namespace ducat::cli
