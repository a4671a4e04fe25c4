/// Windows: what they hold, and when they end. The order of the log decides.

#include "check/settlement.hpp"

#include <algorithm>

namespace ducat::cli {

namespace {

finding about_window(finding_kind kind, const std::string& currency, std::uint64_t number,
                     std::string text) {
  return make_finding(kind, "window " + std::to_string(number) + " of " + currency,
                      std::move(text));
}

} // namespace

std::optional<finding> settlement_book::apply(const v1::SettlementCommand& command) {
  switch (command.kind_case()) {
  case v1::SettlementCommand::kConfigure:
    return apply(command.configure());
  case v1::SettlementCommand::kParticipant:
    return apply(command.participant());
  case v1::SettlementCommand::kFund:
    return apply(command.fund());
  case v1::SettlementCommand::kMerchant:
    return apply(command.merchant());
  case v1::SettlementCommand::kPresent:
    return apply(command.present());
  case v1::SettlementCommand::kCut:
    return apply(command.cut());
  case v1::SettlementCommand::kStart:
    return apply(command.start());
  case v1::SettlementCommand::kAdvance:
    return apply(command.advance());
  case v1::SettlementCommand::kAbort:
    return apply(command.abort());
  case v1::SettlementCommand::kFinalize:
    return apply(command.finalize());
  case v1::SettlementCommand::kBatch:
    return apply(command.batch());
  case v1::SettlementCommand::kResolve:
    return apply(command.resolve());
  case v1::SettlementCommand::kFile:
    return apply(command.file());
  case v1::SettlementCommand::kDispute:
  case v1::SettlementCommand::KIND_NOT_SET:
    break;
  }
  return make_finding(finding_kind::broken, "command", "it is of no known kind of settlement");
}

checked_ledger* settlement_book::ledger(const std::string& currency) {
  const auto found = ledgers_.find(currency);
  return found == ledgers_.end() ? nullptr : &found->second;
}

void settlement_book::add_window(checked_ledger& of, std::uint32_t business_date) {
  of.windows.push_back(
      {.number = of.windows.size() + 1, .business_date = business_date, .model = of.terms.model()});
}

void settlement_book::pass_settled(checked_ledger& of) {
  while (of.windows[of.unsettled_from - 1].now == v1::Window::SETTLED)
    ++of.unsettled_from;
}

std::optional<finding> settlement_book::apply(const v1::CutWindow& command) {
  checked_ledger* of = ledger(command.currency());
  const auto wrong = [&](finding_kind kind, std::string text) {
    return about_window(kind, command.currency(), command.window(), std::move(text));
  };
  if (of == nullptr || command.window() == 0 || command.window() > of->windows.size())
    return wrong(finding_kind::impossible, "it was cut before it was opened");
  if (command.window() < of->windows.size())
    return wrong(finding_kind::doubled, "it was cut before");
  checked_window& cut = of->open_window();
  if (command.next_business_date() < cut.business_date)
    return wrong(finding_kind::impossible, "the next window is of a business date before");
  const bool releases = std::ranges::any_of(merchants_, [&](const checked_merchant& each) {
    return each.currency == command.currency() && !each.reserves.empty() &&
           each.reserves.begin()->first + each.terms.reserve_windows() <= command.window();
  });
  const bool is_empty = cut.merchants.empty() && cut.owed.empty() && !releases;
  cut.now = is_empty ? v1::Window::SETTLED : v1::Window::CLOSED;
  add_window(*of, command.next_business_date());
  pass_settled(*of);
  return std::nullopt;
}

std::optional<finding> settlement_book::apply(const v1::FinalizeWindow& command) {
  checked_ledger* of = ledger(command.currency());
  const auto wrong = [&](finding_kind kind, std::string text) {
    return about_window(kind, command.currency(), command.window(), std::move(text));
  };
  if (of == nullptr || command.window() == 0 || command.window() > of->windows.size())
    return wrong(finding_kind::impossible, "there is no such window to be final");
  checked_window& window = of->windows[command.window() - 1];
  if (window.is_final)
    return wrong(finding_kind::doubled, "it was final before");
  if (window.now != v1::Window::SETTLED)
    return wrong(finding_kind::impossible, "it is final before it is settled");
  if (open_exceptions(command.currency(), command.window()) != 0)
    return wrong(finding_kind::impossible, "it is final with an open exception");
  window.is_final = true;
  return std::nullopt;
}

std::optional<finding> settlement_book::apply(const v1::RecordFile& command) {
  const auto of = settlement(command.of());
  checked_batch* batch = nullptr;
  for (auto& [currency, each] : ledgers_)
    for (checked_batch& one : each.batches)
      if (one.id == command.of())
        batch = &one;
  if (of.second == nullptr && batch == nullptr)
    return make_finding(finding_kind::impossible, command.name(),
                        "a file of " + command.of() + ", which is not there");
  const auto [known, is_new] = files_.try_emplace({command.of(), command.name()}, command.sha256());
  if (!is_new)
    return known->second == command.sha256()
               ? make_finding(finding_kind::doubled, command.name(), "it was written before")
               : make_finding(finding_kind::altered, command.name(),
                              "it was written before, with another content");
  const auto has_ended = [](const checked_payout& each) {
    return each.now == v1::Payout::PAID || each.now == v1::Payout::RETURNED;
  };
  if (batch != nullptr && command.submits() && !batch->is_submitted &&
      std::ranges::any_of(batch->payouts, has_ended))
    return make_finding(finding_kind::impossible, command.name(),
                        "it orders a payout of which the outcome is known");
  if (batch == nullptr || !command.submits() || batch->state() != v1::PayoutBatch::BATCHED)
    return std::nullopt;
  batch->is_submitted = true;
  for (checked_payout& each : batch->payouts)
    if (each.now == v1::Payout::BATCHED)
      each.now = v1::Payout::SUBMITTED;
  return std::nullopt;
}

} // namespace ducat::cli
