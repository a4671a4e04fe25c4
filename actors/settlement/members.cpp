/// What a window holds of each merchant, and what its members are.

#include "settlement/book.hpp"
#include "settlement/page.hpp"

#include <ducat/ledger/query.hpp>

#include <cstdio>

namespace ducat::settlement {

namespace {

constexpr std::uint16_t payment_code = 1;
constexpr std::uint16_t refund_code = 2;
constexpr std::uint16_t reversal_code = 3;

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

v1::SettlementAnswer book::ask(const v1::ListMerchantWindowsRequest& question,
                               verdict& refused) const {
  v1::SettlementAnswer out;
  const window_record* window = find_window(question.currency(), question.window());
  if (window == nullptr) {
    refused = {.why = refusal::window_not_found, .param = "window"};
    return out;
  }
  page reply{*out.mutable_merchant_windows(), question.limit()};
  const auto show = [&](std::uint32_t place, const accrual& sums) {
    v1::MerchantWindow each;
    each.set_merchant(merchants_[place].terms.id());
    each.set_window(question.window());
    *each.mutable_accrual() = message_of(sums);
    return each;
  };
  const ledger_record& of = *find_ledger(question.currency());
  if (!question.merchant().empty()) {
    if (const auto named = merchants_by_id_.find(question.merchant());
        named != merchants_by_id_.end())
      visit_merchants(of, *window, named->second, [&](std::uint32_t place, const accrual& sums) {
        if (place == named->second)
          reply.add([&] { return show(place, sums); });
        return false;
      });
    return out;
  }
  if (const auto from = place_after(question.starting_after(), refused))
    visit_merchants(of, *window, *from, [&](std::uint32_t place, const accrual& sums) {
      return reply.add([&] { return show(place, sums); });
    });
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
  using reply_page = page<v1::ListMembersReply>;
  const account_record& account = around.accounts.records[merchant->account];
  ledger::account_filter wanted{.account = account.number, .common = {}};
  wanted.common.user_data_64 = question.window();
  wanted.common.timestamp_min =
      log_time{std::max(window->facts.opened_at_ns(), question.after_ns() + 1)};
  wanted.common.timestamp_max = log_time{window->facts.cut_at_ns()}; // 0: it is open.
  wanted.common.limit = reply_page::limit_of(question.limit()) + 1;
  reply_page reply{*out.mutable_members(), question.limit()};
  for (const ledger::transfer& each : around.money.account_transfers(wanted))
    if (!reply.add([&] { return member_of(each, account); }))
      break;
  return out;
}

} // namespace ducat::settlement
