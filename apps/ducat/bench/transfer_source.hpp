/// Batches of transfers, ready to be sent.
#pragma once

#include "bench/account_picker.hpp"

#include <ducat/ledger/commands.hpp>

#include <memory>
#include <string>
#include <vector>

namespace ducat::bench {

/// How ids of transfers are made.
enum class id_order : std::uint8_t {
  growing, ///< As those that begin with a time are.
  random,
};

struct source_options {
  std::shared_ptr<const account_picker> accounts;
  std::uint64_t seed = 1;
  std::uint64_t client = 0; ///< Sources with different clients never make the same transfer id.
  std::uint32_t batch = 1;  ///< Transfers of each batch.
  std::uint64_t made_before = 0; ///< How many transfers an earlier source of this client made.
  id_order ids = id_order::growing;
};

/// Every batch is new, and each of its transfers is one that the ledger takes.
class transfer_source {
public:
  explicit transfer_source(const source_options& options);

  struct batch {
    std::string command;
    u128 amount = 0; ///< The sum of its transfers.
  };

  batch next();

private:
  ledger::transfer next_transfer();
  ledger::transfer_id next_id();

  source_options options_;
  cli::random_numbers random_;
  std::uint64_t sequence_;
  std::vector<ledger::transfer> transfers_; ///< Of the batch at work; kept for its memory.
};

/// Returns the commands that create accounts 1 to `count`.
std::vector<std::string> create_accounts(std::uint64_t count);

} // namespace ducat::bench
