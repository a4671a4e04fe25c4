#include <ducat/settlement/liquidity.hpp>

#include <ostream>

namespace ducat::settlement {

std::string_view to_string(cover value) noexcept {
  switch (value) {
  case cover::enough:
    return "";
  case cover::net_debit_cap_exceeded:
    return "net_debit_cap_exceeded";
  case cover::liquidity_short:
    return "liquidity_short";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, cover value) {
  return out << (value == cover::enough ? "enough" : to_string(value));
}

cover covers(const exposure& of) noexcept {
  __extension__ using int128 = __int128;
  const int128 sum = static_cast<int128>(of.unsettled) + of.reserved + of.amount;
  if (sum > of.cap)
    return cover::net_debit_cap_exceeded;
  return of.cap > of.liquidity ? cover::liquidity_short : cover::enough;
}

} // namespace ducat::settlement
