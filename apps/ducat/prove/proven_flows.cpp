#include "prove/proven_flows.hpp"

#include "tip_flows.hpp"

namespace ducat::cli {

const std::vector<proven_flow>& proven_flows() {
  static const std::vector<proven_flow> all{
      {"card-hold", "a hold by card, its capture and a refund, with what the acquirer is told",
       card_hold_flow},
      {"card-rash", "wrong: the acquirer is asked before that is in the log", card_rash_flow},
      {"card-sale", "a sale by card", card_sale_flow},
      {"payments", "payments of accounts: create, capture, void, refund", payments_flow},
      {"tips", "apps/examples/first_payment.cpp", tips_flow},
      {"tips-hasty", "wrong: it is answered before it is in the log", hasty_tips_flow},
  };
  return all;
}

} // namespace ducat::cli
