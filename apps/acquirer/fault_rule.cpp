#include "fault_rule.hpp"

#include <ducat/iso8583/elements.hpp>

#include <algorithm>

namespace ducat::acquirer {

namespace {

bool is_mti_pattern(std::string_view text) {
  return text.size() == 4 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == 'x'; });
}

bool fits(std::string_view mti, std::string_view pattern) {
  return std::ranges::equal(mti, pattern, [](char c, char p) { return p == 'x' || p == c; });
}

bool is_equal_or_free(const std::string& wanted, const iso8583::message& request, int field) {
  return wanted.empty() || request.find(field) == wanted;
}

std::uint64_t amount_of(const iso8583::message& request) {
  const auto text = request.find(4);
  return text ? static_cast<std::uint64_t>(iso8583::parse_amount(*text).value_or(0)) : 0;
}

} // namespace

const std::vector<fault_kind>& all_fault_kinds() {
  using enum fault_kind;
  static const std::vector<fault_kind> all{drop_request, drop_answer, delay,         duplicate,
                                           garble,       decline,     late_approval, half_dead,
                                           wrong_amount, disconnect};
  return all;
}

std::string_view to_string(fault_kind kind) noexcept {
  switch (kind) {
  case fault_kind::drop_request:
    return "drop_request";
  case fault_kind::drop_answer:
    return "drop_answer";
  case fault_kind::delay:
    return "delay";
  case fault_kind::duplicate:
    return "duplicate";
  case fault_kind::garble:
    return "garble";
  case fault_kind::decline:
    return "decline";
  case fault_kind::late_approval:
    return "late_approval";
  case fault_kind::half_dead:
    return "half_dead";
  case fault_kind::wrong_amount:
    return "wrong_amount";
  case fault_kind::disconnect:
    return "disconnect";
  }
  return "";
}

std::string_view to_string(garbling how) noexcept {
  switch (how) {
  case garbling::bitmap:
    return "bitmap";
  case garbling::field:
    return "field";
  case garbling::length:
    return "length";
  case garbling::stan:
    return "stan";
  }
  return "";
}

bool matches(const fault_rule& rule, const iso8583::message& request) {
  if (!rule.mti.empty() && !fits(request.mti(), rule.mti))
    return false;
  if (!is_equal_or_free(rule.terminal, request, 41) || !is_equal_or_free(rule.stan, request, 11))
    return false;
  if (!rule.pan.empty() && !request.find(2).value_or("").starts_with(rule.pan))
    return false;
  const std::uint64_t amount = amount_of(request);
  return rule.amount_min <= amount && amount <= rule.amount_max;
}

std::string complaint_about(const fault_rule& rule) {
  const bool waits = rule.kind == fault_kind::delay || rule.kind == fault_kind::late_approval;
  if (waits && rule.after.count() == 0)
    return "`after` must be longer than nothing";
  if (!waits && rule.after.count() != 0)
    return "`after` is for delay and late_approval";
  if (rule.code.size() != 2 || rule.code == "00")
    return "`code` must be two characters, not 00";
  if (!rule.mti.empty() && !is_mti_pattern(rule.mti))
    return "`mti` must be four digits, x for any";
  if (rule.by == 0)
    return "`by` must not be 0";
  if (rule.amount_min > rule.amount_max)
    return "`amount_min` must not be over `amount_max`";
  if (rule.percent > 100)
    return "`percent` must be a number, 0 to 100";
  return rule.every == 0 ? "`every` must not be 0" : "";
}

} // namespace ducat::acquirer
