/// What the flows of payments that are proven have in common.
#pragma once

#include <ducat/payment/payment_actor.hpp>
#include <ducat/testing/prove.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>

#include <cstdint>
#include <string>

namespace ducat::cli {

/// A payment of 100 from "world" to "shop", both of which open_accounts() opens.
v1::Command create_for(const std::string& key, bool is_manual);
v1::Command capture_for(const std::string& payment_key, const std::string& key,
                        std::int64_t amount);
v1::Command void_for(const std::string& payment_key, const std::string& key);
v1::Command refund_for(const std::string& payment_key, const std::string& key, std::int64_t amount);

/// Returns the request `id` to "payments". It is answered when the payment's state is one that does
/// not change by itself. `card`: it comes with the card's number.
testing::flow_request pay_for(const std::string& id, const v1::Command& command, bool card = false);

void open_accounts(testing::sim_cluster& on);

/// Asks a node's ledger. An outcome with an error if it does not answer.
v1::Outcome ask_ledger(testing::sim_cluster& on, const std::string& node,
                       const v1::Question& question);

/// What a node says of all accounts and payments.
std::string books_at(testing::sim_cluster& on, const std::string& node);

/// Every currency's debits are its credits, and all accounts together have 0.
testing::flow_claim money_is_conserved();

/// The checker, which shares no code with the machine, finds nothing in the log.
testing::flow_claim checker_finds_nothing();

} // namespace ducat::cli
