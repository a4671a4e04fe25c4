#include <ducat/ledger/outcome.hpp>

#include <ostream>

namespace ducat::ledger {

bool is_transient(transfer_outcome outcome) noexcept {
  switch (outcome) {
    using enum transfer_outcome;
  case debit_account_not_found:
  case credit_account_not_found:
  case pending_transfer_not_found:
  case reverted_transfer_not_found:
  case debit_account_already_closed:
  case credit_account_already_closed:
  case exceeds_credits:
  case exceeds_debits:
    return true;
  default:
    return false;
  }
}

std::string_view to_string(account_outcome outcome) noexcept {
  switch (outcome) {
    using enum account_outcome;
  case ok:
    return "ok";
  case linked_event_chain_open:
    return "linked_event_chain_open";
  case linked_event_failed:
    return "linked_event_failed";
  case imported_event_expected:
    return "imported_event_expected";
  case imported_event_not_expected:
    return "imported_event_not_expected";
  case timestamp_must_be_zero:
    return "timestamp_must_be_zero";
  case imported_event_timestamp_out_of_range:
    return "imported_event_timestamp_out_of_range";
  case imported_event_timestamp_must_not_advance:
    return "imported_event_timestamp_must_not_advance";
  case reserved_flag:
    return "reserved_flag";
  case id_must_not_be_zero:
    return "id_must_not_be_zero";
  case id_must_not_be_int_max:
    return "id_must_not_be_int_max";
  case exists_with_different_flags:
    return "exists_with_different_flags";
  case exists_with_different_user_data_128:
    return "exists_with_different_user_data_128";
  case exists_with_different_user_data_64:
    return "exists_with_different_user_data_64";
  case exists_with_different_user_data_32:
    return "exists_with_different_user_data_32";
  case exists_with_different_ledger:
    return "exists_with_different_ledger";
  case exists_with_different_code:
    return "exists_with_different_code";
  case exists:
    return "exists";
  case flags_are_mutually_exclusive:
    return "flags_are_mutually_exclusive";
  case debits_pending_must_be_zero:
    return "debits_pending_must_be_zero";
  case debits_posted_must_be_zero:
    return "debits_posted_must_be_zero";
  case credits_pending_must_be_zero:
    return "credits_pending_must_be_zero";
  case credits_posted_must_be_zero:
    return "credits_posted_must_be_zero";
  case ledger_must_not_be_zero:
    return "ledger_must_not_be_zero";
  case code_must_not_be_zero:
    return "code_must_not_be_zero";
  case imported_event_timestamp_must_not_regress:
    return "imported_event_timestamp_must_not_regress";
  }
  return "unknown";
}

std::string_view to_string(transfer_outcome outcome) noexcept {
  switch (outcome) {
    using enum transfer_outcome;
  case ok:
    return "ok";
  case linked_event_chain_open:
    return "linked_event_chain_open";
  case linked_event_failed:
    return "linked_event_failed";
  case imported_event_expected:
    return "imported_event_expected";
  case imported_event_not_expected:
    return "imported_event_not_expected";
  case timestamp_must_be_zero:
    return "timestamp_must_be_zero";
  case imported_event_timestamp_out_of_range:
    return "imported_event_timestamp_out_of_range";
  case imported_event_timestamp_must_not_advance:
    return "imported_event_timestamp_must_not_advance";
  case reserved_flag:
    return "reserved_flag";
  case id_must_not_be_zero:
    return "id_must_not_be_zero";
  case id_must_not_be_int_max:
    return "id_must_not_be_int_max";
  case exists_with_different_flags:
    return "exists_with_different_flags";
  case exists_with_different_pending_id:
    return "exists_with_different_pending_id";
  case exists_with_different_timeout:
    return "exists_with_different_timeout";
  case exists_with_different_debit_account_id:
    return "exists_with_different_debit_account_id";
  case exists_with_different_credit_account_id:
    return "exists_with_different_credit_account_id";
  case exists_with_different_amount:
    return "exists_with_different_amount";
  case exists_with_different_user_data_128:
    return "exists_with_different_user_data_128";
  case exists_with_different_user_data_64:
    return "exists_with_different_user_data_64";
  case exists_with_different_user_data_32:
    return "exists_with_different_user_data_32";
  case exists_with_different_ledger:
    return "exists_with_different_ledger";
  case exists_with_different_code:
    return "exists_with_different_code";
  case exists:
    return "exists";
  case id_already_failed:
    return "id_already_failed";
  case flags_are_mutually_exclusive:
    return "flags_are_mutually_exclusive";
  case debit_account_id_must_not_be_zero:
    return "debit_account_id_must_not_be_zero";
  case debit_account_id_must_not_be_int_max:
    return "debit_account_id_must_not_be_int_max";
  case credit_account_id_must_not_be_zero:
    return "credit_account_id_must_not_be_zero";
  case credit_account_id_must_not_be_int_max:
    return "credit_account_id_must_not_be_int_max";
  case accounts_must_be_different:
    return "accounts_must_be_different";
  case pending_id_must_be_zero:
    return "pending_id_must_be_zero";
  case pending_id_must_not_be_zero:
    return "pending_id_must_not_be_zero";
  case pending_id_must_not_be_int_max:
    return "pending_id_must_not_be_int_max";
  case pending_id_must_be_different:
    return "pending_id_must_be_different";
  case timeout_reserved_for_pending_transfer:
    return "timeout_reserved_for_pending_transfer";
  case closing_transfer_must_be_pending:
    return "closing_transfer_must_be_pending";
  case ledger_must_not_be_zero:
    return "ledger_must_not_be_zero";
  case code_must_not_be_zero:
    return "code_must_not_be_zero";
  case debit_account_not_found:
    return "debit_account_not_found";
  case credit_account_not_found:
    return "credit_account_not_found";
  case accounts_must_have_the_same_ledger:
    return "accounts_must_have_the_same_ledger";
  case transfer_must_have_the_same_ledger_as_accounts:
    return "transfer_must_have_the_same_ledger_as_accounts";
  case pending_transfer_not_found:
    return "pending_transfer_not_found";
  case pending_transfer_not_pending:
    return "pending_transfer_not_pending";
  case pending_transfer_has_different_debit_account_id:
    return "pending_transfer_has_different_debit_account_id";
  case pending_transfer_has_different_credit_account_id:
    return "pending_transfer_has_different_credit_account_id";
  case pending_transfer_has_different_ledger:
    return "pending_transfer_has_different_ledger";
  case pending_transfer_has_different_code:
    return "pending_transfer_has_different_code";
  case exceeds_pending_transfer_amount:
    return "exceeds_pending_transfer_amount";
  case pending_transfer_has_different_amount:
    return "pending_transfer_has_different_amount";
  case pending_transfer_already_posted:
    return "pending_transfer_already_posted";
  case pending_transfer_already_voided:
    return "pending_transfer_already_voided";
  case pending_transfer_expired:
    return "pending_transfer_expired";
  case imported_event_timestamp_must_not_regress:
    return "imported_event_timestamp_must_not_regress";
  case imported_event_timestamp_must_postdate_debit_account:
    return "imported_event_timestamp_must_postdate_debit_account";
  case imported_event_timestamp_must_postdate_credit_account:
    return "imported_event_timestamp_must_postdate_credit_account";
  case imported_event_timeout_must_be_zero:
    return "imported_event_timeout_must_be_zero";
  case debit_account_already_closed:
    return "debit_account_already_closed";
  case credit_account_already_closed:
    return "credit_account_already_closed";
  case overflows_debits_pending:
    return "overflows_debits_pending";
  case overflows_credits_pending:
    return "overflows_credits_pending";
  case overflows_debits_posted:
    return "overflows_debits_posted";
  case overflows_credits_posted:
    return "overflows_credits_posted";
  case overflows_debits:
    return "overflows_debits";
  case overflows_credits:
    return "overflows_credits";
  case overflows_timeout:
    return "overflows_timeout";
  case exceeds_credits:
    return "exceeds_credits";
  case exceeds_debits:
    return "exceeds_debits";
  case exists_with_different_reverted_id:
    return "exists_with_different_reverted_id";
  case reverted_transfer_not_found:
    return "reverted_transfer_not_found";
  case reverted_transfer_not_posted:
    return "reverted_transfer_not_posted";
  case already_reverted:
    return "already_reverted";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, account_outcome outcome) {
  return out << to_string(outcome);
}

std::ostream& operator<<(std::ostream& out, transfer_outcome outcome) {
  return out << to_string(outcome);
}

} // namespace ducat::ledger
