#include "bench/report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>

namespace ducat::bench {

namespace {

using nlohmann::ordered_json;

constexpr int name_width = 8;

/// Returns the number with three digits that matter, or as a whole one if it has more.
std::string short_number(double value) {
  std::ostringstream text;
  if (value >= 100 || value == 0)
    text << std::fixed << std::setprecision(0) << value;
  else
    text << std::setprecision(3) << value;
  return text.str();
}

template <std::size_t N>
void print_row(std::ostream& out, std::string_view name, const std::array<std::string, N>& cells,
               const std::array<int, N>& widths) {
  out << std::left << std::setw(name_width) << name << std::right;
  for (std::size_t i = 0; i < N; ++i)
    out << std::setw(widths[i]) << cells[i];
  out << std::endl; // Somebody waits for the next line.
}

constexpr std::array case_widths{7, 9, 13, 12, 12, 12, 12, 13, 15, 8};
constexpr std::array growth_widths{5, 13, 9, 9, 11, 9, 10, 12};
constexpr std::array replicated_widths{7, 9, 13, 12, 12, 12, 11, 9, 12, 12, 14};
constexpr std::array rejoin_widths{10, 10, 12};
constexpr std::array peer_widths{7, 9, 13, 12, 12};

} // namespace

void print_case_titles(std::ostream& out) {
  print_row<10>(out, "accounts",
                {"batch", "clients", "transfers/s", "p50 us", "p99 us", "B/transfer", "syncs/tr.",
                 "raw p50 us", "raw transf./s", "of raw"},
                case_widths);
}

void print(std::ostream& out, const case_result& result) {
  print_row<10>(out, to_string(result.what.shape),
                {std::to_string(result.what.batch), std::to_string(result.what.clients),
                 short_number(result.transfers_per_s()), short_number(result.p50_us),
                 short_number(result.p99_us), short_number(result.disk_bytes_per_transfer),
                 short_number(result.syncs_per_transfer), short_number(result.raw_sync_p50_us),
                 short_number(result.raw_transfers_per_s), short_number(result.of_raw())},
                case_widths);
}

void print_replicated_titles(std::ostream& out) {
  print_row<11>(out, "",
                {"batch", "clients", "transfers/s", "p50 us", "p99 us", "log B/tr.", "tr./entry",
                 "lag ms", "etcd cores", "writer c.", "followers c."},
                replicated_widths);
}

void print(std::ostream& out, const replicated_result& result) {
  const case_result& of = result.measured;
  print_row<11>(out, "",
                {std::to_string(of.what.batch), std::to_string(of.what.clients),
                 short_number(of.transfers_per_s()), short_number(of.p50_us),
                 short_number(of.p99_us), short_number(result.log_bytes_per_transfer()),
                 short_number(1 / of.syncs_per_transfer), short_number(result.lag_s * 1000),
                 short_number(result.etcd_cores), short_number(result.writer_cores),
                 short_number(result.follower_cores)},
                replicated_widths);
}

void print_peer_titles(std::ostream& out) {
  print_row<5>(out, "", {"batch", "clients", "transfers/s", "p50 us", "p99 us"}, peer_widths);
}

void print(std::ostream& out, const peer_result& result) {
  print_row<5>(out, "",
               {std::to_string(result.batch), std::to_string(result.clients),
                short_number(result.transfers_per_s()), short_number(result.p50_us),
                short_number(result.p99_us)},
               peer_widths);
}

void print_rejoin_titles(std::ostream& out) {
  print_row<3>(out, "node was", {"back s", "state MB", "entry"}, rejoin_widths);
}

void print(std::ostream& out, const rejoin_result& result) {
  print_row<3>(
      out, result.was_wiped ? "wiped" : "killed",
      {short_number(result.back_s), short_number(result.state_mb), std::to_string(result.entry)},
      rejoin_widths);
}

void print_rejoin_end(std::ostream& out, double transfers_per_s) {
  out << "\nmeanwhile " << short_number(transfers_per_s)
      << " transfers/s; at the end every node had the same book" << std::endl;
}

void print_growth_titles(std::ostream& out) {
  print_row<8>(out, "",
               {"M transfers", "transfers/s", "p50 ms", "p99 ms", "memory MB", "log MB", "state MB",
                "B/transfer"},
               growth_widths);
}

void print_growth(std::ostream& out, const std::array<double, 8>& numbers) {
  std::array<std::string, 8> cells;
  std::ranges::transform(numbers, cells.begin(), short_number);
  print_row<8>(out, "", cells, growth_widths);
}

void print_growth_end(std::ostream& out, double last_of_first, double restart_s) {
  out << "\nthe last stage was " << short_number(last_of_first)
      << " times as fast as the first; started again and answered after " << short_number(restart_s)
      << " s" << std::endl;
}

void print(std::ostream& out, const verdict& what) {
  out << what.goal << ": ";
  if (what.value)
    out << short_number(*what.value) << (what.is_reached() ? ", reached" : ", not reached");
  else
    out << "not measured";
  out << " (" << (what.at_most ? "at most " : "at least ") << short_number(what.target) << ")"
      << std::endl;
}

ordered_json to_json(const rejoin_result& result) {
  return {{"was_wiped", result.was_wiped},
          {"back_s", result.back_s},
          {"state_mb", result.state_mb},
          {"entry", result.entry}};
}

ordered_json to_json(const case_result& result) {
  return {{"distribution", to_string(result.what.shape)},
          {"batch", result.what.batch},
          {"clients", result.what.clients},
          {"transfers", result.transfers},
          {"seconds", result.seconds},
          {"transfers_per_s", result.transfers_per_s()},
          {"p50_us", result.p50_us},
          {"p99_us", result.p99_us},
          {"disk_bytes_per_transfer", result.disk_bytes_per_transfer},
          {"syncs_per_transfer", result.syncs_per_transfer},
          {"entry_bytes", result.entry_bytes},
          {"raw_sync_p50_us", result.raw_sync_p50_us},
          {"raw_transfers_per_s", result.raw_transfers_per_s},
          {"of_raw", result.of_raw()}};
}

ordered_json to_json(const replicated_result& result) {
  const case_result& of = result.measured;
  return {{"batch", of.what.batch},
          {"clients", of.what.clients},
          {"transfers", of.transfers},
          {"seconds", of.seconds},
          {"transfers_per_s", of.transfers_per_s()},
          {"p50_us", of.p50_us},
          {"p99_us", of.p99_us},
          {"entry_bytes", of.entry_bytes},
          {"log_bytes_per_transfer", result.log_bytes_per_transfer()},
          {"transfers_per_entry", 1 / of.syncs_per_transfer},
          {"lag_s", result.lag_s},
          {"etcd_cores", result.etcd_cores},
          {"writer_cores", result.writer_cores},
          {"follower_cores", result.follower_cores}};
}

ordered_json to_json(const verdict& what) {
  return {{"goal", what.goal},
          {"value", what.value ? ordered_json(*what.value) : ordered_json()},
          {what.at_most ? "at_most" : "at_least", what.target},
          {"reached", what.is_reached()}};
}

} // namespace ducat::bench
