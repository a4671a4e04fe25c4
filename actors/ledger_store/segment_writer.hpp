/// Who writes segments behind the back of the machine.
#pragma once

#include "ledger_store/segment_batch.hpp"
#include "ledger_store/state_database.hpp"

#include <cstdint>

namespace ducat::ledger {

/// One segment at a time. At its end it finishes the one it has.
class segment_writer {
public:
  segment_writer() = default;
  segment_writer(const segment_writer&) = delete;
  segment_writer& operator=(const segment_writer&) = delete;
  virtual ~segment_writer() = default;

  /// Waits until the one before is written.
  virtual void write(segment_write what) = 0;

  virtual void wait() = 0;

  /// Returns how many are written.
  virtual std::uint64_t written() const = 0;
};

/// Writes the segment of that number, and comes by the fault points; `batch` is kept for its
/// memory. Returns whether it was written: not if another session has begun.
bool write_segment(state_database& db, std::uint64_t session, const segment_write& what,
                   std::uint32_t number, rocksdb::WriteBatch& batch);

} // namespace ducat::ledger
