#include <ducat/iso20022/initiation.hpp>
#include <ducat/settlement/bank_files.hpp>

#include <algorithm>
#include <chrono>

namespace ducat::settlement {

namespace {

using iso20022::credit_transfer;
using iso20022::party;

std::string bank_id(std::string id) {
  std::ranges::replace(id, '_', '-');
  return id;
}

party party_of(const v1::BankAccount& from) {
  return {.name = from.name(), .account = {.iban = from.iban()}, .bic = from.bic()};
}

std::chrono::year_month_day date_of(std::uint32_t yyyymmdd) {
  return {std::chrono::year{static_cast<int>(yyyymmdd / 10'000)},
          std::chrono::month{yyyymmdd / 100 % 100}, std::chrono::day{yyyymmdd % 100}};
}

iso20022::initiation order_of(const v1::PayoutBatch& batch) {
  const std::chrono::nanoseconds created{static_cast<std::int64_t>(batch.created_at_ns())};
  return {.message_id = bank_id(batch.id()),
          .created_at = std::chrono::sys_seconds{std::chrono::floor<std::chrono::seconds>(created)},
          .debtor = party_of(batch.debtor()),
          .execution_date = date_of(batch.execution_date()),
          .currency = batch.currency()};
}

std::vector<credit_transfer> transfers_of(const batch_facts& of) {
  std::vector<credit_transfer> all;
  for (const v1::Payout& each : of.payouts)
    all.push_back({.end_to_end_id = bank_id(each.id()),
                   .id = bank_id(each.id()),
                   .amount_minor = each.amount(),
                   .currency = each.currency(),
                   .creditor = party_of(each.creditor()),
                   .remittance = bank_id(of.batch.id())});
  return all;
}

result<std::vector<made_file>> batch_files(const file_formats& csv, iso20022::order_message which,
                                           const batch_facts& of) {
  auto files = csv.of_batch(of);
  if (!files || of.batch.debtor().iban().empty())
    return files;
  const auto transfers = transfers_of(of);
  auto text = write(which, order_of(of.batch), std::span{transfers});
  if (!text)
    return fail(errc::invalid_argument, to_string(text.error()));
  for (made_file& each : *files)
    each.submits = false;
  files->push_back({.name = of.batch.id() + ".xml", .text = std::move(*text), .submits = true});
  return files;
}

} // namespace

file_formats bank_files(iso20022::order_message order) {
  file_formats made = csv_files();
  made.of_batch = [csv = made, order](const batch_facts& of) {
    return batch_files(csv, order, of);
  };
  return made;
}

} // namespace ducat::settlement
