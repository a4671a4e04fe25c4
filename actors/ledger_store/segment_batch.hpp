/// A segment as a batch of RocksDB.
#pragma once

#include "ledger_store/layout.hpp"
#include "ledger_store/state_database.hpp"

#include <ducat/ledger/history.hpp>
#include <ducat/ledger/segment.hpp>
#include <ducat/log.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace ducat::ledger {

/// What is written in one piece: a segment, and the rows that have changed until its end.
struct segment_write {
  std::shared_ptr<const segment> sealed;
  receipt end;
  std::vector<kept_row> rows{};
};

/// Returns the times of a segment's events.
segment_record times_of(const segment& sealed);

/// Fills `batch` with the segment of that number.
void fill_batch(const state_database& db, const segment_write& what, std::uint32_t number,
                rocksdb::WriteBatch& batch);

} // namespace ducat::ledger
