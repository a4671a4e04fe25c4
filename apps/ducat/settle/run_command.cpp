#include "client/show.hpp"
#include "settle/commands.hpp"
#include "settle/progress_bar.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

/// It has begun: a node that is away is waited for, and if it stays away the outcome is unknown.
tl::expected<v1::Settlement, failure> look_at(const session& with, const std::string& id) {
  v1::ListSettlementsRequest request;
  request.set_id(id);
  const auto found = call(with.limits, repetition::keyed, with.node,
                          &v1::Settlements::Stub::ListSettlements, request);
  if (!found)
    return tl::unexpected(found.error());
  return found->data().empty() ? v1::Settlement{} : found->data(0);
}

bool has_ended(const v1::Settlement& now) {
  return now.state() == v1::Settlement::SETTLED || now.state() == v1::Settlement::ABORTED;
}

/// Looks at the settlement until it has ended.
std::optional<failure> follow(const session& with, v1::Settlement& now) {
  const surroundings around = real_surroundings(with.node);
  progress_bar bar{with.io};
  while (!has_ended(now)) {
    bar.show(now.step(), now.steps(), v1::Settlement::State_Name(now.state()));
    around.sleep(100ms);
    auto next = look_at(with, now.id());
    if (!next)
      return next.error();
    now = std::move(*next);
  }
  return std::nullopt;
}

} // namespace

exit_code run_settlement(const session& with, v1::StartSettlement request) {
  const auto ledger = find_ledger(with, request.currency());
  if (!ledger)
    return report(with.io, ledger.error(), {});
  if (request.first_window() == 0)
    request.set_first_window(ledger->unsettled_from());
  if (request.last_window() == 0)
    request.set_last_window(std::max(ledger->open_window() - 1, request.first_window()));
  if (request.number() == 0)
    request.set_number(ledger->next_settlement());
  auto begun = call(with.limits, repetition::keyed, with.node,
                    &v1::Settlements::Stub::RunSettlement, request);
  if (!begun)
    return report(with.io, begun.error(), {});
  if (const auto failed = follow(with, *begun->mutable_settlement()))
    return report(with.io, *failed, {});
  const exit_code shown = show_changed(with, begun);
  return begun->settlement().state() == v1::Settlement::ABORTED ? exit_code::failed : shown;
}

} // namespace ducat::cli
