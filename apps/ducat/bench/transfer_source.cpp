#include "bench/transfer_source.hpp"

#include <algorithm>
#include <span>

namespace ducat::bench {

namespace {

constexpr std::uint32_t ledger_number = 1;
constexpr std::uint16_t code = 1;
constexpr std::uint64_t amount_max = 1'000;

/// A bijection that leaves no order: the finaliser of MurmurHash3.
std::uint64_t mixed(std::uint64_t number) {
  number = (number ^ number >> 33) * 0xff51afd7ed558ccd;
  number = (number ^ number >> 33) * 0xc4ceb9fe1a85ec53;
  return number ^ number >> 33;
}

} // namespace

transfer_source::transfer_source(const source_options& options)
    : options_{options},
      random_{options.seed * 1'000'003 + options.client + options.made_before * 7'919},
      sequence_{options.made_before}, transfers_(options.batch) {}

/// Ids of all clients grow alike.
ledger::transfer_id transfer_source::next_id() {
  const std::uint64_t sequence = ++sequence_;
  if (options_.ids == id_order::growing)
    return {make_u128(sequence, options_.client + 1)};
  return {make_u128(mixed(sequence), options_.client + 1)};
}

ledger::transfer transfer_source::next_transfer() {
  const account_pair accounts = options_.accounts->pick(random_);
  return {.id = next_id(),
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
