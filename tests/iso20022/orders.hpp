/// Orders that can be written.
#pragma once

#include <ducat/iso20022/initiation.hpp>

#include <vector>

namespace ducat::iso20022::test {

inline initiation some_order() {
  using namespace std::chrono;
  return {.message_id = "EUR-2026-0001",
          .created_at = sys_days{November / 29 / 2026} + 7h + 5min + 9s,
          .debtor = {.name = "Ducat Payments",
                     .account = {.iban = "DE89370400440532013000"},
                     .bic = "COBADEFFXXX"},
          .execution_date = November / 30 / 2026,
          .currency = "EUR",
          .service_level = "SEPA"};
}

inline std::vector<credit_transfer> some_transfers(std::size_t count = 2) {
  std::vector<credit_transfer> all;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back({.end_to_end_id = "PO-" + std::to_string(i + 1),
                   .id = "I-" + std::to_string(i + 1),
                   .amount_minor = static_cast<std::int64_t>(1005 + i),
                   .currency = "EUR",
                   .creditor = {.name = "Shop, No. " + std::to_string(i + 1),
                                .account = {.iban = "GB29NWBK60161331926819"},
                                .bic = "NWBKGB2L"},
                   .remittance = "Window 7"});
  return all;
}

} // namespace ducat::iso20022::test
