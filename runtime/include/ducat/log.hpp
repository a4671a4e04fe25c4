/// The one ordered, durable history of a node.
#pragma once

#include <ducat/digest.hpp>
#include <ducat/error.hpp>
#include <ducat/time.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace ducat {

/// The largest payload of one entry. A batch of commands is best kept at 64 to 128 KiB.
constexpr std::size_t payload_bytes_max = std::size_t{16} << 20;

/// The fencing token of the log's writer; it only grows. 0 is never granted.
struct epoch {
  std::uint64_t value = 0;

  friend auto operator<=>(const epoch&, const epoch&) = default;
};

/// One record of the log. Entries are dense: the first ever appended has index 1.
/// `hash` = SHA-256(previous entry's hash | index | writer | at | payload length | payload), so
/// equal hashes mean equal histories. Integers are hashed as 8 little-endian bytes each.
struct entry {
  std::uint64_t index = 0;
  epoch writer;      ///< Never smaller than the writer of the entry before.
  log_time at;       ///< Greater than the time of the entry before.
  digest previous{}; ///< Hash of the entry before; all zeroes at index 1.
  digest hash{};
  std::string payload; ///< Opaque to the log.
};

/// Proof of commitment handed out with an acknowledgement.
struct receipt {
  std::uint64_t index = 0;
  digest hash{};

  friend bool operator==(const receipt&, const receipt&) = default;
};

std::ostream& operator<<(std::ostream& out, const epoch& value);
std::ostream& operator<<(std::ostream& out, const receipt& value);

/// Returns the hash that `e` must carry, computed from all its other fields.
digest hash_of(const entry& e);

/// The log. Implementations: embedded (RocksDB), etcd; a simulated one comes later.
/// Thread-safety: every member may be called from any thread; appends wait for each other.
class log {
public:
  log() = default;
  log(const log&) = delete;
  log& operator=(const log&) = delete;
  virtual ~log() = default;

  /// Takes the write right: returns an epoch greater than every one granted before, durably.
  /// From now on appends with an older epoch fail with errc::epoch_lost.
  /// Errors: io (stop, as for append); not_permitted (the log was opened read-only).
  virtual result<epoch> take_epoch() = 0;

  /// Appends one entry and returns when it is durable. `at` is raised to just above the last
  /// entry's time if it is not greater already.
  /// Errors: epoch_lost (`writer` is not the newest granted epoch; nothing was written);
  /// invalid_argument (payload over payload_bytes_max; nothing was written); not_permitted (the log
  /// was opened read-only); io (the entry may or may not be durable: the caller must end the
  /// process; a failed sync is never retried, every later append fails with io too).
  virtual result<entry> append(epoch writer, log_time at, std::string payload) = 0;

  /// Notes that the effects of the entries with index <= `up_to` are durable elsewhere too: when
  /// the log is opened for writing again, what comes after them is verified. (A reader still
  /// verifies all.) Durable when it returns. Not further than before is not an error. Errors:
  /// not_found (there is no such entry), corrupt (it is damaged), not_permitted (the log was opened
  /// read-only), io (stop, as for append).
  virtual result<void> checkpoint(std::uint64_t up_to) = 0;

  /// Removes the entries with index <= `up_to`, but never the newest one, and gives their space
  /// back, as far as whole files are free. Durable when it returns; appends and reads go on
  /// meanwhile. The hash of the last removed entry is kept, so that what is left is verified as
  /// before. Nothing to remove is not an error. A machine without another copy of its state needs
  /// every entry: trim only behind such a copy. Errors: corrupt (the entry at `up_to` is damaged;
  /// nothing was removed), not_permitted (the log was opened read-only), io (stop, as for append).
  virtual result<void> trim(std::uint64_t up_to) = 0;

  /// Calls `visit` for each entry with index >= `from`, in order, verifying checksum, density and
  /// hash chain. `visit` returns false to stop early. Nothing to visit is not an error. Every entry
  /// acknowledged before the call is visited; one appended during it may or may not be.
  /// Errors: not_found (`from` is below first(): that entry was trimmed away, nothing was visited),
  /// corrupt (names the index; neither it nor anything after it was visited), newer_version, io.
  virtual result<void> read(std::uint64_t from,
                            const std::function<bool(const entry&)>& visit) const = 0;

  /// Returns index and hash of the newest entry; index 0 if the log is empty.
  virtual receipt last() const = 0;

  /// Returns the index of the first entry that has not been trimmed away: 1 unless there was a
  /// trim.
  virtual std::uint64_t first() const = 0;
};

} // namespace ducat
