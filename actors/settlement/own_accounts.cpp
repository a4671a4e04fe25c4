/// Accounts whose money settlement alone moves, and what it counts.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"

namespace ducat::settlement {

bool book::is_own_account(const std::string& id, const account_table& accounts) const {
  const auto place = accounts.places.find(id);
  return is_hub_account(id) || (place != accounts.places.end() && own_.contains(place->second));
}

bool book::is_settled(std::uint32_t payer, std::uint32_t payee) const {
  if (merchant_of_account_.contains(payee))
    return true;
  const auto from = participant_of(payer);
  const auto to = participant_of(payee);
  return from && to && *from != *to;
}

/// An account that is there may be taken if it is as needed, and not settled itself.
bool book::is_free_for(const needed_account& what, const account_table& accounts) const {
  const account_record* found = accounts.find(what.id);
  return found == nullptr ||
         (found->ledger == what.currency && found->overdraft == what.overdraft &&
          !merchant_of_account_.contains(accounts.place_of(what.id)) &&
          !participant_of_account_.contains(accounts.place_of(what.id)));
}

} // namespace ducat::settlement
