/// Days and seconds as ISO 8601 writes them.
#pragma once

#include <chrono>
#include <string>

namespace ducat::iso20022 {

/// Returns "2026-11-29". Precondition: a day of the years 0 to 9999.
std::string day_text(std::chrono::year_month_day day);

/// Returns "2026-11-29T07:05:09Z".
std::string second_text(std::chrono::sys_seconds at);

} // namespace ducat::iso20022
