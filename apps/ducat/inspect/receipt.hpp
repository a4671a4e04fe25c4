/// `ducat receipt verify`.
#pragma once

#include "client/console.hpp"
#include "exit_code.hpp"

#include <ducat/error.hpp>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>

namespace ducat::cli {

/// A receipt as it is written: INDEX/HASH, with all 64 hex digits of the hash or, as the table of
/// `ducat pay` shows it, the first 16.
struct written_receipt {
  std::uint64_t index = 0;
  std::string hash; ///< Lower-case hex digits.

  friend bool operator==(const written_receipt&, const written_receipt&) = default;
};

std::ostream& operator<<(std::ostream& out, const written_receipt& value);

/// Returns the receipt that `text` is. Errors: invalid_argument.
result<written_receipt> parse_receipt(std::string_view text);

/// What the log says to a receipt. In the order in which it is checked.
enum class receipt_verdict : std::uint8_t {
  in_log,     ///< That entry is there, with that hash.
  not_yet,    ///< The log does not reach that far.
  trimmed,    ///< The entry was trimmed away; this log cannot say.
  other_hash, ///< That entry is there, with another hash.
};

/// Returns the stable name of `value`, as JSON shows it.
std::string_view to_string(receipt_verdict value) noexcept;

/// Says whether the log in `data`, verified up to there, holds the entry of the receipt `text` with
/// its hash; only that is `done`. `usage`: it is no receipt.
exit_code verify_receipt(const std::filesystem::path& data, std::string_view text,
                         const console& io);

} // namespace ducat::cli
