#include "summary.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace ducat::terminals {

namespace {

nlohmann::ordered_json object_of(const drive_report& of) {
  const double seconds = std::chrono::duration<double>(of.elapsed).count();
  const double sending = std::chrono::duration<double>(of.sending).count();
  const auto sent = static_cast<double>(of.stats.sent);
  return {{"sent", of.stats.sent},
          {"approved", of.stats.approved},
          {"declined", of.stats.declined},
          {"timed_out", of.stats.timed_out},
          {"reversed", of.stats.reversed},
          {"in_doubt", of.stats.in_doubt},
          {"repeats", of.stats.repeats},
          {"late_answers", of.stats.late_answers},
          {"stray_answers", of.stats.stray_answers},
          {"elapsed_s", seconds},
          {"per_second", sending > 0 ? sent / sending : 0},
          {"p50_ms", of.p50_ms},
          {"p99_ms", of.p99_ms}};
}

} // namespace

std::string summary_text(const drive_report& of) {
  std::ostringstream text;
  const nlohmann::ordered_json object = object_of(of);
  for (const auto& [name, value] : object.items())
    text << name << std::string(16 - name.size(), ' ') << value.dump() << '\n';
  return text.str();
}

std::string summary_json(const drive_report& of) {
  return object_of(of).dump();
}

} // namespace ducat::terminals
