/// When the open window is to be cut, by the calendar of its currency.
#pragma once

#include <ducat/settlement/next_step.hpp>

namespace ducat::settlement {

/// Returns the rule: a window is cut at the first cut after it was opened. If several have passed,
/// because nobody was there, there is one cut, and the next window has the date of the last of
/// them. A calendar that is wrong, or has no cuts, cuts nothing.
cut_rule cut_by_calendar();

} // namespace ducat::settlement
