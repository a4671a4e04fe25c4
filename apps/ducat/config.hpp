/// The configuration of a node: one TOML file, read strictly.
#pragma once

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace ducat {

/// The table `guardian`, see below.
struct guardian_config {
  std::uint32_t restarts_max = 5;
  std::uint32_t window_s = 60;
  std::uint32_t backoff_ms = 100;
  std::uint32_t backoff_max_ms = 10'000;
  std::uint32_t hang_after_s = 10;
};

/// ```toml
/// node = "node1"             # 1 to 64 of a-z A-Z 0-9 . _ -
/// cluster = "test"           # as `node`; the data directory belongs to it
/// data = "/var/lib/ducat"    # the data directory
///
/// [listen]
/// grpc = "127.0.0.1:7411"
/// http = "127.0.0.1:7410"
///
/// [faults]
/// allowed = false            # whether faults may be injected
///
/// [payments]
/// workers = 8                # 1 to 1024
///
/// [guardian]                 # of the process that restarts the runtime
/// restarts_max = 5           # 0 to 1000; more than that within the window, and it gives up
/// window_s = 60              # 1 to 86400
/// backoff_ms = 100           # 0 to 3600000: the first wait; each is twice the one before
/// backoff_max_ms = 10000     # 0 to 3600000, >= backoff_ms
/// hang_after_s = 10          # 1 to 86400: seconds without a sign of life
///
/// [log]
/// level = "info"             # trace, debug, info, warn, error, off
/// ```
/// Every key may be left out; what is left out is as below. `data` is empty then.
struct node_config {
  std::string node = "node1";
  std::string cluster = {}; ///< Empty: the one without a name.
  std::filesystem::path data = {};
  std::string grpc = "127.0.0.1:7411";
  std::string http = "127.0.0.1:7410";
  bool faults = false;
  std::uint32_t workers = 8;
  std::string log_level = "info";
  guardian_config guardian{};
};

/// Returns the configuration in the file at `path`.
/// Errors: not_found (no such file); io (it cannot be read); invalid_argument (not TOML, a key or
/// table that is not listed above, a value of the wrong type or out of range), with a message
/// `FILE:LINE:COLUMN: ...` that names the key.
result<node_config> load_config(const std::filesystem::path& path);

} // namespace ducat
