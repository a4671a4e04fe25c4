#include "settlement/move_amount.hpp"

#include <ducat/check.hpp>

#include <span>

namespace ducat::settlement {

ledger::transfer transfer_between(const account_record& from, const account_record& to,
                                  std::int64_t amount, code why, const std::string& name) {
  return {.id = {payment::number_of("settlement", name)},
          .debit_account_id = from.number,
          .credit_account_id = to.number,
          .amount = static_cast<u128>(amount),
          .pending_id = {},
          .ledger = from.ledger,
          .code = static_cast<std::uint16_t>(why),
          .timestamp = {}};
}

void move_amount(const effect& on, const account_record& from, const account_record& to,
                 std::int64_t amount, code why, const std::string& name) {
  if (amount == 0)
    return;
  const ledger::transfer moved = amount > 0 ? transfer_between(from, to, amount, why, name)
                                            : transfer_between(to, from, -amount, why, name);
  DUCAT_CHECK(on.money.create_transfers(on.where.at, std::span(&moved, 1)).front() ==
              ledger::transfer_outcome::ok);
}

} // namespace ducat::settlement
