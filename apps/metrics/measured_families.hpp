/// Families of what a node measures of itself: children, pools, its log.
#pragma once

#include "metrics/family.hpp"

namespace ducat::metrics {

/// Pure.
void add_measured(const v1::FiguresReply& measured, all_families& all);

} // namespace ducat::metrics
