#include "transfer_kind.hpp"

#include <ducat/ledger/book.hpp>

namespace ducat::ledger {

namespace {

using enum transfer_outcome;

const std::string reverts_key{"ducat.reverts"};
const std::string reverted_by_key{"ducat.reverted_by"};

/// Returns the transfer that moves back what `original` moved.
transfer back_of(const transfer& original, transfer_id id) {
  transfer back = original;
  back.id = id;
  back.debit_account_id = original.credit_account_id;
  back.credit_account_id = original.debit_account_id;
  back.pending_id = {};
  back.flags = transfer_flags::none;
  back.timestamp = {};
  return back;
}

} // namespace

transfer_outcome book::revert(log_time at, const reversal& request) {
  movement m{.stamp = start_batch(at, 1)};
  const transfer_outcome outcome = check(request, m);
  if (is_transient(outcome))
    newest_.burn(request.id);
  if (outcome != ok)
    return outcome;
  apply(back_of(*find(request.reverts), request.id), m);
  note({subject_kind::transfer, request.reverts.value}, reverted_by_key, request.id);
  note({subject_kind::transfer, request.id.value}, reverts_key, request.reverts);
  return ok;
}

transfer_outcome book::check(const reversal& request, movement& m) const {
  if (request.id.value == 0)
    return id_must_not_be_zero;
  if (request.id.value == u128_max)
    return id_must_not_be_int_max;
  if (const auto known = find_known(request.id))
    return known->is_burnt ? id_already_failed : check_same(request);
  const auto original = find(request.reverts);
  if (!original)
    return reverted_transfer_not_found;
  if (is_pending(*original) || is_void(*original))
    return reverted_transfer_not_posted;
  if (metadata_of({subject_kind::transfer, request.reverts.value}).contains(reverted_by_key))
    return already_reverted;
  const transfer back = back_of(*original, request.id);
  if (const auto outcome = check_movement(back, m); outcome != ok)
    return outcome;
  return request.force ? ok : check_bounds(m);
}

/// Returns whether what the id of `request` did was this reversal.
transfer_outcome book::check_same(const reversal& request) const {
  const metadata of_id = metadata_of({subject_kind::transfer, request.id.value});
  const auto reverts = of_id.find(reverts_key);
  const bool is_same =
      reverts != of_id.end() && reverts->second == ducat::to_string(request.reverts.value);
  return is_same ? transfer_outcome::exists : exists_with_different_reverted_id;
}

void book::note(const subject& about, const std::string& key, transfer_id id) {
  metadata after = metadata_of(about);
  after.insert_or_assign(key, ducat::to_string(id.value));
  newest_.put(about, std::move(after));
}

} // namespace ducat::ledger
