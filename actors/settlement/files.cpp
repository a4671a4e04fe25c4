#include "security/files.hpp"

#include <ducat/settlement/files.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace ducat::settlement {

namespace {

namespace fs = std::filesystem;

constexpr mode_t owner_only = 0600;

/// Ids, states and numbers hold nothing that CSV would quote; CRLF as RFC 4180 has it.
template <class... Cells>
void add_row(std::string& text, const std::string& first, const Cells&... cells) {
  text += first;
  ((text += ',', text += cells), ...);
  text += "\r\n";
}

std::vector<std::string> settlement_csv_names(const std::string& id) {
  return {id + ".csv"};
}

result<std::vector<made_file>> settlement_csv(const settled_facts& of) {
  std::string text;
  add_row(text, "settlement", "currency", "window", "merchant", "captures", "captured", "refunds",
          "refunded", "disputed", "disputes_won", "fees", "given_back", "interchange", "split_out",
          "split_in", "net", "reserved", "released");
  for (const v1::MerchantWindow& row : of.rows) {
    const v1::Accrual& sums = row.accrual();
    add_row(text, of.settlement.id(), of.settlement.currency(), std::to_string(row.window()),
            row.merchant(), std::to_string(sums.captures().count()),
            std::to_string(sums.captures().amount()), std::to_string(sums.refunds().count()),
            std::to_string(sums.refunds().amount()), std::to_string(sums.disputes().amount()),
            std::to_string(sums.disputes_won().amount()), std::to_string(sums.fees()),
            std::to_string(sums.given_back()), std::to_string(sums.interchange()),
            std::to_string(sums.split_out()), std::to_string(sums.split_in()),
            std::to_string(sums.net()), std::to_string(sums.reserved()),
            std::to_string(sums.released()));
  }
  return std::vector{
      made_file{.name = settlement_csv_names(of.settlement.id()).front(), .text = std::move(text)}};
}

result<std::vector<made_file>> batch_csv(const batch_facts& of) {
  std::string text;
  add_row(text, "batch", "payout", "merchant", "currency", "amount", "carried", "first_window",
          "last_window", "execution_date");
  for (const v1::Payout& each : of.payouts)
    add_row(text, of.batch.id(), each.id(), each.merchant(), each.currency(),
            std::to_string(each.amount()), std::to_string(each.carried()),
            std::to_string(each.first_window()), std::to_string(each.last_window()),
            std::to_string(of.batch.execution_date()));
  return std::vector{
      made_file{.name = of.batch.id() + ".csv", .text = std::move(text), .submits = true}};
}

bool holds(const fs::path& path, const std::string& text) {
  std::ifstream file{path, std::ios::binary};
  std::array<char, 64 * 1024> part{};
  std::size_t at = 0;
  while (file.read(part.data(), part.size()), file.gcount() > 0) {
    const auto size = static_cast<std::size_t>(file.gcount());
    if (text.compare(at, size, part.data(), size) != 0)
      return false;
    at += size;
  }
  return file.eof() && at == text.size();
}

} // namespace

file_formats csv_files() {
  return {.of_settlement = settlement_csv,
          .of_batch = batch_csv,
          .settlement_names = settlement_csv_names};
}

bool has_all(const recorded_files& recorded, const std::vector<std::string>& names) {
  return std::ranges::all_of(names, [&](const std::string& name) {
    return std::ranges::find(recorded, name, &v1::SettlementFile::name) != recorded.end();
  });
}

result<void> put_file(const fs::path& directory, const made_file& file) {
  if (auto made = security::make_directory(directory); !made)
    return made;
  const std::array files{
      security::new_file{.path = directory / file.name, .text = file.text, .mode = owner_only}};
  auto written = security::write_files(directory, files, security::if_there::refuse);
  if (!written && written.error().code == errc::not_permitted &&
      holds(directory / file.name, file.text))
    return {};
  return written;
}

} // namespace ducat::settlement
