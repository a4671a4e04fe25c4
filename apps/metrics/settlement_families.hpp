/// Families of what settlement has to do.
#pragma once

#include "metrics/family.hpp"

namespace ducat::metrics {

/// Pure.
void add_settlement(const v1::SettlementFigures& of, all_families& all);

} // namespace ducat::metrics
