/// A schedule of faults as a file.
#pragma once

#include <ducat/error.hpp>
#include <ducat/fault_schedule.hpp>

#include <filesystem>
#include <string>

namespace ducat::cli {

/// Reads
/// ```toml
/// seed = 7
/// length = "60s"
///
/// [[fault]]
/// kind = "throw"                  # see fault_action
/// point = "payment.after_capture" # or child = "payments/w1"
/// node = "node2"                  # "writer": whoever writes the log; none: drawn each time
/// at = ["2s", "10s"]
///
/// [[fault]]
/// kind = "kill"
/// every = "2s"                    # with jitter, from, until
/// jitter = "500ms"
/// ```
/// Errors: not_found, io, and invalid_argument with the line and column of what is no schedule, or
/// with what check() says.
result<fault_schedule> read_schedule(const std::filesystem::path& file);

/// Returns a schedule as such a file.
std::string to_toml(const fault_schedule& schedule);

} // namespace ducat::cli
