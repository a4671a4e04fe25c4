/// What is shown of settlement.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"
#include "settlement/terms.hpp"

#include <ducat/ledger/query.hpp>
#include <ducat/payment/currency.hpp>

#include <algorithm>
#include <limits>

namespace ducat::settlement {

namespace {

constexpr std::uint32_t page_default = 100;
constexpr std::uint32_t page_max = 4'096;
constexpr std::uint16_t payment_code = 1;
constexpr std::uint16_t refund_code = 2;
constexpr std::uint16_t reversal_code = 3;

std::uint32_t page_of(std::uint32_t limit) noexcept {
  return limit == 0 ? page_default : std::min(limit, page_max);
}

std::int64_t posted_of(const ledger::account& account) {
  return static_cast<std::int64_t>(account.credits_posted) -
         static_cast<std::int64_t>(account.debits_posted);
}

v1::Member::Kind kind_of(std::uint16_t transfer_code) noexcept {
  switch (transfer_code) {
  case payment_code:
  case static_cast<std::uint16_t>(code::presented):
    return v1::Member::CAPTURE;
  case refund_code:
  case reversal_code:
    return v1::Member::REFUND;
  case static_cast<std::uint16_t>(code::dispute):
    return v1::Member::DISPUTE;
  case static_cast<std::uint16_t>(code::dispute_won):
    return v1::Member::DISPUTE_WON;
  default:
    return v1::Member::KIND_UNSPECIFIED;
  }
}

std::string hex_number(u128 value) {
  char text[40];
  std::snprintf(text, sizeof text, "%016llx%016llx",
                static_cast<unsigned long long>(high_half(value)),
                static_cast<unsigned long long>(low_half(value)));
  return text;
}

v1::Member member_of(const ledger::transfer& moved, const account_record& merchant) {
  v1::Member out;
  out.set_kind(kind_of(moved.code));
  out.set_amount(static_cast<std::int64_t>(moved.amount));
  out.set_business_date(moved.user_data_32);
  out.set_at_ns(moved.timestamp.nanoseconds);
  out.set_transfer(hex_number(moved.id.value));
  out.set_counterparty(hex_number(
      (moved.debit_account_id == merchant.number ? moved.credit_account_id : moved.debit_account_id)
          .value));
  out.set_window(moved.user_data_64);
  if (moved.user_data_128 != 0)
    out.set_payment("pay_" + hex_number(moved.user_data_128));
  return out;
}

} // namespace

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    out.push_back(digits[static_cast<unsigned char>(byte) >> 4U]);
    out.push_back(digits[static_cast<unsigned char>(byte) & 0xFU]);
  }
  return out;
}

v1::SettlementLedger book::view(const ledger_record& of) const {
  v1::SettlementLedger out;
  *out.mutable_terms() = of.terms;
  out.set_open_window(of.windows.size());
  out.set_next_batch(
      of.batches.size() +
      (!of.batches.empty() && of.batches.back().facts.state() == v1::PayoutBatch::BATCHING ? 0
                                                                                           : 1));
  out.set_unsettled_from(of.unsettled_from);
  out.set_next_settlement(of.settlements.size() + 1);
  return out;
}

v1::Window book::view(const window_record& window) const {
  v1::Window out = window.facts;
  *out.mutable_total() = message_of(window.total);
  out.set_merchants(window.merchants.size());
  return out;
}

v1::Settlement book::view(const settlement_record& settlement) const {
  v1::Settlement out = settlement.facts;
  out.set_steps(steps_of(settlement));
  return out;
}

v1::Merchant book::view(const merchant_record& merchant, const surroundings& around) const {
  const auto account = [&](std::uint32_t place) -> const ledger::account& {
    return *around.money.find(around.accounts.records[place].number);
  };
  v1::Merchant out;
  *out.mutable_terms() = merchant.terms;
  out.set_currency(std::string{payment::find_currency(merchant.currency)->code});
  out.set_pending(posted_of(account(merchant.account)));
  out.set_available(posted_of(account(merchant.available)) -
                    static_cast<std::int64_t>(account(merchant.available).debits_pending));
  out.set_reserve(posted_of(account(merchant.reserve)));
  out.set_held(static_cast<std::int64_t>(account(merchant.available).debits_pending));
  out.set_unpaid_from(merchant.unpaid_from);
  return out;
}

