/// Text that callers keep with accounts and transfers: the ledger stores it and never looks at it.
#pragma once

#include <ducat/ledger/types.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::ledger {

/// Values are on disk: never renumber, never reuse.
enum class subject_kind : std::uint8_t { account = 1, transfer = 2 };

/// What metadata is about.
struct subject {
  subject_kind kind = subject_kind::account;
  u128 id = 0;

  friend auto operator<=>(const subject&, const subject&) = default;
};

using metadata = std::map<std::string, std::string>;

constexpr std::size_t metadata_key_bytes_max = 255;
constexpr std::size_t metadata_value_bytes_max = 4096;
constexpr std::size_t metadata_keys_max = 64; ///< Of one subject.

/// Keys that begin with this are the ledger's own.
constexpr std::string_view reserved_prefix = "ducat.";

/// Changes the metadata of one account or transfer: a key with a value is set, one without removed.
struct set_metadata {
  subject about;
  std::map<std::string, std::optional<std::string>> entries;
};

/// What became of set_metadata, in order of precedence; on the wire: never renumber, never reuse.
enum class metadata_outcome : std::uint8_t {
  ok = 0,
  key_is_reserved = 1,
  subject_not_found = 2,
  too_many_keys = 3, ///< There would be more than metadata_keys_max.
};

std::string_view to_string(metadata_outcome outcome) noexcept;
std::ostream& operator<<(std::ostream& out, metadata_outcome outcome);

/// Metadata as bytes: u16 length and bytes of each key, u16 length and bytes of its value.
std::string encode(const metadata& what);

/// Returns nothing if the bytes are no metadata.
std::optional<metadata> decode_metadata(std::string_view bytes);

} // namespace ducat::ledger

template <>
struct std::hash<ducat::ledger::subject> {
  using is_avalanching = void; // As for ids.

  std::size_t operator()(const ducat::ledger::subject& about) const noexcept {
    return ducat::ledger::hash_id(about.id) + static_cast<std::size_t>(about.kind);
  }
};
