#include "bench/settle/payment_phases.hpp"

#include <algorithm>

namespace ducat::bench {

namespace {

constexpr double the_slow_share = 0.99;

bool is_in(const timed_payment& each, const payment_phase& phase) {
  return std::ranges::any_of(phase.spans, [&](const time_span& span) {
    return each.due < span.end && each.due + each.took > span.begin;
  });
}

} // namespace

std::vector<phase_figures> figures_of(const std::vector<payment_phase>& phases,
                                      const std::vector<timed_payment>& payments) {
  std::vector<phase_figures> out;
  for (const payment_phase& phase : phases) {
    phase_figures& figures =
        out.emplace_back(phase_figures{.during = phase.during, .payments = {}});
    for (const time_span& span : phase.spans)
      figures.seconds += seconds_of(span.end - span.begin);
    for (const timed_payment& each : payments)
      if (is_in(each, phase))
        figures.payments.add(each.took);
  }
  return out;
}

double p99_ratio(const phase_figures& during, const phase_figures& alone) {
  const double least = alone.payments.percentile_us(the_slow_share);
  return least == 0 ? 0 : during.payments.percentile_us(the_slow_share) / least;
}

} // namespace ducat::bench
