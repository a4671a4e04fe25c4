#include "metrics/settlement_families.hpp"

#include <utility>

namespace ducat::metrics {

void add_settlement(const v1::SettlementFigures& of, all_families& all) {
  gauge("ducat_settlement_windows", "Windows by their state")
      .put_counts(of.windows_by_state(), "state", all);
  gauge("ducat_settlement_payouts", "Payouts by their state")
      .put_counts(of.payouts_by_state(), "state", all);
  family open = gauge("ducat_settlement_exceptions_open", "Differences that are not disposed of");
  open.add(of_count(of.exceptions_open()));
  std::move(open).put_to(all);
  family age = gauge("ducat_settlement_oldest_open_window_seconds", "Since it was opened");
  if (of.oldest_open_window_at_ns() != 0)
    age.add(of_count(of.oldest_open_window_age_ms()) * ms);
  std::move(age).put_to(all);
}

} // namespace ducat::metrics
