#include <ducat/settlement/next_step.hpp>

#include <algorithm>

namespace ducat::settlement {

namespace {

std::optional<step> of_settlement(const v1::Settlement& each, const is_done& files_done) {
  if (is_finished(each, files_done))
    return std::nullopt;
  if (each.state() == v1::Settlement::SETTLED)
    return write_settlement{each};
  v1::SettlementCommand command;
  command.mutable_advance()->set_id(each.id());
  command.mutable_advance()->set_step(each.step());
  return command;
}

std::optional<step> of_batch(const v1::PayoutBatch& each, const is_done& files_done) {
  if (is_finished(each, files_done))
    return std::nullopt;
  if (each.state() == v1::PayoutBatch::BATCHED)
    return write_batch{each};
  v1::SettlementCommand command;
  v1::BatchPayouts& next = *command.mutable_batch();
  next.set_currency(each.currency());
  next.set_batch(each.number());
  next.set_step(each.step());
  next.set_execution_date(each.execution_date());
  return command;
}

const v1::Window* find(const v1::ListWindowsReply& windows, std::uint64_t number) {
  const auto found = std::ranges::find(windows.data(), number, &v1::Window::number);
  return found == windows.data().end() ? nullptr : &*found;
}

std::optional<step> cut_of(const currency_view& of, log_time now, const cut_rule& cut) {
  const v1::Window* open = find(of.windows, of.ledger.open_window());
  if (open == nullptr || !cut)
    return std::nullopt;
  const auto date = cut(of.ledger.terms().calendar(), *open, now);
  if (!date)
    return std::nullopt;
  v1::SettlementCommand command;
  command.mutable_cut()->set_currency(open->currency());
  command.mutable_cut()->set_window(open->number());
  command.mutable_cut()->set_next_business_date(*date);
  return command;
}

/// Of the closed windows from the first that is not settled on, as many as have one model.
std::optional<step> start_of(const currency_view& of) {
  const std::uint64_t first = of.ledger.unsettled_from();
  const v1::Window* const begin = find(of.windows, first);
  std::uint64_t end = first;
  for (const v1::Window* each = begin;
       each != nullptr && each->state() == v1::Window::CLOSED && each->model() == begin->model();
       each = find(of.windows, end))
    ++end;
  if (end == first)
    return std::nullopt;
  v1::SettlementCommand command;
  command.mutable_start()->set_currency(of.ledger.terms().currency());
  command.mutable_start()->set_first_window(first);
  command.mutable_start()->set_last_window(end - 1);
  command.mutable_start()->set_number(of.ledger.next_settlement());
  return command;
}

} // namespace

bool is_finished(const v1::Settlement& of, const is_done& files_done) {
  return of.state() == v1::Settlement::ABORTED ||
         (of.state() == v1::Settlement::SETTLED && files_done(of.id(), of.files()));
}

/// A batch of which a payout has ended is not ordered any more.
bool is_finished(const v1::PayoutBatch& of, const is_done& files_done) {
  if (of.state() != v1::PayoutBatch::BATCHED)
    return of.state() != v1::PayoutBatch::BATCHING;
  return of.paid().count() + of.returned().count() > 0 || files_done(of.id(), of.files());
}

std::optional<step> next_step(const currency_view& of, log_time now, const cut_rule& cut,
                              const is_done& files_done) {
  for (const v1::Settlement& each : of.settlements.data())
    if (auto next = of_settlement(each, files_done))
      return next;
  for (const v1::PayoutBatch& each : of.batches.data())
    if (auto next = of_batch(each, files_done))
      return next;
  if (!of.ledger.terms().automatic())
    return std::nullopt;
  if (auto next = cut_of(of, now, cut))
    return next;
  return start_of(of);
}

} // namespace ducat::settlement
