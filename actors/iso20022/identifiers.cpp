#include <ducat/iso20022/identifiers.hpp>

#include <algorithm>

namespace ducat::iso20022 {

namespace {

constexpr std::size_t iban_head = 4; // country and check digits
constexpr std::size_t iban_length_max = 34;

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

bool is_number(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_upper_or_number(char c) noexcept {
  return is_upper(c) || is_number(c);
}

/// ISO 7064: letters count as 10 to 35.
unsigned mod_97(unsigned before, std::string_view text) noexcept {
  for (const char c : text)
    before = is_number(c) ? (before * 10 + static_cast<unsigned>(c - '0')) % 97
                          : (before * 100 + static_cast<unsigned>(c - 'A') + 10) % 97;
  return before;
}

} // namespace

bool is_iban(std::string_view text) noexcept {
  if (text.size() <= iban_head || text.size() > iban_length_max ||
      !std::ranges::all_of(text, is_upper_or_number))
    return false;
  if (!is_upper(text[0]) || !is_upper(text[1]) || !is_number(text[2]) || !is_number(text[3]))
    return false;
  return mod_97(mod_97(0, text.substr(iban_head)), text.substr(0, iban_head)) == 1;
}

bool is_bic(std::string_view text) noexcept {
  if (text.size() != 8 && text.size() != 11)
    return false;
  return std::ranges::all_of(text.substr(0, 6), is_upper) && is_upper_or_number(text[6]) &&
         text[6] != '0' && text[6] != '1' && is_upper_or_number(text[7]) && text[7] != 'O' &&
         std::ranges::all_of(text.substr(8), is_upper_or_number);
}

bool banks_take(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_number(c) ||
         std::string_view{"/-?:().,'+ "}.find(c) != std::string_view::npos;
}

bool is_party_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= party_name_length_max && text.front() != ' ' &&
         text.back() != ' ' && std::ranges::all_of(text, banks_take);
}

} // namespace ducat::iso20022
