#include <ducat/payment/records.hpp>

#include <ostream>

namespace ducat::payment {

namespace {

digest named_digest(std::string_view kind, std::string_view name) {
  return sha256({kind, std::string_view{"\0", 1}, name});
}

std::string hex_id(std::string_view prefix, std::string_view kind, std::string_view key) {
  constexpr std::size_t digits = 32;
  return std::string{prefix} + to_hex(named_digest(kind, key)).substr(0, digits);
}

} // namespace

bool is_reversed_ahead(const key_record& key) noexcept {
  return key.payment_id.empty() && key.fingerprint == digest{};
}

std::string_view to_string(state value) noexcept {
  switch (value) {
  case state::created:
    return "created";
  case state::authorized:
    return "authorized";
  case state::captured:
    return "captured";
  case state::voided:
    return "voided";
  case state::declined:
    return "declined";
  case state::authorizing:
    return "authorizing";
  case state::partially_authorized:
    return "partially_authorized";
  case state::in_doubt:
    return "in_doubt";
  case state::reversed:
    return "reversed";
  case state::failed:
    return "failed";
  case state::expired:
    return "expired";
  case state::exception:
    return "exception";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, state value) {
  return out << to_string(value);
}

next_step next_step_of(state now, bool manual_capture, bool is_card) noexcept {
  if (now == state::created)
    return is_card ? next_step::send : next_step::authorize;
  if (now == state::authorized && !manual_capture) // Less than was asked for is the payee's choice.
    return next_step::capture;
  return next_step::none;
}

std::string payment_id_of(std::string_view idempotency_key) {
  return hex_id("pay_", "payment", idempotency_key);
}

std::string refund_id_of(std::string_view idempotency_key) {
  return hex_id("ref_", "refund", idempotency_key);
}

u128 number_of(std::string_view kind, std::string_view name) {
  const digest value = named_digest(kind, name);
  u128 number = 0;
  for (std::size_t i = 0; i < sizeof(u128); ++i)
    number = number << 8 | value[i];
  return number;
}

} // namespace ducat::payment
