/// What a book no longer holds in memory.
#pragma once

#include <ducat/error.hpp>
#include <ducat/ledger/segment.hpp>
#include <ducat/log.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::ledger {

class book;

/// What is known of an id that was used.
struct known_transfer {
  transfer body;                                   ///< Only its id means something if it is burnt.
  pending_status status = pending_status::pending; ///< As for transfer_row.
  bool is_burnt = false;
};

/// User data that transfers are looked up by.
struct user_data {
  /// Values are on disk: never renumber, never reuse.
  enum class field : std::uint8_t { bits_128 = 1, bits_64 = 2, bits_32 = 3 };

  field where = field::bits_128;
  u128 value = 0; ///< Never 0, which stands for none.
};

/// The segments that a book has let go. Answers what the book would answer if it had them still.
/// Used by the one thread of the book. A read that fails ends the process: a ledger that cannot see
/// its past must not go on.
class history {
public:
  history() = default;
  history(const history&) = delete;
  history& operator=(const history&) = delete;
  virtual ~history() = default;

  /// Returns what is known of `id`.
  virtual std::optional<known_transfer> find(transfer_id id) const = 0;

  /// Visits the events of an account between two times, inclusive, in order of the log or the
  /// reverse. Returns false if the visitor had enough.
  virtual bool visit_account(row account, log_time from, log_time to, bool newest_first,
                             const account_event_visitor& visit) const = 0;

  /// Visits the transfers between two times, inclusive, by timestamp or the reverse: all, or those
  /// with this user data. Likewise.
  virtual bool visit_transfers(const std::optional<user_data>& with, log_time from, log_time to,
                               bool newest_first, const transfer_visitor& visit) const = 0;

  /// Returns the metadata of an account or transfer; empty if it has none.
  virtual metadata metadata_of(const subject& about) const = 0;

  /// Visits all metadata, in any order.
  virtual void
  visit_metadata(const std::function<void(const subject&, const metadata&)>& visit) const = 0;

  /// Visits every burnt id, in any order.
  virtual void visit_burnt(const std::function<void(transfer_id)>& visit) const = 0;
};

/// What a machine keeps beside its book: bytes under a key of its own.
struct kept_row {
  std::string key;
  std::string value;
};

/// A history that takes segments in, and what a book needs to go on after a restart.
class segment_store : public history {
public:
  /// Makes an empty book the one that ends with the last segment added. Waits until that is
  /// written.
  virtual void restore(book& fresh) = 0;

  /// Returns the entry that the last of the segments shown ends with; index 0 if there is none.
  virtual receipt durable_to() const = 0;

  /// Takes the segment that ends with the entry `end`, and the rows that have changed until then:
  /// both are written, or none. Returns before that, but waits for the one before. A write that
  /// fails ends the process. Throws std::runtime_error if the store is of a life that has a
  /// successor: see store_directory.
  virtual void add(std::shared_ptr<const segment> sealed, const receipt& end,
                   std::vector<kept_row> rows = {}) = 0;

  /// Visits the rows that are durable, by key, from that key on. Returns false if the visitor had
  /// enough. It also shows what a later life has written.
  virtual bool visit_rows(
      std::string_view from,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) const = 0;

  /// Returns how many of the segments that this object took are durable. Reads show them from now
  /// on: whoever has them elsewhere lets them go.
  virtual std::uint64_t show_written() = 0;

  /// Waits until every segment that this object took is durable.
  virtual void wait_until_written() = 0;

  /// Reads all that is stored and compares it with its checksums. Other threads may go on.
  /// Errors: corrupt (names the file), io.
  virtual result<void> verify() const = 0;
};

/// Opens or creates the store in `directory`, which only it uses.
/// Errors: in_use, corrupt, newer_version, io.
result<std::shared_ptr<segment_store>> open_segment_store(const std::filesystem::path& directory);

/// Opens the store in `directory` to look at: nothing is written there, not even a lock. It shows
/// what was there; while another process writes to it, a file may go away under it: try again.
/// Nothing may be added. Errors: corrupt (also: there is none), newer_version, io.
result<std::shared_ptr<segment_store>>
open_segment_store_to_look_at(const std::filesystem::path& directory);

} // namespace ducat::ledger
