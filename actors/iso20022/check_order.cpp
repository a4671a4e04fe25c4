#include "iso20022/check_order.hpp"

#include <ducat/iso20022/identifiers.hpp>
#include <ducat/payment/currency.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace ducat::iso20022 {

namespace {

constexpr std::size_t id_length_max = 35;
constexpr std::size_t account_length_max = 34;
constexpr std::size_t text_length_max = party_name_length_max;
constexpr std::size_t code_length_max = 4;
constexpr std::int64_t amount_minor_end = 1'000'000'000'000'000'000; // 18 digits in all

tl::unexpected<problem> refuse(fault what, std::string_view field, std::string detail) {
  return tl::unexpected(
      problem{.what = what, .field = std::string{field}, .detail = std::move(detail)});
}

std::string described(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const std::string which = byte >= 0x20 && byte < 0x7F ? std::string{'"', text[at], '"'}
                                                        : "byte " + std::to_string(byte);
  return which + " at place " + std::to_string(at);
}

result<void> check_text(std::string_view field, std::string_view text, std::size_t length_max) {
  if (text.size() > length_max)
    return refuse(fault::too_long, field,
                  std::to_string(text.size()) + " characters, at most " +
                      std::to_string(length_max));
  const auto* const bad = std::ranges::find_if_not(text, banks_take);
  if (bad != text.end())
    return refuse(fault::bad_character, field,
                  described(text, static_cast<std::size_t>(bad - text.begin())));
  if (!text.empty() && (text.front() == ' ' || text.back() == ' '))
    return refuse(fault::bad_character, field, "a space at an end");
  return {};
}

result<void> check_needed_text(std::string_view field, std::string_view text,
                               std::size_t length_max) {
  if (text.empty())
    return refuse(fault::missing, field, "it is empty");
  return check_text(field, text, length_max);
}

/// Banks refuse ids that look like fields of SWIFT's older messages.
result<void> check_id(std::string_view field, std::string_view text) {
  if (text.starts_with('/') || text.ends_with('/') || text.find("//") != std::string_view::npos)
    return refuse(fault::bad_character, field, "a slash at an end, or two of them");
  return check_text(field, text, id_length_max);
}

result<void> check_needed_id(std::string_view field, std::string_view text) {
  return text.empty() ? refuse(fault::missing, field, "it is empty") : check_id(field, text);
}

result<void> check_account(const std::string& field, const account_id& account) {
  if (!account.iban.empty() && !account.other.empty())
    return refuse(fault::both_given, field, "an IBAN and another id");
  if (!account.other.empty())
    return check_text(field + "/Id/Othr/Id", account.other, account_length_max);
  if (account.iban.empty())
    return refuse(fault::missing, field, "neither an IBAN nor another id");
  if (!is_iban(account.iban))
    return refuse(fault::bad_iban, field + "/Id/IBAN", "its pattern or its check digits");
  return {};
}

result<void> check_bank(order_message which, const std::string& field, std::string_view bic) {
  if (bic.empty() && which == order_message::pacs_008_001_08)
    return refuse(fault::missing, field, "banks name each other by BIC");
  if (!bic.empty() && !is_bic(bic))
    return refuse(fault::bad_bic, field, "its pattern");
  return {};
}

result<void> check_party(order_message which, const std::string& role, const party& who) {
  return check_needed_text(role + "/Nm", who.name, text_length_max)
      .and_then([&] { return check_account(role + "Acct", who.account); })
      .and_then([&] { return check_bank(which, role + "Agt", who.bic); });
}

result<void> check_code(std::string_view field, std::string_view code,
                        std::initializer_list<std::string_view> known) {
  if (std::ranges::find(known, code) == known.end())
    return refuse(fault::bad_code, field, '"' + std::string{code} + '"');
  return {};
}

result<void> check_dates(const initiation& order) {
  using namespace std::chrono;
  const year_month_day created{floor<days>(order.created_at)};
  if (created.year() < year{1970} || created.year() > year{9999})
    return refuse(fault::bad_date, "GrpHdr/CreDtTm", "its year is not one of 1970 to 9999");
  const auto day = order.execution_date;
  if (!day.ok() || day.year() < year{1970} || day.year() > year{9999})
    return refuse(fault::bad_date, "ReqdExctnDt", "no day from 1970 to 9999");
  return {};
}

result<void> check_codes(order_message which, const initiation& order) {
  auto checked = check_code("ChrgBr", order.charges, {"SLEV", "SHAR", "DEBT", "CRED"});
  if (checked && which == order_message::pacs_008_001_08)
    checked = check_code("SttlmMtd", order.settlement, {"CLRG", "INDA", "INGA"});
  return checked ? check_text("SvcLvl/Cd", order.service_level, code_length_max) : checked;
}

result<void> check_amount(const initiation& order, const credit_transfer& transfer) {
  if (transfer.currency != order.currency)
    return refuse(fault::other_currency, "Amt", transfer.currency + ", and not " + order.currency);
  if (transfer.amount_minor <= 0 || transfer.amount_minor >= amount_minor_end)
    return refuse(fault::bad_amount, "Amt",
                  std::to_string(transfer.amount_minor) + " is not from 1 to 18 digits");
  return {};
}

} // namespace

result<void> check_order(order_message which, const initiation& order) {
  if (!payment::find_currency(order.currency))
    return refuse(fault::unknown_currency, "Amt", '"' + order.currency + '"');
  return check_needed_id("GrpHdr/MsgId", order.message_id)
      .and_then([&] { return check_id("PmtInfId", order.payment_id); })
      .and_then([&] { return check_dates(order); })
      .and_then([&] { return check_text("InitgPty/Nm", order.initiating_party, text_length_max); })
      .and_then([&] { return check_party(which, "Dbtr", order.debtor); })
      .and_then([&] { return check_codes(which, order); });
}

result<void> check_transfer(order_message which, const initiation& order,
                            const credit_transfer& transfer) {
  return check_needed_id("PmtId/EndToEndId", transfer.end_to_end_id)
      .and_then([&] { return check_id("PmtId", transfer.id); })
      .and_then([&] { return check_amount(order, transfer); })
      .and_then([&] { return check_party(which, "Cdtr", transfer.creditor); })
      .and_then([&] { return check_text("RmtInf/Ustrd", transfer.remittance, text_length_max); });
}

} // namespace ducat::iso20022
