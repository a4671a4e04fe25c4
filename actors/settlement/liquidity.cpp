#include <ducat/settlement/liquidity.hpp>
#include <ducat/settlement/rounding.hpp>

#include <ostream>

namespace ducat::settlement {

std::string_view to_string(liquidity_problem what) noexcept {
  switch (what) {
    using enum liquidity_problem;
  case net_debit_cap_exceeded:
    return "net_debit_cap_exceeded";
  case liquidity_short:
    return "liquidity_short";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, liquidity_problem what) {
  return out << to_string(what);
}

std::optional<liquidity_problem> check_liquidity(const exposure& of, std::int64_t amount) noexcept {
  if (i128{of.unsettled_net} + of.reserved_debits + amount > of.net_debit_cap)
    return liquidity_problem::net_debit_cap_exceeded;
  if (of.net_debit_cap > of.liquidity)
    return liquidity_problem::liquidity_short;
  return std::nullopt;
}

bool covers(const exposure& of, std::int64_t amount) noexcept {
  return !check_liquidity(of, amount);
}

} // namespace ducat::settlement
