#include "iso20022/statement_check.hpp"

#include "iso20022/import_text.hpp"

#include <ducat/iso20022/amount.hpp>
#include <ducat/payment/currency.hpp>

#include <algorithm>

namespace ducat::iso20022 {

namespace {

const balance* balance_of(const statement_head& head,
                          std::initializer_list<std::string_view> codes) {
  for (const auto code : codes)
    if (const auto found = std::ranges::find(head.balances, code, &balance::code);
        found != head.balances.end())
      return &*found;
  return nullptr;
}

void say(import_report& report, remark what, const statement_head& head, std::string detail) {
  report.add({.what = what, .line = head.line, .where = head.id, .detail = std::move(detail)});
}

} // namespace

std::string_view currency_of(const statement_head& head) {
  if (!head.currency.empty() || head.balances.empty())
    return head.currency;
  return head.balances.front().amount.currency;
}

void statement_check::end(std::string_view path, const element& ended) {
  const auto put = [&](std::string_view parent, side_totals& to) {
    if (!path.starts_with(parent))
      return;
    const auto name = path.substr(parent.size());
    if (name == "NbOfNtries")
      to.said_count = ended.text;
    else if (name == "Sum")
      to.said_sum = ended.text;
  };
  put("TxsSummry/TtlNtries/", all_);
  put("TxsSummry/TtlCdtNtries/", credits_);
  put("TxsSummry/TtlDbtNtries/", debits_);
}

void statement_check::count(const bank_entry& entry, std::string_view currency) {
  add_to(all_, entry.amount.minor);
  add_to(entry.side == direction::credit ? credits_ : debits_, entry.amount.minor);
  if (!currency.empty() && entry.amount.currency != currency)
    ++of_other_currency_;
  else if (entry.status == entry_status::booked)
    booked_minor_ = booked_minor_ ? add(*booked_minor_, entry.signed_minor()) : std::nullopt;
}

statement_totals statement_check::finish(const statement_head& head, bool needs_balances,
                                         import_report& report) {
  statement_totals totals{
      .entries = all_.count, .left_out = left_out_, .booked_minor = booked_minor_.value_or(0)};
  all_.count += left_out_;
  const auto currency = currency_of(head);
  check("TtlNtries", all_, currency, report);
  if (left_out_ == 0) {
    check("TtlCdtNtries", credits_, currency, report);
    check("TtlDbtNtries", debits_, currency, report);
  }
  check_balances(head, needs_balances, totals, report);
  return totals;
}

void statement_check::add_to(side_totals& to, std::int64_t minor) {
  ++to.count;
  to.sum_minor = to.sum_minor ? add(*to.sum_minor, minor) : std::nullopt;
}

void statement_check::check(std::string_view name, const side_totals& of, std::string_view currency,
                            import_report& report) const {
  const std::string where = "TxsSummry/" + std::string{name};
  if (!of.said_count.empty() && from_decimal(of.said_count, 0) != std::int64_t(of.count))
    report.add({.what = remark::count_differs,
                .where = where,
                .detail = std::to_string(of.count) + ", and not " + quoted(of.said_count)});
  const auto known = payment::find_currency(currency);
  if (of.said_sum.empty() || !known || of_other_currency_ > 0)
    return;
  if (!of.sum_minor || from_decimal(of.said_sum, known->exponent) != of.sum_minor)
    report.add({.what = remark::sum_differs,
                .where = where,
                .detail = to_decimal(of.sum_minor.value_or(0), known->exponent) + ", and not " +
                          quoted(of.said_sum)});
}

void statement_check::check_balances(const statement_head& head, bool needs_balances,
                                     statement_totals& totals, import_report& report) const {
  const balance* const opening = balance_of(head, {"OPBD", "PRCD"});
  const balance* const closing = balance_of(head, {"CLBD"});
  if (opening == nullptr || closing == nullptr || of_other_currency_ > 0 ||
      opening->amount.currency != closing->amount.currency) {
    if (needs_balances)
      say(report, remark::unchecked, head, "no opening and closing balance of one currency");
    return;
  }
  const auto expected = booked_minor_ ? add(opening->amount.minor, *booked_minor_) : std::nullopt;
  totals.agrees = expected == closing->amount.minor;
  if (!*totals.agrees)
    say(report, remark::balance_differs, head,
        std::to_string(opening->amount.minor) + " and " + std::to_string(totals.booked_minor) +
            " are not " + std::to_string(closing->amount.minor) + " minor units");
}

} // namespace ducat::iso20022
