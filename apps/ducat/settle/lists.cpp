#include "settle/lists.hpp"

#include "client/table.hpp"
#include "client/utc.hpp"

#include <string>

namespace ducat::cli {

namespace {

column number(const char* title) {
  return {title, align::right};
}

std::string windows_of(std::uint64_t first, std::uint64_t last) {
  return first == last ? std::to_string(first) : std::to_string(first) + "-" + std::to_string(last);
}

template <class Files>
void add_files(table& rows, const Files& files) {
  for (const v1::SettlementFile& each : files)
    rows.add({each.of(), each.name(), std::to_string(each.size()), each.sha256()});
}

} // namespace

void print(std::ostream& out, const v1::ListLedgersReply& list) {
  table rows{{{"CURRENCY"},
              {"MODEL"},
              {"AUTOMATIC"},
              number("OPEN"),
              number("UNSETTLED FROM"),
              number("NEXT BATCH"),
              number("EXCEPTIONS DUE")}};
  const auto due_of = [](std::uint32_t hours) {
    return hours == 0 ? "never" : std::to_string(hours) + "h";
  };
  for (const v1::SettlementLedger& each : list.data())
    rows.add({each.terms().currency(), v1::SettlementModel_Name(each.terms().model()),
              each.terms().automatic() ? "yes" : "no", std::to_string(each.open_window()),
              std::to_string(each.unsettled_from()), std::to_string(each.next_batch()),
              due_of(each.terms().exception_hours())});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListWindowsReply& list) {
  table rows{{{"CURRENCY"},
              number("WINDOW"),
              {"STATE"},
              number("DATE"),
              number("CAPTURES"),
              number("CAPTURED"),
              number("REFUNDED"),
              number("FEES"),
              number("NET"),
              {"SETTLEMENT"}}};
  for (const v1::Window& each : list.data())
    rows.add({each.currency(), std::to_string(each.number()),
              v1::Window::State_Name(each.state()) + (each.final() ? " (final)" : ""),
              std::to_string(each.business_date()), std::to_string(each.total().captures().count()),
              std::to_string(each.total().captures().amount()),
              std::to_string(each.total().refunds().amount()), std::to_string(each.total().fees()),
              std::to_string(each.total().net()), each.settlement()});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListSettlementsReply& list) {
  table rows{{{"ID"},
              {"STATE"},
              {"MODEL"},
              number("WINDOWS"),
              number("STEP"),
              number("MERCHANTS"),
              number("NET"),
              {"REASON"}}};
  for (const v1::Settlement& each : list.data())
    rows.add({each.id(), v1::Settlement::State_Name(each.state()),
              v1::SettlementModel_Name(each.model()),
              windows_of(each.first_window(), each.last_window()),
              std::to_string(each.step()) + "/" + std::to_string(each.steps()),
              std::to_string(each.merchants_settled()) + "/" + std::to_string(each.merchants()),
              std::to_string(each.total().net()), printable(each.reason())});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListMerchantWindowsReply& list) {
  table rows{{number("WINDOW"),
              {"MERCHANT"},
              number("CAPTURES"),
              number("CAPTURED"),
              number("REFUNDED"),
              number("DISPUTED"),
              number("FEES"),
              number("NET"),
              number("RESERVED")}};
  for (const v1::MerchantWindow& each : list.data()) {
    const v1::Accrual& sums = each.accrual();
    rows.add({std::to_string(each.window()), each.merchant(),
              std::to_string(sums.captures().count()), std::to_string(sums.captures().amount()),
              std::to_string(sums.refunds().amount()), std::to_string(sums.disputes().amount()),
              std::to_string(sums.fees()), std::to_string(sums.net()),
              std::to_string(sums.reserved())});
  }
  rows.print(out);
}

void print(std::ostream& out, const v1::ListMembersReply& list) {
  table rows{{{"KIND"}, number("AMOUNT"), number("DATE"), {"AT"}, {"PAYMENT"}, {"TRANSFER"}}};
  for (const v1::Member& each : list.data())
    rows.add({v1::Member::Kind_Name(each.kind()), std::to_string(each.amount()),
              std::to_string(each.business_date()), utc({each.at_ns()}), each.payment(),
              each.transfer()});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListMerchantsReply& list) {
  table rows{{{"MERCHANT"},
              {"CURRENCY"},
              number("PENDING"),
              number("AVAILABLE"),
              number("RESERVE"),
              number("HELD"),
              {"IBAN"}}};
  for (const v1::Merchant& each : list.data())
    rows.add({each.terms().id(), each.currency(), std::to_string(each.pending()),
              std::to_string(each.available()), std::to_string(each.reserve()),
              std::to_string(each.held()), printable(each.terms().bank().iban())});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListParticipantsReply& list) {
  table rows{{{"PARTICIPANT"},
              {"CURRENCY"},
              number("CAP"),
              number("LIQUIDITY"),
              number("UNSETTLED"),
              number("RESERVED"),
              number("ACCOUNTS")}};
  for (const v1::Participant& each : list.data())
    rows.add({each.terms().id(), each.terms().currency(),
              std::to_string(each.terms().net_debit_cap()), std::to_string(each.liquidity()),
              std::to_string(each.unsettled()), std::to_string(each.reserved()),
              std::to_string(each.terms().accounts_size())});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListPayoutsReply& list) {
  table rows{{{"PAYOUT"},
              {"MERCHANT"},
              {"STATE"},
              number("AMOUNT"),
              number("CARRIED"),
              number("WINDOWS"),
              {"REASON"}}};
  for (const v1::Payout& each : list.data())
    rows.add({each.id(), each.merchant(), v1::Payout::State_Name(each.state()),
              std::to_string(each.amount()), std::to_string(each.carried()),
              windows_of(each.first_window(), each.last_window()), printable(each.reason())});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListPayoutBatchesReply& list) {
  table rows{{{"BATCH"},
              {"STATE"},
              number("DATE"),
              number("PAYOUTS"),
              number("AMOUNT"),
              number("PAID"),
              number("RETURNED")}};
  for (const v1::PayoutBatch& each : list.data())
    rows.add({each.id(), v1::PayoutBatch::State_Name(each.state()),
              std::to_string(each.execution_date()), std::to_string(each.payouts().count()),
              std::to_string(each.payouts().amount()), std::to_string(each.paid().amount()),
              std::to_string(each.returned().amount())});
  rows.print(out);
}

void print(std::ostream& out, const v1::ListPositionsReply& list) {
  table rows{{{"PARTICIPANT"}, {"AGAINST"}, number("AMOUNT")}};
  for (const v1::Position& each : list.data())
    rows.add({each.participant(), each.against().empty() ? "all" : each.against(),
              std::to_string(each.amount())});
  rows.print(out);
}

void print_files(std::ostream& out, const v1::ListSettlementsReply& settlements,
                 const v1::ListPayoutBatchesReply& batches) {
  table rows{{{"OF"}, {"NAME"}, number("BYTES"), {"SHA-256"}}};
  for (const v1::Settlement& each : settlements.data())
    add_files(rows, each.files());
  for (const v1::PayoutBatch& each : batches.data())
    add_files(rows, each.files());
  rows.print(out);
}

} // namespace ducat::cli
