#include <ducat/payment/retry.hpp>

namespace ducat::payment {

v1::Error::Retry retry_of(refusal why) noexcept {
  switch (why) {
    using enum refusal;
  case none:
    return v1::Error::RETRY_UNSPECIFIED;
  case command_malformed:
  case idempotency_key_missing:
  case idempotency_key_invalid:
  case account_id_invalid:
  case accounts_must_be_different:
  case amount_must_be_positive:
  case amount_must_not_be_negative:
  case currency_unknown:
  case description_too_long:
  case capture_method_unknown:
  case metadata_too_large:
  case metadata_key_invalid:
  case metadata_value_too_long:
  case idempotency_key_reused:
  case account_exists:
  case account_not_found:
  case currency_mismatch:
  case payment_not_found:
  case payment_not_by_card:
  case link_invalid:
  case timeout_invalid:
  case attempt_not_found:
  case card_invalid:
  case terminal_invalid:
  case payment_reversed_ahead:
  case payment_refunded:
  case limit_invalid:
  case cursor_not_found:
  case decision_unknown:
  case reason_invalid:
  case advice_not_found:
  case acquirer_not_found:
  case webhook_id_invalid:
  case webhook_url_invalid:
  case event_type_unknown:
  case webhook_exists:
  case webhook_not_found:
  case webhooks_exhausted:
  case event_not_found:
  case cursor_expired:
  case settlement_model_unknown:
  case business_date_invalid:
  case fee_rule_invalid:
  case split_invalid:
  case reserve_invalid:
  case participant_not_found:
  case participant_accounts_exhausted:
  case account_of_another_participant:
  case merchant_not_found:
  case merchant_needs_overdraft:
  case items_too_many:
  case reference_invalid:
  case dispute_exists:
  case window_not_found:
  case settlement_not_found:
  case settlement_committed:
  case batch_not_found:
  case payout_not_found:
  case file_name_invalid:
  case file_differs:
  case account_of_settlement:
  case version_not_next:
  case calendar_invalid:
  case iban_invalid:
  case bic_invalid:
  case bank_name_invalid:
  case batch_changed:
  case amount_too_large:
  case owner_invalid:
  case exception_not_found:
  case exception_disposed:
  case role_not_allowed:
  case approval_pending:
  case change_not_found:
  case change_decided:
  case change_overtaken:
  case second_person_needed:
    return v1::Error::NEVER;
  case reversal_not_covered:
  case acquirer_not_quiet:
  case exceptions_exhausted:
  case changes_exhausted:
  case exception_not_due:
  case window_has_exceptions:
  case deliveries_exhausted:
  case settlement_not_configured:
  case liquidity_needed:
  case dispute_not_open:
  case window_open:
  case window_not_next:
  case window_not_settled:
  case settlement_under_way:
  case step_not_next:
  case batch_under_way:
    return v1::Error::SAME_KEY;
  case payment_in_doubt:
    return v1::Error::AFTER_REVERSAL;
  case payment_not_authorized:
  case payment_not_captured:
  case amount_exceeds_authorized:
  case amount_exceeds_captured:
  case attempts_exhausted:
  case link_grant_superseded:
  case payment_not_in_exception:
  case advice_not_exhausted:
  case delivery_superseded:
    return v1::Error::NEW_ATTEMPT;
  }
  return v1::Error::NEVER;
}

v1::Error::Retry retry_of(errc code) noexcept {
  switch (code) {
  case errc::overloaded:
  case errc::unavailable:
  case errc::outcome_unknown:
  case errc::deadline_exceeded:
  case errc::epoch_lost:
  case errc::corrupt:
  case errc::in_use:
  case errc::newer_version:
  case errc::other_cluster:
  case errc::io:
    return v1::Error::SAME_KEY;
  case errc::invalid_argument:
  case errc::not_found:
  case errc::not_permitted:
    return v1::Error::NEVER;
  }
  return v1::Error::SAME_KEY;
}

v1::Error::Retry retry_of(v1::Error::Type type) noexcept {
  switch (type) {
  case v1::Error::INVALID_REQUEST:
  case v1::Error::IDEMPOTENCY:
  case v1::Error::NOT_FOUND:
  case v1::Error::PERMISSION:
  case v1::Error::UNAUTHENTICATED:
    return v1::Error::NEVER;
  case v1::Error::CONFLICT:
    return v1::Error::NEW_ATTEMPT;
  case v1::Error::UNAVAILABLE:
  case v1::Error::UNKNOWN_OUTCOME:
  case v1::Error::INTERNAL:
    return v1::Error::SAME_KEY;
  default: // A type of a later version is no promise that nothing was done.
    return v1::Error::SAME_KEY;
  }
}

v1::Error::Retry retry_of(const v1::Error& error) noexcept {
  return error.retry() == v1::Error::RETRY_UNSPECIFIED ? retry_of(error.type()) : error.retry();
}

std::string_view to_string(v1::Error::Retry value) noexcept {
  switch (value) {
  case v1::Error::NEVER:
    return "never";
  case v1::Error::SAME_KEY:
    return "same_key";
  case v1::Error::NEW_ATTEMPT:
    return "new_attempt";
  case v1::Error::AFTER_REVERSAL:
    return "after_reversal";
  default:
    return "unspecified";
  }
}

} // namespace ducat::payment
