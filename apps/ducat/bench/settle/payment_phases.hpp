/// What payments took while something else was done. Pure.
#pragma once

#include "bench/settle/paying_clients.hpp"

#include <string>
#include <vector>

namespace ducat::bench {

struct time_span {
  steady::time_point begin;
  steady::time_point end;
};

/// What was done while payments went on, perhaps several times.
struct payment_phase {
  std::string during;
  std::vector<time_span> spans{};
};

struct phase_figures {
  std::string during;
  latencies payments;
  double seconds = 0; ///< Of all spans.
};

/// Returns for each phase the payments that were due or on their way in one of its spans.
std::vector<phase_figures> figures_of(const std::vector<payment_phase>& phases,
                                      const std::vector<timed_payment>& payments);

/// Returns the p99 of `during` divided by that of `alone`; 0 if one of them has no payments.
double p99_ratio(const phase_figures& during, const phase_figures& alone);

} // namespace ducat::bench
