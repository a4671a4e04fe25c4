#include "bench/verdict.hpp"

#include <algorithm>

namespace ducat::bench {

namespace {

constexpr std::uint32_t batched_least = 1'000;
constexpr std::uint32_t replicated_batched_least = 500;

/// Returns the one with the most transfers a second of those that `is_wanted`; nullptr if none is.
template <class Result, class Predicate>
const Result* best(std::span<const Result> all, Predicate is_wanted) {
  const Result* found = nullptr;
  for (const Result& each : all)
    if (is_wanted(each) && (found == nullptr || each.transfers_per_s() > found->transfers_per_s()))
      found = &each;
  return found;
}

const case_result* best_batched(std::span<const case_result> cases, distribution shape) {
  return best(cases, [=](const case_result& each) {
    return each.what.shape == shape && each.what.batch >= batched_least;
  });
}

const case_result* one_a_call(std::span<const case_result> cases, std::uint32_t clients) {
  return best(cases, [=](const case_result& each) {
    return each.what.shape == distribution::uniform && each.what.batch == 1 &&
           each.what.clients == clients;
  });
}

template <class Result>
std::optional<double> rate(const Result* measured) {
  return measured == nullptr ? std::nullopt : std::optional{measured->transfers_per_s()};
}

std::optional<double> ratio(std::optional<double> ours, std::optional<double> theirs) {
  return ours && theirs ? std::optional{*ours / *theirs} : std::nullopt;
}

std::optional<double> latency_to_raw(const case_result* alone) {
  return alone == nullptr ? std::nullopt : std::optional{alone->p50_us / alone->raw_sync_p50_us};
}

} // namespace

std::vector<verdict> judge(std::span<const case_result> cases, std::span<const peer_result> peers) {
  const auto batched = rate(best_batched(cases, distribution::uniform));
  const auto peer_batched =
      rate(best(peers, [](const peer_result& each) { return each.batch >= batched_least; }));
  const auto peer_64 = rate(
      best(peers, [](const peer_result& each) { return each.batch == 1 && each.clients == 64; }));
  return {
      {"batched, to PostgreSQL's best batched form", ratio(batched, peer_batched), 3.5},
      {"batched, transfers/s", batched, 500'000},
      {"one client, one transfer a call: p50 to that of a raw write and sync",
       latency_to_raw(one_a_call(cases, 1)), 2, true},
      {"64 clients, one transfer a call, to PostgreSQL at 64",
       ratio(rate(one_a_call(cases, 64)), peer_64), 9},
      {"batched, a hot account to spread ones",
       ratio(rate(best_batched(cases, distribution::hot)), batched), 1},
  };
}

std::vector<verdict> judge(std::span<const replicated_result> cases,
                           std::span<const peer_result> peers) {
  const auto batched = rate(best(cases, [](const replicated_result& each) {
    return each.measured.what.batch >= replicated_batched_least;
  }));
  const auto single = rate(
      best(cases, [](const replicated_result& each) { return each.measured.what.batch == 1; }));
  const auto peer_batched = rate(
      best(peers, [](const peer_result& each) { return each.batch >= replicated_batched_least; }));
  const auto peer_single =
      rate(best(peers, [](const peer_result& each) { return each.batch == 1; }));
  return {
      {"batched, transfers/s", batched, 120'000},
      {"batched, to PostgreSQL's best batched form with a synchronous standby",
       ratio(batched, peer_batched), 1},
      {"one transfer a call, to PostgreSQL's best with a synchronous standby",
       ratio(single, peer_single), 1},
  };
}

} // namespace ducat::bench
