#include <ducat/iso20022/problem.hpp>

#include <ostream>

namespace ducat::iso20022 {

std::string_view to_string(fault what) noexcept {
  switch (what) {
    using enum fault;
  case missing:
    return "missing";
  case too_long:
    return "too_long";
  case bad_character:
    return "bad_character";
  case bad_iban:
    return "bad_iban";
  case bad_bic:
    return "bad_bic";
  case bad_amount:
    return "bad_amount";
  case unknown_currency:
    return "unknown_currency";
  case other_currency:
    return "other_currency";
  case bad_date:
    return "bad_date";
  case bad_code:
    return "bad_code";
  case both_given:
    return "both_given";
  case no_transfers:
    return "no_transfers";
  case source_changed:
    return "source_changed";
  case sink_failed:
    return "sink_failed";
  }
  return "?";
}

std::string to_string(const problem& wrong) {
  const std::string item = wrong.item ? "transfer " + std::to_string(*wrong.item) + ", " : "";
  return item + wrong.field + ": " + std::string{to_string(wrong.what)} + ": " + wrong.detail;
}

std::ostream& operator<<(std::ostream& out, const problem& wrong) {
  return out << to_string(wrong);
}

} // namespace ducat::iso20022
