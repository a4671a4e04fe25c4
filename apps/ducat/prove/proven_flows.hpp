/// The flows that `ducat prove` knows.
#pragma once

#include <ducat/testing/prove.hpp>

#include <string>
#include <vector>

namespace ducat::cli {

struct proven_flow {
  std::string name;
  std::string about;
  testing::flow_maker make;
};

/// Returns all of them, by name.
const std::vector<proven_flow>& proven_flows();

/// Payments of accounts: create, capture, void, refund, through a pool of payment actors.
testing::flow payments_flow();

/// A sale by card: the acquirer is asked once, and asked to take it back when in doubt.
testing::flow card_sale_flow();

/// The same with a hold that is captured, and a refund, both of which the acquirer is told.
testing::flow card_hold_flow();

/// Wrong: the acquirer is asked before that is in the log.
testing::flow card_rash_flow();

} // namespace ducat::cli
