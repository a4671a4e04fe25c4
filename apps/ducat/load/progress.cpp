#include "load/progress.hpp"

#include <nlohmann/json.hpp>

namespace ducat::cli {

namespace {

std::uint64_t milliseconds(duration value) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(value).count());
}

/// Returns answered operations per second.
std::uint64_t rate_of(const import_summary& summary) {
  const std::uint64_t elapsed_ms = milliseconds(summary.elapsed);
  return elapsed_ms == 0 ? 0 : (summary.acknowledged + summary.refused) * 1000 / elapsed_ms;
}

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t i = digits.size(); i > 3; i -= 3)
    digits.insert(i - 3, ",");
  return digits;
}

std::string seconds_text(std::uint64_t value_ms) {
  return std::to_string(value_ms / 1000) + "." + std::to_string(value_ms % 1000 / 100) + " s";
}

std::string trouble_in(const import_summary& summary) {
  std::string text;
  const auto add = [&](std::uint64_t count, const char* what) {
    if (count > 0)
      text += ", " + grouped(count) + what;
  };
  add(summary.retries, " retries");
  add(summary.refused, " refused");
  add(summary.in_doubt, " in doubt");
  return text;
}

} // namespace

std::string progress_line(const import_summary& so_far) {
  const std::uint64_t done = so_far.finished();
  const std::uint64_t percent = so_far.operations == 0 ? 100 : done * 100 / so_far.operations;
  const std::uint64_t rate = rate_of(so_far);
  std::string line = grouped(done) + " of " + grouped(so_far.operations) + " (" +
                     std::to_string(percent) + " %), " + grouped(rate) + "/s";
  if (rate > 0)
    line += ", " + grouped((so_far.operations - done) / rate) + " s left";
  return line + trouble_in(so_far);
}

std::string summary_text(const import_summary& summary) {
  const auto line = [](const std::string& name, const std::string& value) {
    return name + std::string(14 - name.size(), ' ') + value + '\n';
  };
  std::string text =
      line("operations", grouped(summary.operations)) +
      line("acknowledged", grouped(summary.acknowledged)) +
      line("  replayed", grouped(summary.replayed)) +
      line("  declined", grouped(summary.declined)) + line("refused", grouped(summary.refused)) +
      line("in doubt", grouped(summary.in_doubt)) + line("not done", grouped(summary.not_done)) +
      line("retries", grouped(summary.retries)) +
      line("elapsed", seconds_text(milliseconds(summary.elapsed))) +
      line("rate", grouped(rate_of(summary)) + "/s");
  for (const std::string& refusal : summary.refusals)
    text += line("refused", refusal);
  return text;
}

std::string summary_json(const import_summary& summary) {
  const nlohmann::ordered_json document{{"operations", summary.operations},
                                        {"acknowledged", summary.acknowledged},
                                        {"replayed", summary.replayed},
                                        {"declined", summary.declined},
                                        {"refused", summary.refused},
                                        {"in_doubt", summary.in_doubt},
                                        {"not_done", summary.not_done},
                                        {"retries", summary.retries},
                                        {"elapsed_ms", milliseconds(summary.elapsed)},
                                        {"per_second", rate_of(summary)},
                                        {"refusals", summary.refusals}};
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace ducat::cli
