/// Whether a bank will know an account.
#pragma once

#include "settlement/book.hpp"

#include <ducat/v1/settlement_journal.pb.h>

#include <string_view>

namespace ducat::settlement {

/// Returns what is wrong: iban_invalid, bic_invalid, or bank_name_invalid for an IBAN whose holder
/// cannot be named in an order. One account that banks refuse would stop the order of all. No
/// account at all is none. `param` is the field of the command, and must outlive the verdict.
verdict check_bank_account(const v1::BankAccount& account, std::string_view param);

} // namespace ducat::settlement
