/// The keys of a log in etcd. Indexes are 16 hex digits, so that their order is that of the
/// numbers.
///
///   PREFIX epoch          the newest granted epoch: its number, a space, who took it: NODE/RANDOM
///   PREFIX entry/INDEX    an entry: see log/entry_codec.hpp
///   PREFIX anchor         the last entry that was trimmed away: see log/chain.hpp
///   PREFIX checkpoint     the entry of the newest checkpoint, likewise
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::etcd {

class keys {
public:
  explicit keys(std::string prefix) : prefix_{std::move(prefix)} {}

  std::string epoch() const { return prefix_ + "epoch"; }

  std::string anchor() const { return prefix_ + "anchor"; }

  std::string checkpoint() const { return prefix_ + "checkpoint"; }

  std::string entry(std::uint64_t index) const;

  /// Returns the first key after those of all entries.
  std::string end_of_entries() const { return prefix_ + "entry0"; } // '0' follows '/'.

  /// Returns the index in the key of an entry; nothing if it is no such key.
  std::optional<std::uint64_t> index_in(std::string_view key) const;

private:
  std::string prefix_;
};

/// What the key of the epoch holds.
struct epoch_record {
  std::uint64_t number = 0;
  std::string taken_by; ///< NODE/RANDOM: who took it, and which time.
};

std::string encode(const epoch_record& record);
std::optional<epoch_record> decode_epoch(std::string_view bytes);

} // namespace ducat::etcd
