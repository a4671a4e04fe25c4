/// Records of the ledger as JSON, and back.
#pragma once

#include <ducat/ledger/metadata.hpp>
#include <ducat/ledger/query.hpp>
#include <ducat/ledger/types.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::cli {

/// Why a line of a script cannot be used. Leaves this folder as an error.
struct malformed {
  std::string why;
};

/// Ids and amounts are decimal strings, "0x…" strings or, up to 2^64-1, numbers; "max" is 2^128-1.
/// Flags are an array of names or a number. Absent fields are zero; an unknown one throws
/// malformed.
ledger::account account_of(const nlohmann::json& object);
ledger::transfer transfer_of(const nlohmann::json& object);
ledger::account_filter account_filter_of(const nlohmann::json& object);
ledger::query_filter query_filter_of(const nlohmann::json& object);
u128 u128_of(const nlohmann::json& value, std::string_view what);

/// `id`, the `transfer_id` that it reverts, and `force`.
ledger::reversal reversal_of(const nlohmann::json& object);

/// `account_id` or `transfer_id`.
ledger::subject subject_of(const nlohmann::json& object);

/// As subject_of(), and `metadata`, an object of texts; null removes a key.
ledger::set_metadata metadata_change_of(const nlohmann::json& object);

/// A point in time: `timestamp` in ns, of the account `account_id`.
struct moment {
  ledger::account_id account;
  log_time at;
};

moment moment_of(const nlohmann::json& object);

/// Returns by how many nanoseconds a tick moves the clock, which stands at `now`: a number, seconds
/// and nanoseconds, or the time to move it `to`.
std::uint64_t tick_of(const nlohmann::json& value, std::uint64_t now);

/// 64- and 128-bit fields are written as decimal strings, so that no reader rounds them.
nlohmann::ordered_json json_of(const ledger::account& a);
nlohmann::ordered_json json_of(const ledger::transfer& t,
                               std::optional<ledger::pending_status> status);
nlohmann::ordered_json json_of(const ledger::account_balance& b);

} // namespace ducat::cli