v1::Participant book::view(std::uint32_t participant, const surroundings& around) const {
  const participant_record& of = participants_[participant];
  v1::Participant out;
  *out.mutable_terms() = of.terms;
  out.set_liquidity(liquidity_of(of, around));
  out.set_unsettled(unsettled_of(participant));
  out.set_reserved(reserved_of(of, around));
  return out;
}

v1::Membership book::membership(std::uint32_t payee, std::uint64_t window) const {
  v1::Membership out;
  const auto merchant = merchant_of_account_.find(payee);
  if (merchant == merchant_of_account_.end() || window == 0)
    return out;
  const ledger_record& of = ledgers_.at(merchants_[merchant->second].currency);
  const v1::Window& facts = of.windows[window - 1].facts;
  out.set_window(window);
  out.set_state(facts.state() == v1::Window::SETTLED ? v1::Membership::SETTLED
                                                     : v1::Membership::ACCRUED);
  out.set_settlement(facts.settlement());
  if (out.state() != v1::Membership::SETTLED || merchants_[merchant->second].unpaid_from <= window)
    return out;
  for (const batch_record& batch : of.batches)
    for (const v1::Payout& each : batch.payouts)
      if (each.merchant() == merchants_[merchant->second].terms.id() &&
          each.first_window() <= window && window <= each.last_window()) {
        out.set_state(v1::Membership::PAID_OUT);
        out.set_payout(each.id());
      }
  return out;
}

// Questions --------------------------------------------------------------------------------------

v1::SettlementAnswer book::ask(const v1::SettlementQuestion& question, const surroundings& around,
                               verdict& refused) const {
  switch (question.kind_case()) {
  case v1::SettlementQuestion::kLedgers: {
    v1::SettlementAnswer out;
    auto& reply = *out.mutable_ledgers();
    for (const auto& [currency, of] : ledgers_)
      *reply.add_data() = view(of);
    return out;
  }
  case v1::SettlementQuestion::kWindows:
    return ask(question.windows());
  case v1::SettlementQuestion::kSettlements:
    return ask(question.settlements());
  case v1::SettlementQuestion::kMerchantWindows:
    return ask(question.merchant_windows(), refused);
  case v1::SettlementQuestion::kMembers:
    return ask(question.members(), around, refused);
  case v1::SettlementQuestion::kMerchants:
    return ask(question.merchants(), around, refused);
  case v1::SettlementQuestion::kParticipants: {
    v1::SettlementAnswer out;
    auto& reply = *out.mutable_participants();
    for (std::uint32_t place = 0; place < participants_.size(); ++place)
      if (question.participants().currency().empty() ||
          participants_[place].terms.currency() == question.participants().currency())
        *reply.add_data() = view(place, around);
    return out;
  }
  case v1::SettlementQuestion::kPayouts:
    return ask(question.payouts(), refused);
  case v1::SettlementQuestion::kBatches:
    return ask(question.batches());
  case v1::SettlementQuestion::kPositions:
    return ask(question.positions(), refused);
  case v1::SettlementQuestion::KIND_NOT_SET:
    break;
  }
  refused = {.why = refusal::command_malformed};
  return {};
}

v1::SettlementAnswer book::ask(const v1::ListWindowsRequest& question) const {
  v1::SettlementAnswer out;
  auto& reply = *out.mutable_windows();
  for (const auto& [currency, of] : ledgers_) {
    if (!question.currency().empty() && question.currency() != of.terms.currency())
      continue;
    for (auto each = of.windows.rbegin(); each != of.windows.rend(); ++each) {
      if (question.before() != 0 && each->facts.number() >= question.before())
        continue;
      if (static_cast<std::uint32_t>(reply.data_size()) == page_of(question.limit())) {
        reply.set_has_more(true);
        return out;
      }
      *reply.add_data() = view(*each);
    }
  }
  return out;
}

