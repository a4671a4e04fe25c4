/// Questions, and the lists that answer them.

#include "settlement/book.hpp"
#include "settlement/ids.hpp"
#include "settlement/page.hpp"

#include <ducat/payment/currency.hpp>

#include <ranges>

namespace ducat::settlement {

v1::SettlementAnswer book::ask(const v1::SettlementQuestion& question, const surroundings& around,
                               verdict& refused) const {
  switch (question.kind_case()) {
  case v1::SettlementQuestion::kLedgers: {
    v1::SettlementAnswer out;
    for (const auto& [currency, of] : ledgers_)
      *out.mutable_ledgers()->add_data() = view(of);
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
  case v1::SettlementQuestion::kParticipants:
    return ask(question.participants(), around);
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

namespace {

/// Returns whether a list of `wanted`, which empty is of all currencies, has those of `currency`.
bool is_of(const std::string& wanted, const std::string& currency) {
  return wanted.empty() || wanted == currency;
}

} // namespace

v1::SettlementAnswer book::ask(const v1::ListWindowsRequest& question) const {
  v1::SettlementAnswer out;
  page reply{*out.mutable_windows(), question.limit()};
  for (const auto& [currency, of] : ledgers_) {
    if (!is_of(question.currency(), of.terms.currency()))
      continue;
    std::uint64_t number = of.windows.size();
    if (question.before() != 0)
      number = std::min(number, question.before() - 1);
    for (; number > 0; --number)
      if (!reply.add([&] { return view(of.windows[number - 1]); }))
        return out;
  }
  return out;
}

v1::SettlementAnswer book::ask(const v1::ListSettlementsRequest& question) const {
  v1::SettlementAnswer out;
  page reply{*out.mutable_settlements(), question.limit()};
  const auto is_wanted = [&](const settlement_record& each) {
    return is_of(question.currency(), each.facts.currency()) &&
           (!question.only_open() || each.facts.state() < v1::Settlement::SETTLED);
  };
  if (!question.id().empty()) {
    const settlement_record* named = find_settlement(question.id());
    if (named != nullptr && is_wanted(*named))
      reply.add([&] { return view(*named); });
    return out;
  }
  for (const auto& [currency, of] : ledgers_)
    for (const settlement_record& each : of.settlements | std::views::reverse)
      if (is_wanted(each) && !reply.add([&] { return view(each); }))
        return out;
  return out;
}

v1::SettlementAnswer book::ask(const v1::ListPayoutBatchesRequest& question) const {
  v1::SettlementAnswer out;
  page reply{*out.mutable_batches(), question.limit()};
  const auto is_wanted = [&](const batch_record& each) {
    return is_of(question.currency(), each.facts.currency()) &&
           (!question.only_open() || each.facts.state() != v1::PayoutBatch::DONE);
  };
  if (!question.id().empty()) {
    const batch_record* named = find_batch(question.id()).second;
    if (named != nullptr && is_wanted(*named))
      reply.add([&] { return named->facts; });
    return out;
  }
  for (const auto& [currency, of] : ledgers_)
    for (const batch_record& each : of.batches | std::views::reverse)
      if (is_wanted(each) && !reply.add([&] { return each.facts; }))
        return out;
  return out;
}

std::optional<std::uint32_t> book::place_after(const std::string& merchant,
                                               verdict& refused) const {
  if (merchant.empty())
    return 0;
  const auto last = merchants_by_id_.find(merchant);
  if (last != merchants_by_id_.end())
    return last->second + 1;
  refused = {.why = refusal::cursor_not_found, .param = "starting_after"};
  return std::nullopt;
}

v1::SettlementAnswer book::ask(const v1::ListMerchantsRequest& question, const surroundings& around,
                               verdict& refused) const {
  v1::SettlementAnswer out;
  page reply{*out.mutable_merchants(), question.limit()};
  const auto is_wanted = [&](const merchant_record& each) {
    return is_of(question.currency(), std::string{payment::find_currency(each.currency)->code});
  };
  if (!question.id().empty()) {
    const merchant_record* named = find_merchant(question.id());
    if (named != nullptr && is_wanted(*named))
      reply.add([&] { return view(*named, around); });
    return out;
  }
  const auto from = place_after(question.starting_after(), refused);
  for (std::size_t place = from.value_or(0); from && place < merchants_.size(); ++place)
    if (is_wanted(merchants_[place]) && !reply.add([&] { return view(merchants_[place], around); }))
      break;
  return out;
}

v1::SettlementAnswer book::ask(const v1::ListParticipantsRequest& question,
                               const surroundings& around) const {
  v1::SettlementAnswer out;
  for (std::uint32_t place = 0; place < participants_.size(); ++place)
    if (is_of(question.currency(), participants_[place].terms.currency()))
      *out.mutable_participants()->add_data() = view(place, around);
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
