/// The terms of a small settlement, as a file of `ducat settle configure`.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace ducat::cli {

/// EUR with the merchants books and kiosk, which has no bank.
constexpr const char* settlement_terms = R"([[ledger]]
currency = "EUR"
model = "net_multilateral_deferred"
business_date = 2026-11-02
own = { name = "Ducat", iban = "DE89370400440532013000" }
calendar = { time_zone = "Europe/Berlin", cut_offs = ["12:00", "22:00"], weekend = [6, 7] }

[[merchant]]
id = "books"
discount = { tiers = [{ basis_points = 150, fixed = 10 }] }
bank = { name = "Books", iban = "GB82WEST12345698765432" }

[[merchant]]
id = "kiosk"
)";

/// Writes it, and returns where.
inline std::string write_terms(const std::filesystem::path& directory,
                               const std::string& text = settlement_terms) {
  const auto file = directory / "settlement.toml";
  std::ofstream{file} << text;
  return file.string();
}

} // namespace ducat::cli
