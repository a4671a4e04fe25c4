#include "bench/transfer_source.hpp"

#include <algorithm>
#include <span>

namespace ducat::bench {

namespace {

constexpr std::uint32_t ledger_number = 1;
constexpr std::uint16_t code = 1;
constexpr std::uint64_t amount_max = 1'000;

} // namespace

transfer_source::transfer_source(const source_options& options)
    : options_{options}, random_{options.seed * 1'000'003 + options.client},
      transfers_(options.batch) {}

ledger::transfer transfer_source::next_transfer() {
  const account_pair accounts = options_.accounts->pick(random_);
  return {.id = {make_u128(options_.client + 1, ++sequence_)},
          .debit_account_id = {accounts.debit},
          .credit_account_id = {accounts.credit},
          .amount = 1 + random_.below(amount_max),
          .pending_id = {},
          .ledger = ledger_number,
          .code = code,
          .timestamp = {}};
}

transfer_source::batch transfer_source::next() {
  u128 amount = 0;
  for (ledger::transfer& each : transfers_) {
    each = next_transfer();
    amount += each.amount;
  }
  return {ledger::encode(std::span<const ledger::transfer>(transfers_)), amount};
}

std::vector<std::string> create_accounts(std::uint64_t count) {
  std::vector<std::string> commands;
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t some = std::min<std::uint64_t>(count - done, ledger::batch_events_max);
    std::vector<ledger::account> batch;
    for (std::uint64_t i = 1; i <= some; ++i)
      batch.push_back({.id = {done + i}, .ledger = ledger_number, .code = code, .timestamp = {}});
    commands.push_back(ledger::encode(std::span<const ledger::account>(batch)));
    done += some;
  }
  return commands;
}

} // namespace ducat::bench
