#include "overload_report.hpp"

#include "client/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <ostream>

namespace ducat::bench {

namespace {

std::string number(double value, int digits = 0) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

double ms(const latencies& of, double share) {
  return of.percentile_us(share) / 1'000;
}

std::string times(const latencies& of) {
  return of.count() == 0 ? "-" : number(ms(of, 0.5), 1) + " / " + number(ms(of, 0.99), 1);
}

std::string done_and_failed(const latencies& done, std::uint64_t failed) {
  return std::to_string(done.count()) + (failed == 0 ? "" : " (-" + std::to_string(failed) + ")") +
         ", " + number(ms(done, 0.99), 1);
}

double a_second(std::uint64_t count, const overload_case& of) {
  return static_cast<double>(count) / of.seconds;
}

double share_of_best(const overload_case& of) {
  return of.best_per_second == 0 ? 0
                                 : a_second(of.payments.accepted.count(), of) / of.best_per_second;
}

bool is_as(const payment_counts& before, const payment_counts& now) {
  constexpr double fewer_max = 0.01;
  constexpr double longer_max_us = 5'000;
  const double was = before.accepted.percentile_us(0.99);
  return now.accepted.count() != 0 && now.accepted_share() >= before.accepted_share() - fewer_max &&
         now.accepted.percentile_us(0.99) <= std::max(2 * was, was + longer_max_us);
}

nlohmann::ordered_json document_of(const overload_case& of) {
  const payment_counts& all = of.payments;
  return {{"name", of.name},
          {"best_per_second", of.best_per_second},
          {"seconds", of.seconds},
          {"offered", all.offered},
          {"held_back", all.held_back},
          {"accepted", all.accepted.count()},
          {"refused", all.refused.count()},
          {"late", all.late},
          {"failed", all.failed},
          {"of_best", share_of_best(of)},
          {"accepted_p50_ms", ms(all.accepted, 0.5)},
          {"accepted_p99_ms", ms(all.accepted, 0.99)},
          {"refused_p50_ms", ms(all.refused, 0.5)},
          {"refused_p99_ms", ms(all.refused, 0.99)},
          {"follow_ups", of.beside.follow_ups.count()},
          {"follow_ups_failed", of.beside.follow_ups_failed},
          {"follow_ups_p99_ms", ms(of.beside.follow_ups, 0.99)},
          {"administration", of.beside.administration.count()},
          {"administration_failed", of.beside.administration_failed},
          {"administration_p99_ms", ms(of.beside.administration, 0.99)},
          {"resident_mib", of.beside.resident_mib}};
}

} // namespace

std::optional<std::size_t> back_to_normal(const payment_counts& before,
                                          const std::vector<payment_counts>& windows) {
  for (std::size_t first = 0; first < windows.size(); ++first)
    if (is_as(before, windows[first]) &&
        (first + 1 == windows.size() || is_as(before, windows[first + 1])))
      return first;
  return std::nullopt;
}

void print(std::ostream& out, const overload_report& report) {
  out << "best goodput: with " << report.best_clients << " clients in turns\n"
      << "The clients have one of the " << report.cores
      << " cores, and the node the others. Compare ratios.\n";
  using cli::align;
  cli::table table{{{"OFFERED"},
                    {"BEST/S", align::right},
                    {"OFFERED/S", align::right},
                    {"ACCEPTED/S", align::right},
                    {"OF BEST", align::right},
                    {"REFUSED/S", align::right},
                    {"LATE", align::right},
                    {"FAILED", align::right},
                    {"NOT SENT", align::right},
                    {"ACCEPTED P50 / P99 MS", align::right},
                    {"REFUSED P50 / P99 MS", align::right},
                    {"CAPTURES, P99 MS", align::right},
                    {"ADMIN, P99 MS", align::right},
                    {"RSS MIB", align::right}}};
  for (const overload_case& each : report.cases)
    table.add(
        {each.name, number(each.best_per_second), number(a_second(each.payments.offered, each)),
         number(a_second(each.payments.accepted.count(), each)), number(share_of_best(each), 2),
         number(a_second(each.payments.refused.count(), each)), std::to_string(each.payments.late),
         std::to_string(each.payments.failed), std::to_string(each.payments.held_back),
         times(each.payments.accepted), times(each.payments.refused),
         done_and_failed(each.beside.follow_ups, each.beside.follow_ups_failed),
         done_and_failed(each.beside.administration, each.beside.administration_failed),
         number(each.beside.resident_mib)});
  table.print(out);
  if (report.normal_after_s)
    out << "back to normal after " << number(*report.normal_after_s, 1) << " s\n";
  else
    out << "NOT back to normal within " << number(report.looked_s, 1) << " s\n";
  if (!report.is_all_answered)
    out << "NOT EVERY PAYMENT HAS ENDED\n";
}

void print_json(std::ostream& out, const overload_report& report) {
  nlohmann::ordered_json document{{"bench", "overload"},
                                  {"cores", report.cores},
                                  {"best_clients", report.best_clients},
                                  {"cases", nlohmann::ordered_json::array()},
                                  {"normal_after_s", nullptr},
                                  {"all_answered", report.is_all_answered}};
  for (const overload_case& each : report.cases)
    document["cases"].push_back(document_of(each));
  if (report.normal_after_s)
    document["normal_after_s"] = *report.normal_after_s;
  out << document.dump(2) << '\n';
}

} // namespace ducat::bench
