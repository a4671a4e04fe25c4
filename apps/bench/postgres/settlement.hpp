/// The settlement of a window in SQL: captures in a table, summed by merchant when it is settled.
#pragma once

#include "bench/settle/drawn_capture.hpp"
#include "postgres/connection.hpp"

#include <cstdint>

namespace ducat::bench {

struct loaded_window {
  double load_s = 0;  ///< Until all captures are in their table, with its indexes.
  double ready_s = 0; ///< Until balances are made, and the table is vacuumed and analysed.
};

/// Makes everything anew: merchants with the terms of the bench, and window 1 with so many
/// captures.
loaded_window load_window(connection& with, const settle_shape& shape, std::uint64_t captures);

/// What is marked as settled.
enum class settled_mark : std::uint8_t { window, captures };

struct sql_settlement {
  settled_mark marks = settled_mark::window;
  std::uint32_t merchants_at_once = 0; ///< Of a transaction.
  double seconds = 0;
  std::uint64_t captures = 0;
  std::int64_t amount = 0;
  std::int64_t fees = 0;
};

/// Settles window 1, as if it had not been yet: sums with fees and splits by merchant, entries,
/// balances, marks. Throws postgres_failed also if something of it is not in the books then.
sql_settlement settle_in_sql(connection& with, const settle_shape& shape, settled_mark marks,
                             std::uint32_t merchants_at_once);

} // namespace ducat::bench
