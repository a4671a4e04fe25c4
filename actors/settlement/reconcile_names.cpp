#include <ducat/settlement/difference.hpp>

#include <ostream>

namespace ducat::settlement {

std::string reference_of(std::string_view rrn, std::string_view stan) {
  return std::string{rrn}.append("/").append(stan);
}

std::string_view to_string(reconciliation_leg value) noexcept {
  switch (value) {
  case reconciliation_leg::acquirer:
    return "acquirer";
  case reconciliation_leg::bank:
    return "bank";
  }
  return "";
}

std::string_view to_string(difference_class value) noexcept {
  switch (value) {
  case difference_class::matched:
    return "matched";
  case difference_class::amount:
    return "amount";
  case difference_class::currency:
    return "currency";
  case difference_class::fee:
    return "fee";
  case difference_class::missing_external:
    return "missing_external";
  case difference_class::missing_internal:
    return "missing_internal";
  case difference_class::duplicate_external:
    return "duplicate_external";
  case difference_class::late:
    return "late";
  }
  return "";
}

std::ostream& operator<<(std::ostream& out, reconciliation_leg value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, difference_class value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, const reconciliation_item& what) {
  out << what.reference << " amount=" << what.amount << " currency=" << what.currency;
  if (what.fee)
    out << " fee=" << *what.fee;
  return out << " date=" << what.business_date << " window=" << what.window
             << " batch=" << what.batch << (what.is_aside ? " aside" : "");
}

std::ostream& operator<<(std::ostream& out, const difference& what) {
  out << what.what << " leg=" << what.leg << " window=" << what.window
      << " occurrence=" << what.occurrence;
  if (what.internal)
    out << " internal=(" << *what.internal << ')';
  if (what.external)
    out << " external=(" << *what.external << ')';
  return out;
}

} // namespace ducat::settlement
