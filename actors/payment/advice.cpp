#include <ducat/digest.hpp>
#include <ducat/payment/advice.hpp>

#include <ostream>

namespace ducat::payment {

std::string_view to_string(advice_kind value) noexcept {
  return value == advice_kind::capture ? "capture" : "refund";
}

std::string_view to_string(advice_state value) noexcept {
  switch (value) {
    using enum advice_state;
  case owed:
    return "owed";
  case acknowledged:
    return "acknowledged";
  case exhausted:
    return "exhausted";
  case settled:
    return "settled";
  }
  return "unknown";
}

std::string_view to_string(advice_event value) noexcept {
  switch (value) {
    using enum advice_event;
  case acknowledged:
    return "acknowledged";
  case exhausted:
    return "exhausted";
  case retried:
    return "retried";
  case settled:
    return "settled";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, advice_kind value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, advice_state value) {
  return out << to_string(value);
}

std::ostream& operator<<(std::ostream& out, advice_event value) {
  return out << to_string(value);
}

std::optional<advice_state> state_after(advice_state now, advice_event what) noexcept {
  using enum advice_state;
  if (now == acknowledged)
    return std::nullopt;
  switch (what) {
  case advice_event::acknowledged:
    return acknowledged;
  case advice_event::exhausted:
    return now == owed ? std::optional{exhausted} : std::nullopt;
  case advice_event::retried:
    return now == exhausted ? std::optional{owed} : std::nullopt;
  case advice_event::settled:
    return now == exhausted ? std::optional{settled} : std::nullopt;
  }
  return std::nullopt;
}

std::string advice_id_of(std::string_view payment_id, std::size_t number) {
  constexpr std::size_t digits = 32;
  const std::string_view nul{"\0", 1};
  return "adv_" +
         to_hex(sha256({"advice", nul, payment_id, nul, std::to_string(number)})).substr(0, digits);
}

} // namespace ducat::payment
