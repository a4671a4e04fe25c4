/// Why payments are declined, in so few classes that each can be counted.
#pragma once

#include <cstdint>
#include <string_view>

namespace ducat::payment {

enum class decline_class : std::uint8_t {
  funds,          ///< The payer has not enough, or is at a limit.
  card,           ///< It is unknown, expired, lost, stolen or restricted.
  authentication, ///< A PIN or a security code is wrong, or tried too often.
  suspicion,      ///< Of fraud.
  not_permitted,  ///< This card, or this account, may not do this.
  refused,        ///< The issuer says no more than that.
  technical,      ///< Somebody behind the acquirer could not answer, or did not understand.
  other,
};

constexpr std::size_t decline_classes = 8;

/// Returns the class of a payment's decline code: a response code (DE39 of ISO 8583), or what a
/// ledger or the settlement answered. Pure.
decline_class class_of_decline(std::string_view code) noexcept;

std::string_view to_string(decline_class value) noexcept;

} // namespace ducat::payment
