#include <ducat/payment/refusal.hpp>

#include <ostream>

namespace ducat::payment {

std::string_view to_string(refusal value) noexcept {
  switch (value) {
    using enum refusal;
  case none:
    return "none";
  case command_malformed:
    return "command_malformed";
  case idempotency_key_missing:
    return "idempotency_key_missing";
  case idempotency_key_invalid:
    return "idempotency_key_invalid";
  case account_id_invalid:
    return "account_id_invalid";
  case accounts_must_be_different:
    return "accounts_must_be_different";
  case amount_must_be_positive:
    return "amount_must_be_positive";
  case amount_must_not_be_negative:
    return "amount_must_not_be_negative";
  case currency_unknown:
    return "currency_unknown";
  case description_too_long:
    return "description_too_long";
  case capture_method_unknown:
    return "capture_method_unknown";
  case metadata_too_large:
    return "metadata_too_large";
  case metadata_key_invalid:
    return "metadata_key_invalid";
  case metadata_value_too_long:
    return "metadata_value_too_long";
  case idempotency_key_reused:
    return "idempotency_key_reused";
  case account_exists:
    return "account_exists";
  case account_not_found:
    return "account_not_found";
  case currency_mismatch:
    return "currency_mismatch";
  case payment_not_found:
    return "payment_not_found";
  case payment_in_doubt:
    return "payment_in_doubt";
  case payment_not_authorized:
    return "payment_not_authorized";
  case payment_not_captured:
    return "payment_not_captured";
  case amount_exceeds_authorized:
    return "amount_exceeds_authorized";
  case amount_exceeds_captured:
    return "amount_exceeds_captured";
  case payment_not_by_card:
    return "payment_not_by_card";
  case link_invalid:
    return "link_invalid";
  case timeout_invalid:
    return "timeout_invalid";
  case attempts_exhausted:
    return "attempts_exhausted";
  case link_grant_superseded:
    return "link_grant_superseded";
  case attempt_not_found:
    return "attempt_not_found";
  case card_invalid:
    return "card_invalid";
  case terminal_invalid:
    return "terminal_invalid";
  case payment_reversed_ahead:
    return "payment_reversed_ahead";
  case payment_refunded:
    return "payment_refunded";
  case reversal_not_covered:
    return "reversal_not_covered";
  case limit_invalid:
    return "limit_invalid";
  case cursor_not_found:
    return "cursor_not_found";
  case decision_unknown:
    return "decision_unknown";
  case reason_invalid:
    return "reason_invalid";
  case payment_not_in_exception:
    return "payment_not_in_exception";
  case advice_not_found:
    return "advice_not_found";
  case advice_not_exhausted:
    return "advice_not_exhausted";
  case acquirer_not_found:
    return "acquirer_not_found";
  case acquirer_not_quiet:
    return "acquirer_not_quiet";
  case webhook_id_invalid:
    return "webhook_id_invalid";
  case webhook_url_invalid:
    return "webhook_url_invalid";
  case event_type_unknown:
    return "event_type_unknown";
  case webhook_exists:
    return "webhook_exists";
  case webhook_not_found:
    return "webhook_not_found";
  case webhooks_exhausted:
    return "webhooks_exhausted";
  case delivery_superseded:
    return "delivery_superseded";
  case event_not_found:
    return "event_not_found";
  case cursor_expired:
    return "cursor_expired";
  case deliveries_exhausted:
    return "deliveries_exhausted";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, refusal value) {
  return out << to_string(value);
}

} // namespace ducat::payment
