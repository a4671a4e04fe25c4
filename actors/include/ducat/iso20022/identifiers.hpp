/// Identifiers of accounts and banks, and the names of those who have them.
#pragma once

#include <cstddef>
#include <string_view>

namespace ducat::iso20022 {

/// Returns whether `text` has the pattern of an IBAN (ISO 13616, no spaces, upper case) and its
/// check digits are right (mod 97). The length that each country has is not checked.
bool is_iban(std::string_view text) noexcept;

/// Returns whether `text` has the pattern of a BIC of 8 or 11 characters (ISO 9362), in the
/// narrower form that the schemas of 2009 have; those of 2019 take it, too.
bool is_bic(std::string_view text) noexcept;

/// Returns whether banks take the character from each other: a-z A-Z 0-9 / - ? : ( ) . , ' + and
/// the space.
bool banks_take(char c) noexcept;

constexpr std::size_t party_name_length_max = 140;

/// Returns whether `text` can name a debtor or creditor: 1 to 140 such characters, and no space at
/// an end.
bool is_party_name(std::string_view text) noexcept;

} // namespace ducat::iso20022