v1::SettlementAnswer book::ask(const v1::ListSettlementsRequest& question) const {
  v1::SettlementAnswer out;
  auto& reply = *out.mutable_settlements();
  for (const auto& [currency, of] : ledgers_) {
    if (!question.currency().empty() && question.currency() != of.terms.currency())
      continue;
    for (auto each = of.settlements.rbegin(); each != of.settlements.rend(); ++each) {
      const bool is_open = each->facts.state() < v1::Settlement::SETTLED;
      if ((question.only_open() && !is_open) ||
          (!question.id().empty() && question.id() != each->facts.id()))
        continue;
      if (static_cast<std::uint32_t>(reply.data_size()) == page_of(question.limit())) {
        reply.set_has_more(true);
        return out;
      }
      *reply.add_data() = view(*each);
    }
  }
  return out;
}

v1::SettlementAnswer book::ask(const v1::ListMerchantWindowsRequest& question,
                               verdict& refused) const {
  v1::SettlementAnswer out;
  const window_record* window = find_window(question.currency(), question.window());
  if (window == nullptr) {
    refused = {.why = refusal::window_not_found, .param = "window"};
    return out;
  }
  auto& reply = *out.mutable_merchant_windows();
  bool is_after = question.starting_after().empty();
  for (const auto& [place, sums] : window->merchants) {
    const std::string& id = merchants_[place].terms.id();
    const bool is_wanted = is_after && (question.merchant().empty() || question.merchant() == id);
    is_after = is_after || id == question.starting_after();
    if (!is_wanted)
      continue;
    if (static_cast<std::uint32_t>(reply.data_size()) == page_of(question.limit())) {
      reply.set_has_more(true);
      return out;
    }
    v1::MerchantWindow& each = *reply.add_data();
    each.set_merchant(id);
    each.set_window(question.window());
    *each.mutable_accrual() = message_of(sums);
  }
  return out;
}

/// Members are read from the ledger, which has them on disk: memory holds only sums.
v1::SettlementAnswer book::ask(const v1::ListMembersRequest& question, const surroundings& around,
                               verdict& refused) const {
  v1::SettlementAnswer out;
  const window_record* window = find_window(question.currency(), question.window());
  const merchant_record* merchant = find_merchant(question.merchant());
  if (window == nullptr || merchant == nullptr) {
    refused = window == nullptr ? verdict{.why = refusal::window_not_found, .param = "window"}
                                : verdict{.why = refusal::merchant_not_found, .param = "merchant"};
    return out;
  }
  const account_record& account = around.accounts.records[merchant->account];
  const std::uint32_t limit = page_of(question.limit());
  const log_time from{std::max(window->facts.opened_at_ns(), question.after_ns() + 1)};
  ledger::account_filter wanted{.account = account.number, .common = {}};
  wanted.common.user_data_64 = question.window();
  wanted.common.timestamp_min = from;
  wanted.common.timestamp_max = log_time{window->facts.cut_at_ns()}; // 0: it is open.
  wanted.common.limit = limit + 1;
  const auto found = around.money.account_transfers(wanted);
  auto& reply = *out.mutable_members();
  for (const ledger::transfer& each : found) {
    if (static_cast<std::uint32_t>(reply.data_size()) == limit) {
      reply.set_has_more(true);
      break;
    }
    *reply.add_data() = member_of(each, account);
  }
  return out;
}

v1::SettlementAnswer book::ask(const v1::ListMerchantsRequest& question, const surroundings& around,
                               verdict& refused) const {
  v1::SettlementAnswer out;
  auto& reply = *out.mutable_merchants();
  std::size_t place = 0;
  if (!question.starting_after().empty()) {
    const merchant_record* last = find_merchant(question.starting_after());
    if (last == nullptr) {
      refused = {.why = refusal::cursor_not_found, .param = "starting_after"};
      return out;
    }
    place = static_cast<std::size_t>(last - merchants_.data()) + 1;
  }
  for (; place < merchants_.size(); ++place) {
    const merchant_record& each = merchants_[place];
    if ((!question.id().empty() && each.terms.id() != question.id()) ||
        (!question.currency().empty() &&
         payment::find_currency(each.currency)->code != question.currency()))
      continue;
    if (static_cast<std::uint32_t>(reply.data_size()) == page_of(question.limit())) {
      reply.set_has_more(true);
      return out;
    }
    *reply.add_data() = view(each, around);
  }
  return out;
}

