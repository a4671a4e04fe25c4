/// Identifiers of accounts and banks.
#pragma once

#include <string_view>

namespace ducat::iso20022 {

/// Returns whether `text` has the pattern of an IBAN (ISO 13616, no spaces, upper case) and its
/// check digits are right (mod 97). The length that each country has is not checked.
bool is_iban(std::string_view text) noexcept;

/// Returns whether `text` has the pattern of a BIC of 8 or 11 characters (ISO 9362), in the
/// narrower form that the schemas of 2009 have; those of 2019 take it, too.
bool is_bic(std::string_view text) noexcept;

} // namespace ducat::iso20022
