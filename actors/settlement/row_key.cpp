#include "settlement/row_key.hpp"

#include <cstdio>

namespace ducat::settlement {

std::string key_of(const row_id& row) {
  char text[64];
  std::snprintf(text, sizeof text, "s/%u/%04x/%016llx/%08x", static_cast<unsigned>(row.what),
                row.currency, static_cast<unsigned long long>(row.number), row.place);
  return text;
}

std::optional<row_id> row_in(std::string_view key) {
  unsigned what = 0;
  unsigned currency = 0;
  unsigned long long number = 0;
  unsigned place = 0;
  const std::string text{key};
  if (std::sscanf(text.c_str(), "s/%u/%x/%llx/%x", &what, &currency, &number, &place) != 4 ||
      what > static_cast<unsigned>(row_id::kind::payout))
    return std::nullopt;
  const row_id row{.what = static_cast<row_id::kind>(what),
                   .currency = currency,
                   .number = number,
                   .place = place};
  return key_of(row) == key ? std::optional{row} : std::nullopt;
}

accrual accrual_in(const v1::StoredAccrual& stored) {
  accrual sums = accrual_in(stored.sums());
  for (const v1::StoredSplit& each : stored.splits())
    sums.splits[each.to()] = each.amount();
  return sums;
}

} // namespace ducat::settlement
