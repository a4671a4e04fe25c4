#include "settlement/book.hpp"

#include <ducat/v1/node.pb.h>

#include <algorithm>
#include <array>

namespace ducat::settlement {

namespace {

/// Of every state there is, so that a figure that has become zero is shown as that.
template <class Counts, class Name>
void put_counts(const Counts& counts, Name name,
                google::protobuf::Map<std::string, std::uint64_t>& to) {
  for (int state = 1; state < static_cast<int>(counts.size()); ++state)
    to[name(state)] = counts[static_cast<std::size_t>(state)];
}

/// The payouts of a batch that are not resolved stand where it stands.
v1::Payout::State state_of_unresolved(const v1::PayoutBatch& batch) {
  return batch.state() == v1::PayoutBatch::SUBMITTED ? v1::Payout::SUBMITTED : v1::Payout::BATCHED;
}

} // namespace

void book::add_figures(v1::SettlementFigures& to) const {
  std::array<std::uint64_t, v1::Window::State_ARRAYSIZE> windows{};
  std::array<std::uint64_t, v1::Payout::State_ARRAYSIZE> payouts{};
  std::uint64_t oldest = 0;
  for (const auto& [currency, of] : ledgers_) {
    for (const window_record& each : of.windows) {
      windows[static_cast<std::size_t>(each.facts.state())] += 1;
      if (each.facts.state() == v1::Window::OPEN)
        oldest =
            oldest == 0 ? each.facts.opened_at_ns() : std::min(oldest, each.facts.opened_at_ns());
    }
    for (const batch_record& each : of.batches) {
      const v1::PayoutBatch& facts = each.facts;
      const std::uint64_t resolved = facts.paid().count() + facts.returned().count();
      payouts[v1::Payout::PAID] += facts.paid().count();
      payouts[v1::Payout::RETURNED] += facts.returned().count();
      payouts[state_of_unresolved(facts)] += facts.payouts().count() - resolved;
    }
  }
  if (ledgers_.empty())
    return;
  put_counts(
      windows, [](int state) { return v1::Window::State_Name(state); },
      *to.mutable_windows_by_state());
  put_counts(
      payouts, [](int state) { return v1::Payout::State_Name(state); },
      *to.mutable_payouts_by_state());
  to.set_oldest_open_window_at_ns(oldest);
}

} // namespace ducat::settlement
