#include <ducat/payment/decline_class.hpp>

#include <algorithm>
#include <array>

namespace ducat::payment {

namespace {

struct classified {
  std::string_view code;
  decline_class what;
};

/// In the order of the codes.
constexpr auto known_codes = [] {
  using enum decline_class;
  std::array all{
      classified{"01", refused},
      classified{"02", refused},
      classified{"03", not_permitted},
      classified{"04", card},
      classified{"05", refused},
      classified{"06", technical},
      classified{"07", suspicion},
      classified{"12", technical},
      classified{"13", technical},
      classified{"14", card},
      classified{"15", card},
      classified{"30", technical},
      classified{"31", technical},
      classified{"33", card},
      classified{"34", suspicion},
      classified{"36", card},
      classified{"37", suspicion},
      classified{"38", authentication},
      classified{"39", card},
      classified{"41", card},
      classified{"43", card},
      classified{"51", funds},
      classified{"52", card},
      classified{"53", card},
      classified{"54", card},
      classified{"55", authentication},
      classified{"56", card},
      classified{"57", not_permitted},
      classified{"58", not_permitted},
      classified{"59", suspicion},
      classified{"61", funds},
      classified{"62", card},
      classified{"63", suspicion},
      classified{"65", funds},
      classified{"75", authentication},
      classified{"82", authentication},
      classified{"90", technical},
      classified{"91", technical},
      classified{"92", technical},
      classified{"96", technical},
      classified{"N7", authentication},
      classified{"credit_account_already_closed", not_permitted},
      classified{"debit_account_already_closed", not_permitted},
      classified{"exceeds_credits", funds},
      classified{"exceeds_debits", funds},
      classified{"liquidity_short", funds},
      classified{"net_debit_cap_exceeded", funds},
  };
  return all;
}();

static_assert(std::ranges::is_sorted(known_codes, {}, &classified::code));

} // namespace

decline_class class_of_decline(std::string_view code) noexcept {
  const auto found = std::ranges::lower_bound(known_codes, code, {}, &classified::code);
  return found != known_codes.end() && found->code == code ? found->what : decline_class::other;
}

std::string_view to_string(decline_class value) noexcept {
  switch (value) {
    using enum decline_class;
  case funds:
    return "funds";
  case card:
    return "card";
  case authentication:
    return "authentication";
  case suspicion:
    return "suspicion";
  case not_permitted:
    return "not_permitted";
  case refused:
    return "refused";
  case technical:
    return "technical";
  case other:
    return "other";
  }
  return "other";
}

} // namespace ducat::payment
