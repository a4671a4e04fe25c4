#include "bench/ledger_case.hpp"

#include "bench/benched_ledger.hpp"
#include "bench/disk_writes.hpp"
#include "bench/ledger_client.hpp"
#include "bench/raw_limit.hpp"

#include <algorithm>

namespace ducat::bench {

namespace {

constexpr std::uint64_t ahead_bytes_max = std::uint64_t{128} << 20;
constexpr auto raw_time_max = std::chrono::seconds{1};
constexpr std::uint64_t raw_syncs_max = 2'000;

steady::duration time_of(double seconds) {
  return std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(seconds));
}

/// Clients that are ready to run.
std::vector<client_plan> plans_for(const case_spec& what, const case_options& options,
                                   const caf::actor& ledger) {
  const auto accounts = std::make_shared<account_picker>(what.shape, options.accounts);
  const std::uint64_t a_round = std::uint64_t{what.batch} * what.clients;
  std::vector<client_plan> plans;
  for (std::uint64_t i = 0; i < what.clients; ++i) {
    plans.push_back({.ledger = ledger,
                     .source = transfer_source{{accounts, options.seed, i, what.batch}},
                     .first = {},
                     .until = steady::time_point::max(),
                     .makes_ahead = bytes_in_flight(what) <= ahead_bytes_max});
    plans.back().first = plans.back().source.next();
    if (options.transfers)
      plans.back().requests = std::max<std::uint64_t>(1, *options.transfers / a_round);
  }
  return plans;
}

/// Returns the mean size of an entry of the log. Around its commands it has a length for each (4
/// bytes), the version of the batch (1), a header (64), a hash (32) and a checksum (8).
double mean_entry_bytes(const client_outcome& done, double entries) {
  const auto requests = static_cast<double>(done.requests.count());
  return 105 + (static_cast<double>(done.bytes) + 4 * requests) / entries;
}

/// Returns an error unless the book holds what the clients were told that it took.
result<void> verify(const benched_ledger& ledger, const client_outcome& done) {
  const auto totals = ledger.totals();
  if (!totals)
    return tl::unexpected(totals.error());
  if (*totals != book_totals{done.amount, done.amount})
    return fail(errc::corrupt, "the book holds debits of " + ducat::to_string(totals->debits) +
                                   " and credits of " + ducat::to_string(totals->credits) +
                                   ", but the clients sent " + ducat::to_string(done.amount));
  return {};
}

case_result summary_of(const case_spec& what, const client_outcome& done, double entries) {
  const auto transfers = static_cast<double>(done.transfers);
  return {.what = what,
          .transfers = done.transfers,
          .p50_us = done.requests.percentile_us(0.50),
          .p99_us = done.requests.percentile_us(0.99),
          .syncs_per_transfer = entries / transfers,
          .entry_bytes = mean_entry_bytes(done, entries)};
}

/// Writes no more often than the case did: a short case gets a short limit.
result<void> add_raw_limit(case_result& measured, const std::filesystem::path& directory) {
  const auto syncs = static_cast<std::uint64_t>(measured.syncs_per_transfer *
                                                static_cast<double>(measured.transfers));
  const auto raw =
      measure_raw_limit({.directory = directory,
                         .bytes_per_sync = static_cast<std::uint64_t>(measured.entry_bytes),
                         .syncs_max = std::min(raw_syncs_max, syncs),
                         .time_max = raw_time_max});
  if (!raw)
    return tl::unexpected(raw.error());
  measured.raw_sync_p50_us = raw->syncs.percentile_us(0.50);
  measured.raw_transfers_per_s = raw->syncs_per_s / measured.syncs_per_transfer;
  return {};
}

} // namespace

std::uint64_t bytes_in_flight(const case_spec& what) {
  return std::uint64_t{what.batch} * what.clients * ledger::record_size;
}

result<case_result> measure_case(const benched_ledger& ledger, const case_spec& what,
                                 const case_options& options) {
  const auto entries_before = ledger.log_entries();
  if (!entries_before)
    return tl::unexpected(entries_before.error());
  std::vector<client_plan> plans = plans_for(what, options, ledger.actor());
  const std::uint64_t disk_before = bytes_to_disk();
  const auto begin = steady::now();
  if (!options.transfers)
    for (client_plan& plan : plans)
      plan.until = begin + time_of(options.seconds);
  const client_outcome done = run_clients(ledger.system(), std::move(plans));
  const auto end = steady::now();
  const std::uint64_t disk_after = bytes_to_disk();
  if (!done.failure.empty())
    return fail(errc::invalid_argument, done.failure);
  const auto entries = ledger.log_entries();
  if (!entries)
    return tl::unexpected(entries.error());
  if (auto verified = verify(ledger, done); !verified)
    return tl::unexpected(verified.error());
  case_result measured = summary_of(what, done, static_cast<double>(*entries - *entries_before));
  measured.seconds = seconds_of(end - begin);
  measured.disk_bytes_per_transfer =
      static_cast<double>(disk_after - disk_before) / static_cast<double>(done.transfers);
  return measured;
}

result<case_result> run_case(const case_spec& what, const case_options& options) {
  const auto data = options.directory / "ledger";
  auto ledger = benched_ledger::start(data, options.accounts);
  if (!ledger)
    return tl::unexpected(ledger.error());
  auto measured = measure_case(**ledger, what, options);
  ledger->reset();
  std::error_code ignored;
  std::filesystem::remove_all(data, ignored);
  if (measured)
    if (auto added = add_raw_limit(*measured, options.directory); !added)
      return tl::unexpected(added.error());
  return measured;
}

} // namespace ducat::bench
