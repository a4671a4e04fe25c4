#include <ducat/payment/errors.hpp>
#include <ducat/payment/retry.hpp>

namespace ducat::payment {

namespace {

v1::Error::Type type_of(refusal why) {
  switch (why) {
    using enum refusal;
  case idempotency_key_reused:
    return v1::Error::IDEMPOTENCY;
  case account_not_found:
  case payment_not_found:
  case attempt_not_found:
  case advice_not_found:
  case acquirer_not_found:
  case webhook_not_found:
  case event_not_found:
  case participant_not_found:
  case merchant_not_found:
  case window_not_found:
  case settlement_not_found:
  case batch_not_found:
  case payout_not_found:
  case exception_not_found:
  case change_not_found:
    return v1::Error::NOT_FOUND;
  case webhook_exists:
  case webhooks_exhausted:
  case deliveries_exhausted:
  case delivery_superseded:
  case cursor_expired:
  case account_exists:
  case payment_in_doubt:
  case payment_not_authorized:
  case payment_not_captured:
  case payment_not_by_card:
  case attempts_exhausted:
  case link_grant_superseded:
  case payment_not_in_exception:
  case advice_not_exhausted:
  case acquirer_not_quiet:
  case amount_exceeds_authorized:
  case amount_exceeds_captured:
  case payment_reversed_ahead:
  case payment_refunded:
  case reversal_not_covered:
  case settlement_not_configured:
  case participant_accounts_exhausted:
  case account_of_another_participant:
  case liquidity_needed:
  case merchant_needs_overdraft:
  case dispute_exists:
  case dispute_not_open:
  case window_open:
  case window_not_next:
  case window_not_settled:
  case settlement_under_way:
  case settlement_committed:
  case step_not_next:
  case batch_under_way:
  case batch_changed:
  case file_differs:
  case version_not_next:
  case exceptions_exhausted:
  case exception_disposed:
  case exception_not_due:
  case window_has_exceptions:
  case approval_pending:
  case change_decided:
  case change_overtaken:
  case changes_exhausted:
    return v1::Error::CONFLICT;
  case role_not_allowed:
  case second_person_needed:
    return v1::Error::PERMISSION;
  default:
    return v1::Error::INVALID_REQUEST;
  }
}

std::string_view sentence_of(refusal why) {
  switch (why) {
    using enum refusal;
  case none:
    return "nothing is wrong";
  case command_malformed:
    return "the request is not one this version knows";
  case idempotency_key_missing:
    return "an idempotency key is needed, so that a retry cannot pay twice";
  case idempotency_key_invalid:
    return "an idempotency key is 1 to 255 printable ASCII characters";
  case account_id_invalid:
    return "an account id is 1 to 64 of a-z A-Z 0-9 . _ -";
  case accounts_must_be_different:
    return "payer and payee are the same account";
  case amount_must_be_positive:
    return "the amount must be positive, in minor units";
  case amount_must_not_be_negative:
    return "the amount must not be negative; 0 means all";
  case currency_unknown:
    return "the currency is not a known ISO 4217 code";
  case description_too_long:
    return "a description is at most 255 bytes";
  case capture_method_unknown:
    return "the capture method is AUTOMATIC or MANUAL";
  case metadata_too_large:
    return "metadata has at most 50 pairs";
  case metadata_key_invalid:
    return "a key of metadata is 1 to 40 of a-z A-Z 0-9 _ -";
  case metadata_value_too_long:
    return "a value of metadata has at most 500 bytes";
  case idempotency_key_reused:
    return "the key was used for another request";
  case account_exists:
    return "the account exists with another currency, overdraft or owner";
  case account_not_found:
    return "there is no such account";
  case currency_mismatch:
    return "the account is in another currency";
  case payment_not_found:
    return "there is no such payment";
  case payment_in_doubt:
    return "the acquirer has yet to say what became of the payment, or of its reversal";
  case payment_not_authorized:
    return "only an authorised payment can be captured or voided";
  case payment_not_captured:
    return "only a captured payment can be refunded";
  case amount_exceeds_authorized:
    return "the amount is more than was authorised";
  case amount_exceeds_captured:
    return "the amount is more than is captured and not refunded yet";
  case payment_not_by_card:
    return "only a card payment is sent to an acquirer";
  case link_invalid:
    return "a link's name is 1 to 64 of a-z A-Z 0-9 . _ -";
  case timeout_invalid:
    return "an attempt waits for 1 ms to 5 minutes";
  case attempts_exhausted:
    return "the payment has had all its attempts";
  case link_grant_superseded:
    return "payments go over another link of that acquirer by now";
  case attempt_not_found:
    return "the payment has no such attempt";
  case card_invalid:
    return "a card is shown as its first six digits, asterisks, and its last four digits";
  case terminal_invalid:
    return "a terminal's id is 1 to 16 printable ASCII characters";
  case payment_reversed_ahead:
    return "the payment was reversed before it came";
  case payment_refunded:
    return "a payment of which a part was refunded is not reversed";
  case reversal_not_covered:
    return "the payee does not have the money any more";
  case limit_invalid:
    return "a page has 1 to 100 rows";
  case cursor_not_found:
    return "there is nothing with the id in starting_after";
  case decision_unknown:
    return "the decision is TAKEN_BACK or WAS_PAID, of an advice RETRY or SETTLE, of a change "
           "APPROVE or REJECT";
  case reason_invalid:
    return "a decision needs a reason of 1 to 255 bytes";
  case payment_not_in_exception:
    return "only about a payment in EXCEPTION somebody decides";
  case advice_not_found:
    return "the payment has no such advice";
  case advice_not_exhausted:
    return "only about an exhausted advice somebody decides";
  case acquirer_not_found:
    return "nothing was moved over that link in that currency";
  case acquirer_not_quiet:
    return "something is open with the acquirer: totals are compared when nothing is";
  case webhook_id_invalid:
    return "a webhook's id is we_ and 1 to 32 of a-z A-Z 0-9 _ -";
  case webhook_url_invalid:
    return "the URL is http:// or https://, a host, and maybe a port, a path and a query";
  case event_type_unknown:
    return "there is no such type of event; payment.* stands for all of a payment";
  case webhook_exists:
    return "there is a webhook with this id";
  case webhook_not_found:
    return "there is no such webhook";
  case webhooks_exhausted:
    return "there are as many webhooks as there can be";
  case delivery_superseded:
    return "the webhook has changed meanwhile";
  case event_not_found:
    return "there is no such event";
  case cursor_expired:
    return "events after this one are not kept any more: begin with the oldest, without a cursor";
  case deliveries_exhausted:
    return "more events would be open than a webhook may have: wait until some are delivered";
  case settlement_not_configured:
    return "this currency is not settled here; configure its settlement first";
  case settlement_model_unknown:
    return "the model is gross_immediate, net_bilateral_deferred or net_multilateral_deferred, one "
           "for all windows of a settlement";
  case business_date_invalid:
    return "a business date is yyyymmdd, and not before that of the window before";
  case fee_rule_invalid:
    return "a fee rule has tiers that ascend from 0, at most 10,000 basis points, and no negative "
           "amounts";
  case split_invalid:
    return "a split has at most 32 recipients, each once, whose shares add up to the whole";
  case reserve_invalid:
    return "a reserve is at most 10,000 basis points, for one window or more";
  case participant_not_found:
    return "there is no such participant";
  case participant_accounts_exhausted:
    return "a participant has at most 64 accounts";
  case account_of_another_participant:
    return "the account belongs to another participant";
  case liquidity_needed:
    return "the participant needs that liquidity for its cap";
  case merchant_not_found:
    return "there is no such merchant";
  case merchant_needs_overdraft:
    return "the account of a merchant has overdraft: refunds may come after what was captured was "
           "settled";
  case items_too_many:
    return "there are 1 to 4,096 items in a request";
  case reference_invalid:
    return "a reference is 1 to 64 printable characters without spaces";
  case dispute_exists:
    return "the payment has a dispute already";
  case dispute_not_open:
    return "the payment has no open dispute";
  case window_not_found:
    return "there is no such window";
  case window_open:
    return "the window is open; cut it first";
  case window_not_next:
    return "windows are settled in their order: begin with the first one that is not settled";
  case window_not_settled:
    return "the window is not settled yet";
  case settlement_not_found:
    return "there is no such settlement or batch";
  case settlement_under_way:
    return "another settlement of these windows is under way";
  case settlement_committed:
    return "participants are committed: it cannot be aborted any more";
  case step_not_next:
    return "a step before this one has not been done";
  case batch_not_found:
    return "there is no such batch of payouts";
  case batch_under_way:
    return "the batch before is not complete";
  case payout_not_found:
    return "there is no such payout";
  case file_name_invalid:
    return "a file name is 1 to 128 of a-z A-Z 0-9 . _ -";
  case file_differs:
    return "another content is recorded under that name";
  case version_not_next:
    return "other terms hold by now: read them, and give the version after theirs";
  case calendar_invalid:
    return "a calendar that cuts windows has a time zone, cut-offs that ascend within 1,440 "
           "minutes, a "
           "day that is no weekend, and dates as holidays";
  case account_of_settlement:
    return "the account is one of settlement's own, whose money nobody else moves";
  case iban_invalid:
    return "an IBAN has a country, check digits that are right, no spaces and no lower case";
  case bic_invalid:
    return "a BIC has 8 or 11 upper-case letters and digits";
  case bank_name_invalid:
    return "the holder of a bank account is named by 1 to 140 of a-z A-Z 0-9 / - ? : ( ) . , ' + "
           "and the space";
  case batch_changed:
    return "some of its payouts ended before it was submitted: end the others, and pay anew";
  case amount_too_large:
    return "the amount is more than 10,000,000,000,000 minor units";
  case owner_invalid:
    return "a name has at most 64 bytes; whoever disposes of an exception has one";
  case exceptions_exhausted:
    return "100,000 exceptions are open; dispose of some first";
  case exception_not_found:
    return "there is no such exception of a window that is not final";
  case exception_disposed:
    return "the exception is disposed of";
  case exception_not_due:
    return "the exception's time is not up";
  case window_has_exceptions:
    return "the window has open exceptions; dispose of them first";
  case role_not_allowed:
    return "whoever has this role may not ask for that";
  case approval_pending:
    return "nothing was done yet: it waits until a second person approves it";
  case change_not_found:
    return "there is no such change";
  case change_decided:
    return "the change was decided otherwise, or by somebody else";
  case change_overtaken:
    return "what the change asks for was done meanwhile: reject it";
  case second_person_needed:
    return "a change is approved by somebody else than who has asked for it";
  case changes_exhausted:
    return "1,000 changes wait for a second person; decide some first";
  }
  return "refused";
}

} // namespace

v1::Error error_of(refusal why, std::string_view param) {
  v1::Error error;
  error.set_type(type_of(why));
  error.set_code(std::string{to_string(why)});
  error.set_message(std::string{sentence_of(why)});
  error.set_param(std::string{param});
  error.set_retry(retry_of(why));
  return error;
}

} // namespace ducat::payment
