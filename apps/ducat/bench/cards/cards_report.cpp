#include "bench/cards/cards_report.hpp"

#include "client/table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ostream>
#include <thread>

namespace ducat::cli {

namespace {

std::string list_of(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    if (count != 0)
      text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  return text;
}

std::string doubt_of(const cards_report& report) {
  const v1::TimeInDoubt& of = report.time_in_doubt;
  return fmt::format("{} attempts: p50 {} ms, p99 {} ms, longest {} ms; {} still", of.ended(),
                     of.p50_ms(), of.p99_ms(), of.longest_ms(), of.open());
}

std::string raw_of(const cards_report& report) {
  if (!report.raw_per_second)
    return "";
  return fmt::format("{:.0f} payments/s by terminals without a node; with one {:.2f} of that",
                     *report.raw_per_second, report.per_second() / *report.raw_per_second);
}

std::string join_of(const cards::join_report& of) {
  return fmt::format("{} on both sides, {} on neither, {} open, {} explained by an exception, {} "
                     "mismatched",
                     of.matched, of.neither, of.open, of.explained, of.mismatched);
}

std::string told_of(const told_report& of) {
  return fmt::format("{} payments, {} of them not as told", of.told, of.broken);
}

std::string book_of(const card_verdict& of) {
  return fmt::format("captured {}, credited {}, {}", of.captured, of.credited,
                     of.in_balance ? "in balance" : "OUT OF BALANCE");
}

void print_complaints(std::ostream& out, const card_verdict& verdict) {
  for (const std::string& each : verdict.join.mismatches)
    out << "mismatch: " << each << '\n';
  for (const std::string& each : verdict.told.complaints)
    out << "not as told: " << each << '\n';
}

} // namespace

void print(std::ostream& out, const cards_report& report) {
  print_fields(
      out, {{"payments/s", fmt::format("{:.0f} ({} in {:.1f} s)", report.per_second(),
                                       report.answered, report.seconds)},
            {"answer", fmt::format("p50 {:.1f} ms, p99 {:.1f} ms, worst {:.0f} ms", report.p50_ms,
                                   report.p99_ms, report.worst_ms)},
            {"given up", report.not_answered == 0 ? "" : std::to_string(report.not_answered)},
            {"log", fmt::format("{:.2f} entries for each payment", report.entries)},
            {"raw", raw_of(report)},
            {"crashes",
             fmt::format("{} of parts, {} of the node", report.blows.crashes, report.blows.kills)},
            {"mistakes", list_of(report.mistakes)},
            {"by state", list_of(report.verdict.join.states)},
            {"in doubt", doubt_of(report)},
            {"settled", fmt::format("{:.1f} s after the last fault{}", report.settled_s,
                                    report.is_settled ? "" : ": NOT SETTLED")},
            {"attempts", join_of(report.verdict.join)},
            {"clients", told_of(report.verdict.told)},
            {"book", book_of(report.verdict)}});
  print_complaints(out, report.verdict);
  out << (report.is_good() ? "both sides agree\n" : "BOTH SIDES DO NOT AGREE\n");
}

void print_json(std::ostream& out, const cards_arguments& arguments, const cards_report& report) {
  const cards::join_report& join = report.verdict.join;
  const v1::TimeInDoubt& doubt = report.time_in_doubt;
  nlohmann::ordered_json document{
      {"bench", "cards"},
      {"cores", std::thread::hardware_concurrency()},
      {"clients", arguments.clients},
      {"workers", arguments.workers},
      {"faults", arguments.faults},
      {"seconds", report.seconds},
      {"answered", report.answered},
      {"not_answered", report.not_answered},
      {"per_second", report.per_second()},
      {"p50_ms", report.p50_ms},
      {"p99_ms", report.p99_ms},
      {"worst_ms", report.worst_ms},
      {"entries_per_payment", report.entries},
      {"crashes", report.blows.crashes},
      {"kills", report.blows.kills},
      {"mistakes", report.mistakes},
      {"states", join.states},
      {"time_in_doubt",
       {{"ended", doubt.ended()},
        {"open", doubt.open()},
        {"p50_ms", doubt.p50_ms()},
        {"p99_ms", doubt.p99_ms()},
        {"longest_ms", doubt.longest_ms()}}},
      {"settled", report.is_settled},
      {"settled_s", report.settled_s},
      {"attempts",
       {{"matched", join.matched},
        {"neither", join.neither},
        {"open", join.open},
        {"explained", join.explained},
        {"mismatched", join.mismatched}}},
      {"mismatches", join.mismatches},
      {"told", {{"payments", report.verdict.told.told}, {"broken", report.verdict.told.broken}}},
      {"not_as_told", report.verdict.told.complaints},
      {"captured", report.verdict.captured},
      {"credited", report.verdict.credited},
      {"in_balance", report.verdict.in_balance},
      {"agree", report.is_good()}};
  if (report.raw_per_second)
    document["raw_per_second"] = *report.raw_per_second;
  out << document.dump(2) << '\n';
}

} // namespace ducat::cli
