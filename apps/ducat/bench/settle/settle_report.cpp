#include "bench/settle/settle_report.hpp"

#include <nlohmann/json.hpp>

#include <iomanip>
#include <ostream>

namespace ducat::bench {

namespace {

using nlohmann::ordered_json;

constexpr double mega = 1e6;
constexpr double kilo = 1e3;

ordered_json to_json(const step_figures& took) {
  return {{"seconds", took.seconds},
          {"steps", took.steps.count()},
          {"step_p50_us", took.steps.percentile_us(0.50)},
          {"step_max_us", took.steps.percentile_us(1)}};
}

ordered_json to_json(const memory_figures& memory) {
  return {{"resident_bytes", memory.resident}, {"peak_bytes", memory.peak}};
}

ordered_json to_json(const settle_figures& figures, const payment_figures& each) {
  const latencies& times = each.told.payments;
  return {{"during", each.during},
          {"payments", times.count()},
          {"seconds", each.seconds},
          {"p50_us", times.percentile_us(0.50)},
          {"p99_us", times.percentile_us(0.99)},
          {"max_us", times.percentile_us(1)},
          {"p99_of_alone", ratio_of(figures, each)}};
}

double per_second(std::uint64_t count, double seconds) {
  return seconds == 0 ? 0 : static_cast<double>(count) / seconds;
}

/// Prints a line of steps, such as "settled".
void print(std::ostream& out, const char* name, const step_figures& took) {
  out << std::left << std::setw(12) << name << std::right << std::setw(10) << std::setprecision(3)
      << took.seconds << " s in " << took.steps.count() << " steps, p50 " << std::setprecision(1)
      << took.steps.percentile_us(0.50) / kilo << " ms, longest "
      << took.steps.percentile_us(1) / kilo << " ms\n";
}

void print(std::ostream& out, const char* name, const memory_figures& memory) {
  out << std::left << std::setw(12) << name << std::right << std::setw(10) << std::setprecision(0)
      << static_cast<double>(memory.resident) / mega << " MB, at most "
      << static_cast<double>(memory.peak) / mega << " MB\n";
}

} // namespace

double ratio_of(const settle_figures& figures, const payment_figures& during) {
  const double alone =
      figures.payments.empty() ? 0 : figures.payments.front().told.payments.percentile_us(0.99);
  return alone == 0 ? 0 : during.told.payments.percentile_us(0.99) / alone;
}

ordered_json document_of(const settle_figures& figures) {
  ordered_json payments = ordered_json::array();
  for (const payment_figures& each : figures.payments)
    payments.push_back(to_json(figures, each));
  ordered_json out{{"bench", "settle"},
                   {"captures", figures.captures},
                   {"merchants", figures.merchants},
                   {"fill_s", figures.fill_s},
                   {"captures_per_s", per_second(figures.captures, figures.fill_s)},
                   {"settled", to_json(figures.settled.took)},
                   {"batched", to_json(figures.paid.batching)},
                   {"resolved", to_json(figures.paid.resolving)},
                   {"payouts", figures.paid.batch.payouts().count()},
                   {"proof", to_json(figures.proof.pages)},
                   {"members", figures.proof.members},
                   {"payments", std::move(payments)},
                   {"memory",
                    {{"before_fill", to_json(figures.before_fill)},
                     {"after_fill", to_json(figures.after_fill)},
                     {"at_end", to_json(figures.at_end)}}}};
  return out;
}

void print(std::ostream& out, const settle_figures& figures) {
  out << std::fixed << std::setprecision(0) << figures.captures << " captures of "
      << figures.merchants << " merchants, " << per_second(figures.captures, figures.fill_s)
      << " presented a second\n";
  print(out, "settled", figures.settled.took);
  print(out, "batched", figures.paid.batching);
  print(out, "resolved", figures.paid.resolving);
  print(out, "proved", figures.proof.pages);
  for (const payment_figures& each : figures.payments)
    out << std::left << std::setw(12) << "payments" << std::right << std::setw(10)
        << std::setprecision(0) << per_second(each.told.payments.count(), each.seconds)
        << " a second, p50 " << std::setprecision(1)
        << each.told.payments.percentile_us(0.50) / kilo << " ms, p99 "
        << each.told.payments.percentile_us(0.99) / kilo << " ms (x" << std::setprecision(2)
        << ratio_of(figures, each) << "), " << each.told.payments.count() << " " << each.during
        << '\n';
  print(out, "memory", figures.before_fill);
  print(out, "... filled", figures.after_fill);
  print(out, "... at end", figures.at_end);
}

} // namespace ducat::bench
