#include "iso20022/statement_page.hpp"

#include "iso20022/date_text.hpp"
#include "iso20022/xml_writer.hpp"

#include <ducat/iso20022/amount.hpp>

namespace ducat::iso20022 {

namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light; }
body { font: 10pt/1.4 "DejaVu Sans", Arial, sans-serif; color: #1c1c1c; background: #fff;
       max-width: 190mm; margin: 12mm auto; padding: 0 6mm; }
h1 { font-size: 16pt; margin: 0 0 1mm; }
h2 { font-size: 11pt; margin: 8mm 0 2mm; break-after: avoid; }
p { margin: 0; color: #555; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 1mm 2mm 1mm 0; border-bottom: 1px solid #ddd;
         vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; color: #555; }
thead { display: table-header-group; }
thead th { border-bottom: 1px solid #555; }
tr { break-inside: avoid; }
.amount { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums;
          padding-right: 0; padding-left: 4mm; }
.total td, .total th { font-weight: 700; color: #1c1c1c; border-top: 1px solid #555;
                       border-bottom: 2px solid #555; }
.subtotal td { font-weight: 600; background: #f5f5f5; }
.facts th { width: 45mm; }
p + .facts { margin-top: 4mm; }
.members { table-layout: fixed; margin-bottom: 4mm; }
.members th:nth-child(n + 2) { width: 26mm; }
@page { size: A4; margin: 16mm 14mm 18mm;
        @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
@media print { body { margin: 0; padding: 0; max-width: none; } }
)";

std::string cell(std::string_view text) {
  return "<td>" + escaped(text) + "</td>";
}

std::string amount_cell(std::int64_t minor, std::uint32_t exponent) {
  return "<td class=\"amount\">" + printed_amount(minor, exponent) + "</td>";
}

/// Browsers print many short tables sooner than a long one.
std::string members_begin(const page_form& form) {
  return std::string{"<table class=\"members\">\n<thead><tr><th>Payment</th><th>Kind</th>"
                     "<th>Business day</th><th class=\"amount\">Amount</th>"} +
         (form.has_fees ? "<th class=\"amount\">Fee</th>" : "") + "</tr></thead>\n<tbody>\n";
}

constexpr std::string_view members_end = "</tbody>\n</table>\n";

std::string fact(std::string_view name, std::string_view value) {
  if (value.empty())
    return {};
  return "<tr><th scope=\"row\">" + escaped(name) + "</th>" + cell(value) + "</tr>\n";
}

std::string sum_line(std::string_view name, std::int64_t minor, std::uint32_t exponent) {
  return "<tr><th scope=\"row\">" + escaped(name) + "</th>" + amount_cell(minor, exponent) +
         "</tr>\n";
}

/// For what most statements do not have.
std::string optional_sum_line(std::string_view name, std::int64_t minor, std::uint32_t exponent) {
  return minor == 0 ? std::string{} : sum_line(name, minor, exponent);
}

std::string facts_of(const printed_statement& statement) {
  const auto first = day_text(statement.first_date);
  const auto last = day_text(statement.last_date);
  return "<table class=\"facts\">\n" + fact("Merchant", statement.merchant_name) +
         fact("Account", statement.merchant) +
         fact("Settlement window", std::to_string(statement.window)) +
         fact("Business days", first == last ? first : first + " to " + last) +
         fact("Currency", statement.currency) + fact("State", statement.state) + "</table>\n";
}

std::string sums_of(const printed_statement& statement, std::uint32_t exponent) {
  return "<h2>Totals</h2>\n<table class=\"facts\">\n" +
         optional_sum_line("Carried forward", statement.carried_minor, exponent) +
         sum_line("Payments captured", statement.gross_minor, exponent) +
         sum_line("Refunds", statement.refunds_minor, exponent) +
         optional_sum_line("Disputed", statement.disputed_minor, exponent) +
         optional_sum_line("Disputes won", statement.won_minor, exponent) +
         sum_line("Fees", -statement.fees_minor, exponent) +
         optional_sum_line("Splits with others", statement.splits_minor, exponent) +
         optional_sum_line("Held in reserve", -statement.held_minor, exponent) +
         optional_sum_line("Released from reserve", statement.released_minor, exponent) +
         "<tr class=\"total\"><th scope=\"row\">Net</th>" +
         amount_cell(statement.net_minor().value_or(0), exponent) + "</tr>\n</table>\n";
}

std::string payouts_of(const printed_statement& statement, std::uint32_t exponent) {
  std::string part = "<h2>Payouts</h2>\n";
  if (statement.payouts.empty())
    return part + "<p>None yet.</p>\n";
  part += "<table>\n<thead><tr><th>Payout</th><th>Account</th><th>Date</th><th>State</th>"
          "<th class=\"amount\">Amount</th></tr></thead>\n<tbody>\n";
  for (const auto& payout : statement.payouts)
    part += "<tr>" + cell(payout.id) + cell(payout.account) +
            cell(payout.execution_date ? day_text(*payout.execution_date) : "") +
            cell(payout.state) + amount_cell(payout.amount_minor, exponent) + "</tr>\n";
  return part + "</tbody>\n</table>\n";
}

} // namespace

std::string printed_amount(std::int64_t minor, std::uint32_t exponent) {
  std::string text = to_decimal(minor, exponent);
  const std::size_t sign = minor < 0 ? 1 : 0;
  const std::size_t point = text.size() - (exponent > 0 ? exponent + 1 : 0);
  for (std::size_t at = point; at > sign + 3;)
    text.insert(at -= 3, 1, ',');
  return minor < 0 ? "\u2212" + text.substr(1) : text;
}

std::string page_head(const printed_statement& statement, const page_form& form) {
  const std::string title = "Settlement statement " + std::to_string(statement.window);
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + title +
         " - " + escaped(statement.merchant) + "</title>\n<style>" + std::string{style} +
         "</style>\n</head>\n<body>\n<h1>" + title + "</h1>\n<p>" + escaped(statement.issuer) +
         "</p>\n" + facts_of(statement) + sums_of(statement, form.exponent) +
         payouts_of(statement, form.exponent) + "<h2>Payments (" +
         std::to_string(statement.members) + ")</h2>\n" + members_begin(form);
}

std::string member_line(const printed_member& member, const page_form& form) {
  return "<tr>" + cell(member.payment) + cell(member.kind) + cell(day_text(member.business_date)) +
         amount_cell(member.amount_minor, form.exponent) +
         (form.has_fees ? amount_cell(member.fee_minor, form.exponent) : "") + "</tr>\n";
}

std::string subtotal_line(std::uint64_t members, std::int64_t amount_minor, std::int64_t fee_minor,
                          const page_form& form) {
  return "<tr class=\"subtotal\"><td colspan=\"3\">Sum of " + std::to_string(members) + "</td>" +
         amount_cell(amount_minor, form.exponent) +
         (form.has_fees ? amount_cell(fee_minor, form.exponent) : "") + "</tr>\n" +
         std::string{members_end};
}

std::string next_part(const page_form& form) {
  return members_begin(form);
}

std::string page_tail() {
  return "</body>\n</html>\n";
}

} // namespace ducat::iso20022
