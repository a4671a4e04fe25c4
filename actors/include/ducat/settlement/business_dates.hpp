/// Business dates of times, by a calendar.
#pragma once

#include <ducat/v1/settlement_journal.pb.h>

#include <cstdint>
#include <functional>

namespace ducat::settlement {

/// Returns a function from milliseconds since the epoch to the business date, yyyymmdd: that of the
/// next cut. It looks a cut up only where the times that it is given leave a business day. Without
/// cuts, or with a calendar that is wrong, it is the date in UTC. Its copies are for one thread.
std::function<std::uint32_t(std::int64_t at_ms)> dates_by(const v1::Calendar& calendar);

} // namespace ducat::settlement
