/// Why a payment command is refused, in order of precedence.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>

namespace ducat::payment {

/// The first check that failed. Declaration order is the order of the checks: the form of the
/// request, then its idempotency key, then the state it meets. A refusal leaves no trace: the same
/// key may be tried again. (What must be remembered, a decline, is an effect and no refusal.)
enum class refusal : std::uint8_t {
  none = 0,
  command_malformed = 1, ///< No command this version knows.
  idempotency_key_missing = 2,
  idempotency_key_invalid = 3, ///< Not 1 to 255 printable ASCII characters.
  account_id_invalid = 4,      ///< Not 1 to 64 of a-z A-Z 0-9 . _ -
  accounts_must_be_different = 5,
  amount_must_be_positive = 6,
  amount_must_not_be_negative = 7, ///< Where 0 stands for "all".
  currency_unknown = 8,
  description_too_long = 9,
  capture_method_unknown = 21,
  metadata_too_large = 22,      ///< More than 50 pairs.
  metadata_key_invalid = 23,    ///< Not 1 to 40 of a-z A-Z 0-9 _ -
  metadata_value_too_long = 24, ///< More than 500 bytes.
  idempotency_key_reused = 10,  ///< The key came before with another request.
  account_exists = 11,          ///< With another currency or another overdraft.
  account_not_found = 12,
  currency_mismatch = 13, ///< The account is in another currency.
  payment_not_found = 14,
  payment_in_doubt = 31,       ///< Nobody knows yet what the acquirer has done.
  payment_not_authorized = 15, ///< Only an authorised payment can be captured or voided.
  payment_not_captured = 16,   ///< Only a captured payment can be refunded.
  amount_exceeds_authorized = 17,
  amount_exceeds_captured = 18, ///< More than is captured and not refunded yet.
  payment_not_by_card = 28,     ///< Only those are sent to acquirers.
  link_invalid = 29,            ///< As an account's id.
  timeout_invalid = 30,         ///< 1 ms to answer_timeout_ms_max.
  attempts_exhausted = 25,      ///< It has had attempts_max.
  link_grant_superseded = 36,   ///< Another grant stands than the one it was decided under.
  attempt_not_found = 26,
  card_invalid = 27,           ///< Not six digits, asterisks, four digits.
  terminal_invalid = 32,       ///< Not 1 to 16 printable ASCII characters.
  payment_reversed_ahead = 33, ///< Its reversal came before it.
  payment_refunded = 34,       ///< A payment of which a part was refunded is not reversed.
  reversal_not_covered = 35,   ///< The payee does not have the money any more.
  limit_invalid = 19,          ///< Of a page: 1 to 100.
  cursor_not_found = 20,       ///< starting_after names nothing.
  decision_unknown = 37,
  reason_invalid = 38,           ///< Not 1 to 255 bytes.
  payment_not_in_exception = 39, ///< Only about such a one somebody decides.
  advice_not_found = 40,
  advice_not_exhausted = 41, ///< Only about such a one somebody decides.
  acquirer_not_found = 42,   ///< Nothing was moved over that link in that currency.
  acquirer_not_quiet = 43,   ///< Something is open or owed: totals cannot be compared.
  // Events and webhooks.
  webhook_id_invalid = 44,  ///< Not we_ and 1 to 32 of a-z A-Z 0-9 _ -
  webhook_url_invalid = 45, ///< See webhook_url.hpp.
  event_type_unknown = 46,  ///< No type of event, and no family of them.
  webhook_exists = 47,      ///< Another one has the id.
  webhook_not_found = 48,
  webhooks_exhausted = 49,  ///< There are 100.
  delivery_superseded = 50, ///< Something else has changed the webhook.
  event_not_found = 51,
  cursor_expired = 52,       ///< Events after it are not kept any more.
  deliveries_exhausted = 53, ///< More would be open than a webhook may have.
  // Settlement.
  settlement_not_configured = 60, ///< Of that currency.
  settlement_model_unknown = 61,
  business_date_invalid = 62, ///< Not yyyymmdd, or before that of the window before.
  fee_rule_invalid = 63,
  split_invalid = 64,
  reserve_invalid = 65, ///< Over 10,000 basis points, or for no window.
  participant_not_found = 66,
  participant_accounts_exhausted = 67, ///< It would have more than 64.
  account_of_another_participant = 68,
  liquidity_needed = 69, ///< Less would be left than its cap needs.
  merchant_not_found = 70,
  merchant_needs_overdraft = 71, ///< Its refunds may come after it was settled.
  items_too_many = 72,           ///< Or none.
  reference_invalid = 73,        ///< Not 1 to 64 printable ASCII characters without spaces.
  dispute_exists = 74,           ///< A payment has one.
  dispute_not_open = 75,
  window_not_found = 76,
  window_open = 77,     ///< Only what was cut is settled.
  window_not_next = 78, ///< Windows are settled in their order.
  window_not_settled = 79,
  settlement_not_found = 80, ///< Nor a batch of that id.
  settlement_under_way = 81,
  settlement_committed = 82, ///< It cannot be aborted any more.
  step_not_next = 83,
  batch_not_found = 84,
  batch_under_way = 85, ///< The one before is not complete.
  payout_not_found = 86,
  file_name_invalid = 87,     ///< Not 1 to 128 of a-z A-Z 0-9 . _ -
  file_differs = 88,          ///< Another content was recorded under that name.
  account_of_settlement = 89, ///< Only settlement moves its money.
  iban_invalid = 90,          ///< Not of the pattern, or its check digits are others.
  bic_invalid = 91,           ///< Not of the pattern.
  bank_name_invalid = 92,     ///< Not 1 to 140 of the characters that banks take.
  batch_changed = 93,         ///< Some of its payouts ended before it was submitted.
  version_not_next = 94,      ///< Other terms hold by now than those that it was to replace.
  calendar_invalid = 95,
  // Exceptions of reconciliation.
  amount_too_large = 110,     ///< More than 10^13 minor units.
  owner_invalid = 111,        ///< Over 64 bytes, or none where somebody has to be named.
  exceptions_exhausted = 112, ///< More than 100,000 would be open.
  exception_not_found = 113,
  exception_disposed = 114, ///< Otherwise than is asked for.
  exception_not_due = 115,
  window_has_exceptions = 116, ///< It is final only when they are disposed of.
  // Who asks.
  role_not_allowed = 120, ///< Whoever asks may not ask for that, of nothing.
  // What needs two persons.
  approval_pending = 121, ///< Nothing was done yet: a second person has to approve it.
  change_not_found = 122,
  change_decided = 123,       ///< Otherwise, or by somebody else.
  change_overtaken = 124,     ///< What it asks for was done meanwhile.
  second_person_needed = 125, ///< Whoever has asked for it does not approve it.
  changes_exhausted = 126,    ///< 1,000 are pending.
};

/// Returns the stable name, as APIs and logs print it.
std::string_view to_string(refusal value) noexcept;
std::ostream& operator<<(std::ostream& out, refusal value);

} // namespace ducat::payment
