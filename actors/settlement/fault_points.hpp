/// Where settlement can be made to break: before and after each step, and around each file
/// and its record. `ducat faults list` shows them; docs/settlement.md says what is found after
/// each.
#pragma once

#include <ducat/fault.hpp>

namespace ducat::settlement {

inline fault_point before_cut{"settlement.before_cut"};         ///< A window is to be cut.
inline fault_point after_cut{"settlement.after_cut"};           ///< In the log, not gone on.
inline fault_point before_start{"settlement.before_start"};     ///< A settlement is to begin.
inline fault_point after_start{"settlement.after_start"};       ///< In the log, not gone on.
inline fault_point before_advance{"settlement.before_advance"}; ///< Its next step is to be done.
inline fault_point after_advance{"settlement.after_advance"};   ///< In the log, not gone on.
inline fault_point before_batch{"settlement.before_batch"};     ///< The same of a payout batch.
inline fault_point after_batch{"settlement.after_batch"};       ///< In the log, not gone on.
inline fault_point before_file{"settlement.before_file"};       ///< Made, not in its place.
inline fault_point after_file{"settlement.after_file"};         ///< In its place; the next is not.
inline fault_point before_record{"settlement.before_record"};   ///< All are in their place.
inline fault_point after_record{"settlement.after_record"};     ///< In the log, not gone on.

} // namespace ducat::settlement
