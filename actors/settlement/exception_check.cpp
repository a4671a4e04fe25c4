/// Whether commands about exceptions are taken.

#include "settlement/exception_book.hpp"

#include <ducat/payment/currency.hpp>

#include <algorithm>

namespace ducat::settlement {

namespace {

constexpr std::size_t exception_name_bytes_max = 64; ///< Of owners, and of who disposes.
constexpr std::size_t exception_text_bytes_max = 255;

exception_verdict refuse_exception(refusal why) {
  return {.why = why};
}

bool is_account_name(std::string_view id) {
  return id.size() <= exception_name_bytes_max && std::ranges::all_of(id, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

bool is_in_range(std::int64_t amount) {
  return amount >= -stated_amount_max && amount <= stated_amount_max;
}

refusal check_statement(const v1::SettlementStatement& stated) {
  if (!payment::find_currency(stated.currency()))
    return refusal::currency_unknown;
  return is_in_range(stated.amount()) && is_in_range(stated.fee()) ? refusal::none
                                                                   : refusal::amount_too_large;
}

refusal check_difference(const v1::SettlementDifference& what) {
  const bool has_kind = what.leg() >= v1::SettlementDifference::ACQUIRER &&
                        what.leg() <= v1::SettlementDifference::BANK &&
                        what.what() >= v1::SettlementDifference::AMOUNT &&
                        what.what() <= v1::SettlementDifference::LATE;
  if (!has_kind || what.window() == 0 || !(what.has_internal() || what.has_external()))
    return refusal::command_malformed;
  if (what.reference().empty() || what.reference().size() > exception_text_bytes_max)
    return refusal::reference_invalid;
  refusal why = refusal::none;
  if (what.has_internal())
    why = check_statement(what.internal());
  if (why == refusal::none && what.has_external())
    why = check_statement(what.external());
  return why;
}

} // namespace

exception_verdict exception_book::check(const v1::SettlementExceptionCommand& command) const {
  switch (command.kind_case()) {
  case v1::SettlementExceptionCommand::kOpen:
    return check(command.open());
  case v1::SettlementExceptionCommand::kAssign:
    return check(command.assign());
  case v1::SettlementExceptionCommand::kDispose:
    return check(command.dispose());
  case v1::SettlementExceptionCommand::kAlarm:
    return check(command.alarm());
  case v1::SettlementExceptionCommand::KIND_NOT_SET:
    break;
  }
  return refuse_exception(refusal::command_malformed);
}

exception_verdict exception_book::check(const v1::OpenSettlementExceptions& command) const {
  if (!v1::SettlementExceptionRule_IsValid(command.rule()) || command.due_hours() > due_hours_max)
    return refuse_exception(refusal::command_malformed);
  if (command.differences().empty() || command.differences_size() > exceptions_per_command)
    return refuse_exception(refusal::items_too_many);
  if (!payment::find_currency(command.currency()))
    return refuse_exception(refusal::currency_unknown);
  for (const v1::SettlementDifference& each : command.differences())
    if (const auto why = check_difference(each); why != refusal::none)
      return refuse_exception(why);
  if (!is_account_name(command.account()))
    return refuse_exception(refusal::account_id_invalid);
  if (command.owner().size() > exception_name_bytes_max)
    return refuse_exception(refusal::owner_invalid);
  const auto is_new = [&](const v1::SettlementDifference& each) {
    return find(exception_id_of(command.currency(), each)) == nullptr;
  };
  const auto more = static_cast<std::size_t>(std::ranges::count_if(command.differences(), is_new));
  if (open_count_ + more > exceptions_open_max)
    return refuse_exception(refusal::exceptions_exhausted);
  return {.changes_nothing = more == 0};
}

exception_verdict exception_book::check(const v1::AssignSettlementException& command) const {
  if (command.owner().size() > exception_name_bytes_max)
    return refuse_exception(refusal::owner_invalid);
  const v1::SettlementException* known = find(command.id());
  if (known == nullptr)
    return refuse_exception(refusal::exception_not_found);
  if (known->owner() == command.owner())
    return {.changes_nothing = true};
  return known->how() == 0 ? exception_verdict{} : refuse_exception(refusal::exception_disposed);
}

exception_verdict exception_book::check(const v1::DisposeOfSettlementException& command) const {
  if (command.how() < v1::WRITE_OFF || command.how() > v1::LATE_MATCHED)
    return refuse_exception(refusal::command_malformed);
  if (command.by().empty() || command.by().size() > exception_name_bytes_max)
    return refuse_exception(refusal::owner_invalid);
  if (command.reason().empty() || command.reason().size() > exception_text_bytes_max)
    return refuse_exception(refusal::reason_invalid);
  const v1::SettlementException* known = find(command.id());
  if (known == nullptr)
    return refuse_exception(refusal::exception_not_found);
  if (known->how() == 0)
    return {};
  return known->how() == command.how() ? exception_verdict{.changes_nothing = true}
                                       : refuse_exception(refusal::exception_disposed);
}

exception_verdict exception_book::check(const v1::RaiseSettlementAlarm& command) const {
  const v1::SettlementException* known = find(command.id());
  if (known == nullptr)
    return refuse_exception(refusal::exception_not_found);
  if (known->alarmed_at_ns() != 0)
    return {.changes_nothing = true};
  if (known->how() != 0)
    return refuse_exception(refusal::exception_disposed);
  return known->due_at_ns() != 0 && known->due_at_ns() <= command.at_ns()
             ? exception_verdict{}
             : refuse_exception(refusal::exception_not_due);
}

} // namespace ducat::settlement
