/// How an import shows that it gets on.
#pragma once

#include "load/import.hpp"

#include <string>

namespace ducat::cli {

/// Returns "12,345 of 100,000 (12 %), 4,115/s, 21 s left" for `so_far`, with what went wrong, if
/// anything did.
std::string progress_line(const import_summary& so_far);

/// Returns the summary as lines of text.
std::string summary_text(const import_summary& summary);

/// Returns the summary as one JSON object.
std::string summary_json(const import_summary& summary);

} // namespace ducat::cli
