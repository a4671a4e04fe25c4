/// What is refused, and what has been done before.

#include "settlement/book.hpp"
#include "settlement/terms.hpp"

#include <ducat/payment/currency.hpp>
#include <ducat/settlement/reserve.hpp>

#include <algorithm>
#include <set>

namespace ducat::settlement {

namespace {

constexpr verdict known{.changes_nothing = true};

verdict refuse(refusal why, std::string_view param) {
  return {.why = why, .param = param};
}

/// Dates are yyyymmdd.
bool is_date(std::uint32_t value) noexcept {
  const std::uint32_t month = value / 100 % 100;
  const std::uint32_t day = value % 100;
  return value >= 19'000'101 && value <= 29'991'231 && month >= 1 && month <= 12 && day >= 1 &&
         day <= 31;
}

bool is_printable(std::string_view text, std::size_t longest) noexcept {
  return !text.empty() && text.size() <= longest &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

bool is_file_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 128 && text.front() != '.' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

bool is_same(const google::protobuf::MessageLite& a, const google::protobuf::MessageLite& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

} // namespace

verdict book::check(const v1::SettlementCommand& command, const surroundings& around) const {
  const verdict said = check_kind(command, around);
  if (said.why != refusal::none || said.changes_nothing)
    return said;
  for (const needed_account& each : names_of(command, around.accounts))
    if (const account_record* found = around.accounts.find(each.id);
        found != nullptr && (found->ledger != each.currency || found->overdraft != each.overdraft))
      return refuse(refusal::account_exists, "id");
  return said;
}

verdict book::check_kind(const v1::SettlementCommand& command, const surroundings& around) const {
  switch (command.kind_case()) {
  case v1::SettlementCommand::kConfigure:
    return check(command.configure());
  case v1::SettlementCommand::kParticipant:
    return check(command.participant(), around);
  case v1::SettlementCommand::kFund:
    return check(command.fund(), around);
  case v1::SettlementCommand::kMerchant:
    return check(command.merchant(), around);
  case v1::SettlementCommand::kPresent:
    return check(command.present(), around);
  case v1::SettlementCommand::kCut:
    return check(command.cut());
  case v1::SettlementCommand::kStart:
    return check(command.start());
  case v1::SettlementCommand::kAdvance:
    return check(command.advance());
  case v1::SettlementCommand::kAbort:
    return check(command.abort());
  case v1::SettlementCommand::kFinalize:
    return check(command.finalize());
  case v1::SettlementCommand::kBatch:
    return check(command.batch());
  case v1::SettlementCommand::kResolve:
    return check(command.resolve());
  case v1::SettlementCommand::kFile:
    return check(command.file());
  case v1::SettlementCommand::kDispute: // The machine looks at the payment first.
  case v1::SettlementCommand::KIND_NOT_SET:
    break;
  }
  return refuse(refusal::command_malformed, "");
}

// What is set up ---------------------------------------------------------------------------------

verdict book::check(const v1::ConfigureSettlement& command) const {
  const auto currency = payment::find_currency(command.currency());
  if (!currency)
    return refuse(refusal::currency_unknown, "currency");
  if (command.model() < v1::GROSS_IMMEDIATE || command.model() > v1::NET_MULTILATERAL_DEFERRED)
    return refuse(refusal::settlement_model_unknown, "model");
  const ledger_record* of = find_ledger(command.currency());
  if (of == nullptr && !is_date(command.business_date()))
    return refuse(refusal::business_date_invalid, "business_date");
  if (of == nullptr)
    return {};
  v1::ConfigureSettlement same = command;
  same.clear_business_date();
  v1::ConfigureSettlement now = of->terms;
  now.clear_business_date();
  return is_same(same, now) ? known : verdict{};
}

verdict book::check(const v1::PutParticipant& command, const surroundings& around) const {
  if (command.id().empty() || command.id().size() > 50 || !is_file_name(command.id()))
    return refuse(refusal::account_id_invalid, "id");
  const ledger_record* of = find_ledger(command.currency());
  if (of == nullptr)
    return refuse(refusal::settlement_not_configured, "currency");
  if (command.net_debit_cap() < 0)
    return refuse(refusal::amount_must_not_be_negative, "net_debit_cap");
  if (!is_fee_rule(command.interchange()))
    return refuse(refusal::fee_rule_invalid, "interchange");
  const participant_record* found = find_participant(command.id());
  if (found != nullptr && found->currency != of->currency)
    return refuse(refusal::currency_mismatch, "currency");
  std::set<std::string> accounts(command.accounts().begin(), command.accounts().end());
  if (found != nullptr)
    accounts.insert(found->terms.accounts().begin(), found->terms.accounts().end());
  if (accounts.size() > static_cast<std::size_t>(participant_accounts_max))
    return refuse(refusal::participant_accounts_exhausted, "accounts");
  for (const std::string& each : command.accounts()) {
    const account_record* account = around.accounts.find(each);
    if (account == nullptr)
      return refuse(refusal::account_not_found, "accounts");
    if (account->ledger != of->currency)
      return refuse(refusal::currency_mismatch, "accounts");
    const auto owner = participant_of(around.accounts.place_of(each));
    if (owner && participants_[*owner].terms.id() != command.id())
      return refuse(refusal::account_of_another_participant, "accounts");
  }
  if (found == nullptr)
    return {};
  v1::PutParticipant same = command;
  same.mutable_accounts()->Assign(accounts.begin(), accounts.end());
  return is_same(same, found->terms) ? known : verdict{};
}

verdict book::check(const v1::FundParticipant& command, const surroundings& around) const {
  if (!is_printable(command.idempotency_key(), 255))
    return refuse(refusal::idempotency_key_invalid, "idempotency_key");
  const participant_record* of = find_participant(command.id());
  if (of == nullptr)
    return refuse(refusal::participant_not_found, "id");
  if (command.amount() == 0)
    return refuse(refusal::amount_must_be_positive, "amount");
  const auto made =
      around.money.find(ledger::transfer_id{payment::number_of("fund", command.idempotency_key())});
  if (made) {
    const auto& own = around.accounts.records[of->settlement].number;
    const bool is_in = made->credit_account_id == own;
    const bool is_out = made->debit_account_id == own;
    const auto amount = static_cast<std::int64_t>(made->amount);
    return (is_in && command.amount() == amount) || (is_out && command.amount() == -amount)
               ? known
               : refuse(refusal::idempotency_key_reused, "idempotency_key");
  }
  if (command.amount() < 0 && liquidity_of(*of, around) + command.amount() <
                                  std::max(of->terms.net_debit_cap(), std::int64_t{0}))
    return refuse(refusal::liquidity_needed, "amount");
  return {};
}

verdict book::check(const v1::PutMerchant& command, const surroundings& around) const {
  const account_record* account = around.accounts.find(command.id());
  if (account == nullptr)
    return refuse(refusal::account_not_found, "id");
  if (!account->overdraft)
    return refuse(refusal::merchant_needs_overdraft, "id");
  if (!ledgers_.contains(account->ledger))
    return refuse(refusal::settlement_not_configured, "id");
  if (command.id().size() > 50)
    return refuse(refusal::account_id_invalid, "id");
  if (!is_fee_rule(command.discount()))
    return refuse(refusal::fee_rule_invalid, "discount");
  if (command.payout_minimum() < 0)
    return refuse(refusal::amount_must_not_be_negative, "payout_minimum");
  if (settlement::check(reserve_terms{.basis_points = command.reserve_basis_points(),
                                      .windows = command.reserve_windows()}))
    return refuse(refusal::reserve_invalid, "reserve_basis_points");
  if (!is_split_rule(command.split()))
    return refuse(refusal::split_invalid, "split");
  for (const v1::SplitShare& each : command.split())
    if (each.to() != command.id()) {
      const merchant_record* to = find_merchant(each.to());
      if (to == nullptr)
        return refuse(refusal::merchant_not_found, "split");
      if (to->currency != account->ledger)
        return refuse(refusal::currency_mismatch, "split");
    }
  const merchant_record* found = find_merchant(command.id());
  return found != nullptr && is_same(found->terms, command) ? known : verdict{};
}

verdict book::check(const v1::PresentCaptures& command, const surroundings& around) const {
  if (command.items_size() == 0 || command.items_size() > presented_max)
    return refuse(refusal::items_too_many, "items");
  std::uint32_t currency = 0;
  for (const v1::PresentedCapture& each : command.items()) {
    if (!is_printable(each.reference(), 64))
      return refuse(refusal::reference_invalid, "items");
    if (each.amount() <= 0)
      return refuse(refusal::amount_must_be_positive, "items");
    if (each.business_date() != 0 && !is_date(each.business_date()))
      return refuse(refusal::business_date_invalid, "items");
    const account_record* from = around.accounts.find(each.from());
    const account_record* to = around.accounts.find(each.to());
    if (from == nullptr || to == nullptr)
      return refuse(refusal::account_not_found, "items");
    if (from == to)
      return refuse(refusal::accounts_must_be_different, "items");
    if (!merchant_of_account_.contains(around.accounts.place_of(each.to())))
      return refuse(refusal::merchant_not_found, "items");
    if (currency == 0)
      currency = to->ledger;
    if (from->ledger != currency || to->ledger != currency)
      return refuse(refusal::currency_mismatch, "items");
  }
  v1::PresentCaptures first; // If it is new there is no need to look at the others.
  *first.add_items() = command.items(0);
  if (around.money.answer_known(transfers_of(first, around.accounts)).empty())
    return {};
  return around.money.answer_known(transfers_of(command, around.accounts)).empty() ? verdict{}
                                                                                   : known;
}

// What is done with windows ----------------------------------------------------------------------

verdict book::check(const v1::CutWindow& command) const {
  const ledger_record* of = find_ledger(command.currency());
  if (of == nullptr)
    return refuse(refusal::settlement_not_configured, "currency");
  if (command.window() == 0 || command.window() > of->windows.size())
    return refuse(refusal::window_not_found, "window");
  if (command.window() < of->windows.size())
    return known;
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
  if (command.number() != 0 && command.number() <= of->settlements.size())
    return known;
  if (command.number() > of->settlements.size() + 1)
    return refuse(refusal::step_not_next, "number");
  const std::uint64_t first = command.first_window();
  const std::uint64_t last = command.last_window();
  if (first == 0 || last < first || last > of->windows.size())
    return refuse(refusal::window_not_found, "last_window");
  const auto state_of = [&](std::uint64_t number) { return of->windows[number - 1].facts.state(); };
  for (const settlement_record& each : of->settlements)
    if (each.facts.first_window() == first && each.facts.last_window() == last &&
        each.facts.state() != v1::Settlement::ABORTED)
      return known;
  if (first != of->unsettled_from)
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
    return known;
  return command.step() == found->facts.step() ? verdict{} : refuse(refusal::step_not_next, "step");
}

verdict book::check(const v1::AbortSettlement& command) const {
  const settlement_record* found = find_settlement(command.id());
  if (found == nullptr)
    return refuse(refusal::settlement_not_found, "id");
  if (command.reason().empty() || command.reason().size() > 255)
    return refuse(refusal::reason_invalid, "reason");
  if (found->facts.state() == v1::Settlement::ABORTED)
    return known;
  return found->facts.state() <= v1::Settlement::PS_TRANSFERS_RESERVED
             ? verdict{}
             : refuse(refusal::settlement_committed, "id");
}

verdict book::check(const v1::FinalizeWindow& command) const {
  const window_record* found = find_window(command.currency(), command.window());
  if (found == nullptr)
    return refuse(refusal::window_not_found, "window");
  if (found->facts.final())
    return known;
  return found->facts.state() == v1::Window::SETTLED
             ? verdict{}
             : refuse(refusal::window_not_settled, "window");
}

// Payouts ----------------------------------------------------------------------------------------

verdict book::check(const v1::BatchPayouts& command) const {
  const ledger_record* of = find_ledger(command.currency());
  if (of == nullptr)
    return refuse(refusal::settlement_not_configured, "currency");
  if (command.batch() == 0 || command.batch() > of->batches.size() + 1)
    return refuse(refusal::batch_not_found, "batch");
  const bool is_new = command.batch() == of->batches.size() + 1;
  if (is_new && command.step() != 0)
    return refuse(refusal::step_not_next, "step");
  if (is_new && !of->batches.empty() &&
      of->batches.back().facts.state() == v1::PayoutBatch::BATCHING)
    return refuse(refusal::batch_under_way, "batch");
  if (is_new)
    return is_date(command.execution_date())
               ? verdict{}
               : refuse(refusal::business_date_invalid, "execution_date");
  const v1::PayoutBatch& facts = of->batches[command.batch() - 1].facts;
  if (facts.state() != v1::PayoutBatch::BATCHING || command.step() < facts.step())
    return known;
  return command.step() == facts.step() ? verdict{} : refuse(refusal::step_not_next, "step");
}

verdict book::check(const v1::ResolvePayouts& command) const {
  if (command.results_size() == 0 || command.results_size() > presented_max)
    return refuse(refusal::items_too_many, "results");
  bool is_new = false;
  for (const v1::PayoutResult& each : command.results()) {
    const auto place = find_payout(each.payout());
    if (!place)
      return refuse(refusal::payout_not_found, "results");
    if (each.event() != v1::PayoutResult::PAID && each.event() != v1::PayoutResult::RETURNED)
      return refuse(refusal::command_malformed, "results");
    is_new = is_new || is_news(*place, each);
  }
  return is_new ? verdict{} : known;
}

/// What was written once is not written otherwise.
verdict book::check(const v1::RecordFile& command) const {
  if (!is_file_name(command.name()))
    return refuse(refusal::file_name_invalid, "name");
  if (command.sha256().size() != 32)
    return refuse(refusal::command_malformed, "sha256");
  const auto* files = files_of(command.of());
  if (files == nullptr)
    return refuse(refusal::settlement_not_found, "of");
  const auto found = std::ranges::find(*files, command.name(), &v1::SettlementFile::name);
  if (found == files->end())
    return {};
  return found->sha256() == hex_of(command.sha256()) && found->size() == command.size()
             ? known
             : refuse(refusal::file_differs, "sha256");
}

} // namespace ducat::settlement
