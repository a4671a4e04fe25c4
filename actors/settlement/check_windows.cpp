/// Whether a window is cut, settled and final.

#include "settlement/verdicts.hpp"

#include <ducat/planted.hpp>

namespace ducat::settlement {

verdict book::check(const v1::CutWindow& command) const {
  const ledger_record* of = find_ledger(command.currency());
  if (of == nullptr)
    return refuse(refusal::settlement_not_configured, "currency");
  if (command.window() == 0 || command.window() > of->windows.size())
    return refuse(refusal::window_not_found, "window");
  if (command.window() < of->windows.size())
    return nothing_new;
  if (!is_date(command.next_business_date()) ||
      command.next_business_date() < of->windows.back().facts.business_date())
    return refuse(refusal::business_date_invalid, "next_business_date");
  return {};
}

/// Windows are settled in their order, and those of one settlement under one model.
verdict book::check(const v1::StartSettlement& command) const {
  const ledger_record* of = find_ledger(command.currency());
  if (of == nullptr)
    return refuse(refusal::settlement_not_configured, "currency");
  const bool is_believed = planted::is_on(planted::bug::settled_twice);
  if (command.number() != 0 && command.number() <= of->settlements.size() && !is_believed)
    return nothing_new;
  if (command.number() > of->settlements.size() + 1)
    return refuse(refusal::step_not_next, "number");
  const std::uint64_t first = command.first_window();
  const std::uint64_t last = command.last_window();
  if (first == 0 || last < first || last > of->windows.size())
    return refuse(refusal::window_not_found, "last_window");
  const auto state_of = [&](std::uint64_t number) { return of->windows[number - 1].facts.state(); };
  for (const settlement_record& each : of->settlements)
    if (each.facts.first_window() == first && each.facts.last_window() == last &&
        each.facts.state() != v1::Settlement::ABORTED && !is_believed)
      return nothing_new;
  if (first != of->unsettled_from && !is_believed)
    return refuse(refusal::window_not_next, "first_window");
  for (std::uint64_t number = first; number <= last; ++number) {
    if (state_of(number) == v1::Window::OPEN)
      return refuse(refusal::window_open, "last_window");
    if (state_of(number) == v1::Window::PENDING_SETTLEMENT)
      return refuse(refusal::settlement_under_way, "first_window");
    if (of->windows[number - 1].facts.model() != of->windows[first - 1].facts.model())
      return refuse(refusal::settlement_model_unknown, "last_window");
  }
  return {};
}

verdict book::check(const v1::AdvanceSettlement& command) const {
  const settlement_record* found = find_settlement(command.id());
  if (found == nullptr)
    return refuse(refusal::settlement_not_found, "id");
  if (command.step() < found->facts.step() || found->facts.state() == v1::Settlement::SETTLED ||
      found->facts.state() == v1::Settlement::ABORTED)
    return nothing_new;
  return command.step() == found->facts.step() ? verdict{} : refuse(refusal::step_not_next, "step");
}

verdict book::check(const v1::AbortSettlement& command) const {
  const settlement_record* found = find_settlement(command.id());
  if (found == nullptr)
    return refuse(refusal::settlement_not_found, "id");
  if (command.reason().empty() || command.reason().size() > 255)
    return refuse(refusal::reason_invalid, "reason");
  if (found->facts.state() == v1::Settlement::ABORTED)
    return nothing_new;
  return found->facts.state() <= v1::Settlement::PS_TRANSFERS_RESERVED
             ? verdict{}
             : refuse(refusal::settlement_committed, "id");
}

verdict book::check(const v1::FinalizeWindow& command) const {
  const window_record* found = find_window(command.currency(), command.window());
  if (found == nullptr)
    return refuse(refusal::window_not_found, "window");
  if (found->facts.final())
    return nothing_new;
  return found->facts.state() == v1::Window::SETTLED
             ? verdict{}
             : refuse(refusal::window_not_settled, "window");
}

} // namespace ducat::settlement
