#include "settlement/bank_account.hpp"

#include <ducat/iso20022/identifiers.hpp>

namespace ducat::settlement {

verdict check_bank_account(const v1::BankAccount& account, std::string_view param) {
  if (!account.iban().empty() && !iso20022::is_iban(account.iban()))
    return {.why = refusal::iban_invalid, .param = param};
  if (!account.bic().empty() && !iso20022::is_bic(account.bic()))
    return {.why = refusal::bic_invalid, .param = param};
  if (!account.iban().empty() && !iso20022::is_party_name(account.name()))
    return {.why = refusal::bank_name_invalid, .param = param};
  return {};
}

} // namespace ducat::settlement
