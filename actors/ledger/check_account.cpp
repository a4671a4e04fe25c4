#include "batch.hpp"

#include <ducat/ledger/book.hpp>

namespace ducat::ledger {

namespace {

using enum account_outcome;

constexpr account_flags bounds =
    account_flags::debits_must_not_exceed_credits | account_flags::credits_must_not_exceed_debits;
constexpr account_flags known_flags = account_flags::linked | bounds | account_flags::history |
                                      account_flags::imported | account_flags::closed;

account_outcome check_form(const account& a) {
  if (has(a.flags, ~known_flags))
    return reserved_flag;
  if (a.id.value == 0)
    return id_must_not_be_zero;
  if (a.id.value == u128_max)
    return id_must_not_be_int_max;
  return ok;
}

account_outcome check_existing(const account& a, const account& stored) {
  if (a.flags != stored.flags)
    return exists_with_different_flags;
  if (a.user_data_128 != stored.user_data_128)
    return exists_with_different_user_data_128;
  if (a.user_data_64 != stored.user_data_64)
    return exists_with_different_user_data_64;
  if (a.user_data_32 != stored.user_data_32)
    return exists_with_different_user_data_32;
  if (a.ledger != stored.ledger)
    return exists_with_different_ledger;
  if (a.code != stored.code)
    return exists_with_different_code;
  return exists;
}

account_outcome check_content(const account& a) {
  if ((a.flags & bounds) == bounds)
    return flags_are_mutually_exclusive;
  if (a.debits_pending != 0)
    return debits_pending_must_be_zero;
  if (a.debits_posted != 0)
    return debits_posted_must_be_zero;
  if (a.credits_pending != 0)
    return credits_pending_must_be_zero;
  if (a.credits_posted != 0)
    return credits_posted_must_be_zero;
  if (a.ledger == 0)
    return ledger_must_not_be_zero;
  if (a.code == 0)
    return code_must_not_be_zero;
  return ok;
}

} // namespace

account_outcome book::check(const account& request, const event_context& context) const {
  if (const auto outcome =
          check_timestamp<account_outcome>(request, context.imported, context.batch);
      outcome != ok)
    return outcome;
  if (const auto outcome = check_form(request); outcome != ok)
    return outcome;
  if (const account* stored = find(request.id); stored != nullptr)
    return check_existing(request, *stored);
  if (const auto outcome = check_content(request); outcome != ok)
    return outcome;
  if (!context.imported)
    return ok;
  if (request.timestamp <= accounts_.newest_timestamp())
    return imported_event_timestamp_must_not_regress;
  const bool is_free = visit_transfers(std::nullopt, request.timestamp, request.timestamp, false,
                                       [](const transfer&) { return false; });
  return is_free ? ok : imported_event_timestamp_must_not_regress;
}

} // namespace ducat::ledger
