#include <ducat/payment/card.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace ducat::payment {

namespace {

constexpr std::size_t digits_min = 13;
constexpr std::size_t digits_max = 19;

/// The last digit makes the sum of all a multiple of ten, where every second one from the right
/// counts double, and 9 less if that is over 9.
bool has_check_digit(std::string_view digits) {
  int sum = 0;
  bool is_doubled = false;
  for (auto at = digits.rbegin(); at != digits.rend(); ++at, is_doubled = !is_doubled) {
    const int digit = *at - '0';
    const int twice = 2 * digit;
    sum += is_doubled ? twice - (twice > 9 ? 9 : 0) : digit;
  }
  return sum % 10 == 0;
}

} // namespace

sensitive::sensitive(std::string bytes)
    : bytes_{new std::string{std::move(bytes)}, [](std::string* held) {
               OPENSSL_cleanse(held->data(), held->size());
               delete held;
             }} {}

result<pan> pan::parse(std::string digits) {
  const bool is_number = digits.size() >= digits_min && digits.size() <= digits_max &&
                         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number || !has_check_digit(digits))
    return fail(errc::invalid_argument, "that is no card number");
  std::string masked = digits;
  std::fill(masked.begin() + 6, masked.end() - 4, '*');
  return pan{sensitive{std::move(digits)}, std::move(masked)};
}

std::ostream& operator<<(std::ostream& out, const pan& card) {
  return out << card.masked();
}

} // namespace ducat::payment
