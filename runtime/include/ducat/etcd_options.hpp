/// How etcd is reached.
#pragma once

#include <ducat/error.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace ducat {

struct etcd_options {
  std::vector<std::string> endpoints; ///< "ADDRESS:PORT" of the members; any of them will do.

  // Mutual TLS: all three, or none. PEM files.
  std::filesystem::path ca{};
  std::filesystem::path certificate{};
  std::filesystem::path key{};

  /// Of one attempt. What has no answer by then is tried again, with the same effect at most once.
  std::chrono::milliseconds attempt{500};

  /// Until a call is given up.
  std::chrono::milliseconds give_up{10'000};
};

/// Errors: invalid_argument (no endpoint; one that is not an IP address and a port; some of the TLS
/// files only; an address beyond the loopback without TLS).
result<void> check(const etcd_options& options);

} // namespace ducat
