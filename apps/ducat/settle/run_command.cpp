#include "client/show.hpp"
#include "settle/commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t bar_width = 30;

tl::expected<v1::Settlement, failure> look_at(const session& with, const std::string& id) {
  v1::ListSettlementsRequest request;
  request.set_id(id);
  const auto found = call(with.limits, repetition::read, with.node,
                          &v1::Settlements::Stub::ListSettlements, request);
  if (!found)
    return tl::unexpected(found.error());
  return found->data().empty() ? v1::Settlement{} : found->data(0);
}

void draw(std::ostream& err, const v1::Settlement& now) {
  const std::uint32_t steps = std::max(now.steps(), 1U);
  const std::uint32_t filled = std::min(now.step(), steps) * bar_width / steps;
  err << "\r[" << std::string(filled, '#') << std::string(bar_width - filled, ' ') << "] "
      << now.step() << '/' << now.steps() << ' ' << v1::Settlement::State_Name(now.state())
      << "\033[K" << std::flush;
}

bool has_ended(const v1::Settlement& now) {
  return now.state() == v1::Settlement::SETTLED || now.state() == v1::Settlement::ABORTED;
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
  const surroundings around = real_surroundings(with.node);
  const bool is_watched = !with.io.is_json() && ::isatty(STDERR_FILENO) != 0;
  while (!has_ended(begun->settlement())) {
    if (is_watched)
      draw(with.io.err, begun->settlement());
    around.sleep(100ms);
    auto now = look_at(with, begun->settlement().id());
    if (!now)
      return report(with.io, now.error(), {});
    *begun->mutable_settlement() = std::move(*now);
  }
  if (is_watched)
    with.io.err << "\r\033[K";
  const exit_code shown = show_changed(with, begun);
  return begun->settlement().state() == v1::Settlement::ABORTED ? exit_code::failed : shown;
}

} // namespace ducat::cli