v1::SettlementAnswer book::ask(const v1::ListPayoutsRequest& question, verdict& refused) const {
  v1::SettlementAnswer out;
  auto& reply = *out.mutable_payouts();
  const auto add = [&](const v1::Payout& each) {
    if (static_cast<std::uint32_t>(reply.data_size()) == page_of(question.limit()))
      reply.set_has_more(true);
    else
      *reply.add_data() = each;
    return !reply.has_more();
  };
  if (!question.batch().empty()) {
    const auto [of, batch] = find_batch(question.batch());
    if (batch == nullptr) {
      refused = {.why = refusal::batch_not_found, .param = "batch"};
      return out;
    }
    std::size_t place = 0;
    if (!question.starting_after().empty()) {
      const auto last = find_payout(question.starting_after());
      if (!last || question.batch() != batch_id(of->terms.currency(), last->batch + 1) ||
          last->currency != of->currency) {
        refused = {.why = refusal::cursor_not_found, .param = "starting_after"};
        return out;
      }
      place = last->payout + 1;
    }
    for (; place < batch->payouts.size(); ++place)
      if (!add(batch->payouts[place]))
        break;
    return out;
  }
  for (const auto& [currency, of] : ledgers_)
    for (auto batch = of.batches.rbegin(); batch != of.batches.rend(); ++batch)
      for (const v1::Payout& each : batch->payouts)
        if (each.merchant() == question.merchant() && !add(each))
          return out;
  return out;
}

v1::SettlementAnswer book::ask(const v1::ListPayoutBatchesRequest& question) const {
  v1::SettlementAnswer out;
  auto& reply = *out.mutable_batches();
  for (const auto& [currency, of] : ledgers_) {
    if (!question.currency().empty() && question.currency() != of.terms.currency())
      continue;
    for (auto each = of.batches.rbegin(); each != of.batches.rend(); ++each) {
      if ((question.only_open() && each->facts.state() == v1::PayoutBatch::DONE) ||
          (!question.id().empty() && question.id() != each->facts.id()))
        continue;
      if (static_cast<std::uint32_t>(reply.data_size()) == page_of(question.limit())) {
        reply.set_has_more(true);
        return out;
      }
      *reply.add_data() = each->facts;
    }
  }
  return out;
}

/// Every bilateral position, then what each participant has against all.
v1::SettlementAnswer book::ask(const v1::ListPositionsRequest& question, verdict& refused) const {
  v1::SettlementAnswer out;
  const window_record* window = find_window(question.currency(), question.window());
  if (window == nullptr) {
    refused = {.why = refusal::window_not_found, .param = "window"};
    return out;
  }
  auto& reply = *out.mutable_positions();
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> bilateral;
  std::map<std::uint32_t, std::int64_t> all;
  for (const auto& [pair, amount] : window->owed) {
    bilateral[{pair.second, pair.first}] += amount;
    bilateral[{pair.first, pair.second}] -= amount;
    all[pair.second] += amount;
    all[pair.first] -= amount;
  }
  const auto add = [&](std::uint32_t participant, std::int64_t amount) -> v1::Position& {
    v1::Position& each = *reply.add_data();
    each.set_participant(participants_[participant].terms.id());
    each.set_amount(amount);
    return each;
  };
  for (const auto& [pair, amount] : bilateral)
    add(pair.first, amount).set_against(participants_[pair.second].terms.id());
  for (const auto& [participant, amount] : all)
    add(participant, amount);
  return out;
}

} // namespace ducat::settlement
