/// How what is settled is named.
#pragma once

#include <ducat/u128.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace ducat::settlement {

/// The accounts of a currency, such as settlement.fees.EUR.
inline std::string hub_account(std::string_view kind, std::string_view currency) {
  return "settlement." + std::string{kind} + "." + std::string{currency};
}

inline constexpr std::string_view hub_kinds[] = {
    "fees", ///< What merchants pay, less interchange.
    "interchange",
    "bank",     ///< What left by payouts.
    "suspense", ///< What is disputed with a counterparty: open exceptions.
    "disputes", ///< What is disputed by payers.
    "hub",      ///< Between participants; 0 after every settlement.
    "liquidity" ///< What participants have brought.
};

/// Returns whether the id is that of such an account, of whatever currency and kind.
inline bool is_hub_account(std::string_view id) noexcept {
  return id.starts_with("settlement.");
}

/// Returns the number that the hex digits of a payment's id are; 0 if it has none.
inline u128 number_in(std::string_view payment) {
  u128 number = 0;
  for (const char digit : payment.substr(std::min<std::size_t>(payment.size(), 4)))
    number = number * 16 + static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  return number;
}

/// "set_", "pob_" with currency and number.
inline std::string settlement_id(std::string_view currency, std::uint64_t number) {
  return "set_" + std::string{currency} + "_" + std::to_string(number);
}

inline std::string batch_id(std::string_view currency, std::uint64_t number) {
  return "pob_" + std::string{currency} + "_" + std::to_string(number);
}

/// Returns the id of a payout, which is the end-to-end id of its transfer.
inline std::string payout_id(std::string_view currency, std::uint64_t batch, std::uint64_t place) {
  return "po_" + std::string{currency} + "_" + std::to_string(batch) + "_" + std::to_string(place);
}

} // namespace ducat::settlement
