#include <ducat/payment/currency.hpp>

#include <algorithm>
#include <array>

namespace ducat::payment {

namespace {

/// ISO 4217 (list one), sorted by code.
constexpr std::array currencies = std::to_array<currency>({
    {"AED", 784, 2}, {"ARS", 32, 2},  {"AUD", 36, 2},  {"BGN", 975, 2}, {"BHD", 48, 3},
    {"BRL", 986, 2}, {"CAD", 124, 2}, {"CHF", 756, 2}, {"CLP", 152, 0}, {"CNY", 156, 2},
    {"COP", 170, 2}, {"CZK", 203, 2}, {"DKK", 208, 2}, {"EGP", 818, 2}, {"EUR", 978, 2},
    {"GBP", 826, 2}, {"HKD", 344, 2}, {"HUF", 348, 2}, {"IDR", 360, 2}, {"ILS", 376, 2},
    {"INR", 356, 2}, {"ISK", 352, 0}, {"JOD", 400, 3}, {"JPY", 392, 0}, {"KES", 404, 2},
    {"KRW", 410, 0}, {"KWD", 414, 3}, {"MAD", 504, 2}, {"MXN", 484, 2}, {"MYR", 458, 2},
    {"NGN", 566, 2}, {"NOK", 578, 2}, {"NZD", 554, 2}, {"OMR", 512, 3}, {"PEN", 604, 2},
    {"PHP", 608, 2}, {"PKR", 586, 2}, {"PLN", 985, 2}, {"QAR", 634, 2}, {"RON", 946, 2},
    {"RSD", 941, 2}, {"SAR", 682, 2}, {"SEK", 752, 2}, {"SGD", 702, 2}, {"THB", 764, 2},
    {"TND", 788, 3}, {"TRY", 949, 2}, {"TWD", 901, 2}, {"UAH", 980, 2}, {"USD", 840, 2},
    {"VND", 704, 0}, {"ZAR", 710, 2},
});
static_assert(std::ranges::is_sorted(currencies, {}, &currency::code));

} // namespace

std::optional<currency> find_currency(std::string_view code) noexcept {
  const auto* found = std::ranges::find(currencies, code, &currency::code);
  return found == currencies.end() ? std::nullopt : std::optional{*found};
}

std::optional<currency> find_currency(std::uint32_t number) noexcept {
  const auto* found = std::ranges::find(currencies, number, &currency::number);
  return found == currencies.end() ? std::nullopt : std::optional{*found};
}

} // namespace ducat::payment
