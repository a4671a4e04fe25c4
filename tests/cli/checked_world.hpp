/// A small history for tests of the checker: a log as lists of commands, and the record of a client
/// that was answered accordingly. Both may be spoilt before they are judged.
#pragma once

#include "check/checker.hpp"

#include <ducat/v1/journal.pb.h>

#include <functional>
#include <string>
#include <vector>

namespace ducat::testing {

using commands = std::vector<v1::Command>;

v1::Command open_account(const std::string& id, bool overdraft = false,
                         const std::string& currency = "EUR");
v1::Command create(const std::string& key, const std::string& from, const std::string& to,
                   std::int64_t amount, bool manual = false);
v1::Command authorize(const std::string& key);
v1::Command capture_of_creation(const std::string& key);
v1::Command capture(const std::string& payment_key, const std::string& key, std::int64_t amount);
v1::Command void_of(const std::string& payment_key, const std::string& key);
v1::Command refund(const std::string& payment_key, const std::string& key, std::int64_t amount);

/// Returns the payload of an entry with these commands.
std::string payload_of(const commands& batch);

/// Returns the entry with `batch` that follows `chain`.
entry next_entry(const std::vector<entry>& chain, const commands& batch);

/// One operation of the client. Without an answer it is in doubt.
struct told {
  cli::operation_id id;
  std::string body;
  std::optional<cli::call_answer> answer;
};

struct checked_world {
  std::vector<commands> log;
  std::vector<told> record;

  /// Returns the log as a valid chain of entries.
  std::vector<entry> entries() const;

  /// Returns the record as it stands.
  cli::call_record calls() const;

  /// Gives each acknowledgement the hash that its entry has now, so that what a test has changed
  /// elsewhere shows by itself.
  void refresh_receipts();

  told& call(const std::string& key);
};

/// Returns a log and a record without a fault: accounts world (overdraft), alice and shop; `fund`
/// 10,000 to alice; `k1` 2,500 captured, 500 of it refunded by `r1`; `k2` 3,000 held, 2,000
/// captured by `c2`; `k3` 1,000 held and voided by `v3`; `k4` declined.
checked_world good_world();

/// Returns the verdict over `world`.
cli::verdict judge(const checked_world& world, const cli::check_options& options = {});

/// Returns the verdict over `entries` and the record of `world`.
cli::verdict judge(const std::vector<entry>& entries, const checked_world& world,
                   const cli::check_options& options = {});

} // namespace ducat::testing
