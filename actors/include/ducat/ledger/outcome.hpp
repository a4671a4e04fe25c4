/// What became of a request to the ledger, in order of precedence.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>

namespace ducat::ledger {

/// What became of one event of create_accounts: the first check that failed. Declaration order is
/// the order of the checks, as in TigerBeetle's reference of create_accounts, except that an open
/// chain is reported before a failed one, as its code does. Idempotency comes before semantics.
/// Values are on the wire: never renumber, never reuse. (8 is TigerBeetle's reserved_field: our
/// records have none.)
enum class account_outcome : std::uint8_t {
  ok = 0,
  linked_event_chain_open = 1,     ///< The batch ends inside its chain; on the batch's last event.
  linked_event_failed = 2,         ///< Another member of its chain failed.
  imported_event_expected = 3,     ///< The batch's first event is imported, this one is not.
  imported_event_not_expected = 4, ///< The reverse.
  timestamp_must_be_zero = 5,
  imported_event_timestamp_out_of_range = 6,     ///< 0, or over timestamp_max.
  imported_event_timestamp_must_not_advance = 7, ///< Not before the batch's own time.
  reserved_flag = 9,                             ///< A flag that this version does not know.
  id_must_not_be_zero = 10,
  id_must_not_be_int_max = 11,
  exists_with_different_flags = 12,
  exists_with_different_user_data_128 = 13,
  exists_with_different_user_data_64 = 14,
  exists_with_different_user_data_32 = 15,
  exists_with_different_ledger = 16,
  exists_with_different_code = 17,
  exists = 18, ///< Done before with the same content; treat as ok.
  flags_are_mutually_exclusive = 19,
  debits_pending_must_be_zero = 20,
  debits_posted_must_be_zero = 21,
  credits_pending_must_be_zero = 22,
  credits_posted_must_be_zero = 23,
  ledger_must_not_be_zero = 24,
  code_must_not_be_zero = 25,
  imported_event_timestamp_must_not_regress = 26, ///< Not after the newest account, or taken.
};

/// What became of one event of create_transfers: the first check that failed. Declaration order is
/// the order of the checks, as in TigerBeetle's reference of create_transfers, except that an open
/// chain is reported before a failed one, as its code does. Idempotency comes before semantics.
/// Values are on the wire: never renumber, never reuse.
///
/// Transient: the same request could succeed later, so the book burns its id; a client that retries
/// for ever gets id_already_failed rather than a late surprise.
enum class transfer_outcome : std::uint8_t {
  ok = 0,
  linked_event_chain_open = 1,     ///< The batch ends inside its chain; on the batch's last event.
  linked_event_failed = 2,         ///< Another member of its chain failed.
  imported_event_expected = 3,     ///< The batch's first event is imported, this one is not.
  imported_event_not_expected = 4, ///< The reverse.
  timestamp_must_be_zero = 5,
  imported_event_timestamp_out_of_range = 6,     ///< 0, or over timestamp_max.
  imported_event_timestamp_must_not_advance = 7, ///< Not before the batch's own time.
  reserved_flag = 8,                             ///< A flag that this version does not know.
  id_must_not_be_zero = 9,
  id_must_not_be_int_max = 10,
  exists_with_different_flags = 11,
  exists_with_different_pending_id = 12,
  exists_with_different_timeout = 13,
  exists_with_different_debit_account_id = 14,
  exists_with_different_credit_account_id = 15,
  exists_with_different_amount = 16,
  exists_with_different_user_data_128 = 17,
  exists_with_different_user_data_64 = 18,
  exists_with_different_user_data_32 = 19,
  exists_with_different_ledger = 20,
  exists_with_different_code = 21,
  exists = 22,            ///< Done before with the same content; treat as ok.
  id_already_failed = 23, ///< The id was burnt by a transient failure; use a new one.
  flags_are_mutually_exclusive = 24,
  debit_account_id_must_not_be_zero = 25,
  debit_account_id_must_not_be_int_max = 26,
  credit_account_id_must_not_be_zero = 27,
  credit_account_id_must_not_be_int_max = 28,
  accounts_must_be_different = 29,
  pending_id_must_be_zero = 30,
  pending_id_must_not_be_zero = 31,
  pending_id_must_not_be_int_max = 32,
  pending_id_must_be_different = 33,
  timeout_reserved_for_pending_transfer = 34,
  closing_transfer_must_be_pending = 35,
  ledger_must_not_be_zero = 36,
  code_must_not_be_zero = 37,
  debit_account_not_found = 38,  ///< Transient.
  credit_account_not_found = 39, ///< Transient.
  accounts_must_have_the_same_ledger = 40,
  transfer_must_have_the_same_ledger_as_accounts = 41,
  pending_transfer_not_found = 42, ///< Transient.
  pending_transfer_not_pending = 43,
  pending_transfer_has_different_debit_account_id = 44,
  pending_transfer_has_different_credit_account_id = 45,
  pending_transfer_has_different_ledger = 46,
  pending_transfer_has_different_code = 47,
  exceeds_pending_transfer_amount = 48,
  pending_transfer_has_different_amount = 49,
  pending_transfer_already_posted = 50,
  pending_transfer_already_voided = 51,
  pending_transfer_expired = 52,
  imported_event_timestamp_must_not_regress = 53, ///< Not after the newest transfer, or taken.
  imported_event_timestamp_must_postdate_debit_account = 54,
  imported_event_timestamp_must_postdate_credit_account = 55,
  imported_event_timeout_must_be_zero = 56,
  debit_account_already_closed = 57,  ///< Transient.
  credit_account_already_closed = 58, ///< Transient.
  overflows_debits_pending = 59,
  overflows_credits_pending = 60,
  overflows_debits_posted = 61,
  overflows_credits_posted = 62,
  overflows_debits = 63,  ///< Pending and posted together.
  overflows_credits = 64, ///< Pending and posted together.
  overflows_timeout = 65,
  exceeds_credits = 66, ///< The debit account's bound; transient.
  exceeds_debits = 67,  ///< The credit account's bound; transient.

  // Of reversals alone, which TigerBeetle does not have; they come before the movement's own.
  exists_with_different_reverted_id = 68,
  reverted_transfer_not_found = 69, ///< Transient.
  reverted_transfer_not_posted = 70,
  already_reverted = 71,
};

/// Returns whether `outcome` depends on state that may change, so that it burns the transfer's id.
bool is_transient(transfer_outcome outcome) noexcept;

/// Returns the stable name, as logs and APIs print it; "unknown" for a number without a name.
std::string_view to_string(account_outcome outcome) noexcept;
std::string_view to_string(transfer_outcome outcome) noexcept;

std::ostream& operator<<(std::ostream& out, account_outcome outcome);
std::ostream& operator<<(std::ostream& out, transfer_outcome outcome);

} // namespace ducat::ledger
