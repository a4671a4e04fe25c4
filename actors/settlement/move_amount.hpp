/// The transfers of which a settlement is made.
#pragma once

#include "settlement/book.hpp"

#include <string>

namespace ducat::settlement {

/// Returns a transfer of `amount`, not negative, whose id comes of `name`.
ledger::transfer transfer_between(const account_record& from, const account_record& to,
                                  std::int64_t amount, code why, const std::string& name);

/// Moves an amount, which if it is negative goes the other way. 0 moves nothing.
void move_amount(const effect& on, const account_record& from, const account_record& to,
                 std::int64_t amount, code why, const std::string& name);

} // namespace ducat::settlement
