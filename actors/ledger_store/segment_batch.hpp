/// A sealed segment as one write.
#pragma once

#include "ledger_store/layout.hpp"
#include "ledger_store/state_database.hpp"

namespace ducat::ledger {

/// Writes `sealed`, which is the segment `number` and ends with the entry `end`. `batch` is used
/// for its memory.
void write_segment(state_database& db, const segment& sealed, std::uint32_t number,
                   const receipt& end, rocksdb::WriteBatch& batch);

/// Returns the times of the events of `sealed`.
segment_record times_of(const segment& sealed);

} // namespace ducat::ledger
