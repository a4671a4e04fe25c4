#include "iso20022/statement_page.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ducat::iso20022 {

namespace {

using std::chrono::November;

/// 3 captures and a refund, repeated.
struct printable {
  explicit printable(std::uint64_t members = 4) {
    statement = {.issuer = "Ducat Payments",
                 .merchant = "shop",
                 .merchant_name = "Tom & Jerry's <Shop>",
                 .window = 7,
                 .state = "Settled",
                 .currency = "EUR",
                 .first_date = November / 28 / 2026,
                 .last_date = November / 29 / 2026,
                 .members = members,
                 .carried_minor = -150,
                 .payouts = {{.id = "po_1",
                              .state = "PAID",
                              .account = "GB29NWBK60161331926819",
                              .amount_minor = 100'000,
                              .execution_date = November / 30 / 2026}}};
    for (std::uint64_t i = 0; i < members; ++i)
      add(i);
    statement.held_minor = 1'000;
    statement.released_minor = 500;
  }

  void add(std::uint64_t i) {
    const bool refund = i % 4 == 3;
    all.push_back({.payment = "pay_" + std::to_string(i + 1),
                   .kind = refund ? "Refund" : "Capture",
                   .business_date = November / 29 / 2026,
                   .amount_minor = refund ? -2'550 : 123'456,
                   .fee_minor = refund ? 0 : 370});
    (refund ? statement.refunds_minor : statement.gross_minor) += all.back().amount_minor;
    statement.fees_minor += all.back().fee_minor;
  }

  member_source source() const {
    return [this](const member_visitor& visitor) -> result<void> {
      for (const auto& member : all)
        if (auto taken = visitor(member); !taken)
          return taken;
      return {};
    };
  }

  result<std::string> page() const {
    std::string bytes;
    const auto printed = print(statement, source(), [&](std::string_view piece) {
      bytes += piece;
      return true;
    });
    return printed.map([&] { return bytes; });
  }

  printed_statement statement;
  std::vector<printed_member> all;
};

std::size_t times(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++found;
  return found;
}

} // namespace

TEST(PrintedStatement, HasItsTotals) {
  const auto page = printable{}.page().value();
  const auto line = [&](const std::string& name, const std::string& amount) {
    return times(page, name + "</th><td class=\"amount\">" + amount + "</td>");
  };
  EXPECT_EQ(line("Carried forward", "\u22121.50"), 1u);
  EXPECT_EQ(line("Payments captured", "3,703.68"), 1u);
  EXPECT_EQ(line("Refunds", "\u221225.50"), 1u);
  EXPECT_EQ(line("Fees", "\u221211.10"), 1u);
  EXPECT_EQ(line("Held in reserve", "\u221210.00"), 1u);
  EXPECT_EQ(line("Released from reserve", "5.00"), 1u);
  EXPECT_EQ(line("Net", "3,660.58"), 1u);
  EXPECT_EQ(times(page, "2026-11-28 to 2026-11-29"), 1u);
  EXPECT_EQ(times(page, "<td>po_1</td>"), 1u);
  EXPECT_EQ(times(page, "1,000.00"), 1u);
  EXPECT_EQ(times(page, "Sum of 4</td><td class=\"amount\">3,678.18</td>"), 1u);
}

TEST(PrintedStatement, HasDisputesAndSplitsInItsNet) {
  printable odd;
  odd.statement.disputed_minor = odd.statement.refunds_minor;
  odd.statement.refunds_minor = 0;
  odd.statement.gross_minor -= 123'456;
  odd.statement.won_minor = 123'456;
  odd.statement.splits_minor = -100;
  const auto page = odd.page().value();
  const auto line = [&](const std::string& name, const std::string& amount) {
    return times(page, name + "</th><td class=\"amount\">" + amount + "</td>");
  };
  EXPECT_EQ(line("Payments captured", "2,469.12"), 1u);
  EXPECT_EQ(line("Disputed", "\u221225.50"), 1u);
  EXPECT_EQ(line("Disputes won", "1,234.56"), 1u);
  EXPECT_EQ(line("Splits with others", "\u22121.00"), 1u);
  EXPECT_EQ(line("Net", "3,659.58"), 1u);
  EXPECT_EQ(times(printable{}.page().value(), "Disputed"), 0u);
}

TEST(PrintedStatement, MayKnowOnlyTheSumOfTheFees) {
  printable sums_only;
  sums_only.statement.members_have_fees = false;
  for (auto& member : sums_only.all)
    member.fee_minor = 0;
  const auto page = sums_only.page().value();
  EXPECT_EQ(times(page, ">Fee<"), 0u);
  EXPECT_EQ(times(page, "Fees</th><td class=\"amount\">\u221211.10</td>"), 1u);
  EXPECT_EQ(times(page, "Sum of 4</td><td class=\"amount\">3,678.18</td></tr>"), 1u);
}

TEST(PrintedStatement, ShowsNamesAsText) {
  auto odd = printable{};
  odd.all[0].payment = "<script>alert(1)</script>";
  const auto page = odd.page().value();
  EXPECT_EQ(times(page, "<script"), 0u);
  EXPECT_EQ(times(page, "&lt;script&gt;"), 1u);
  EXPECT_EQ(times(page, "Tom &amp; Jerry&#39;s &lt;Shop&gt;"), 1u);
}

TEST(PrintedStatement, NeedsNothingElse) {
  const auto page = printable{}.page().value();
  for (const auto* outside : {"http:", "https:", "url(", "<link", "<img", "@import", "src="})
    EXPECT_EQ(times(page, outside), 0u) << outside;
  EXPECT_EQ(times(page, "<thead>"), 2u);
  EXPECT_EQ(times(page, "table-header-group"), 1u);
}

TEST(PrintedStatement, IsWrittenInPieces) {
  const printable many{20'001};
  std::size_t longest = 0;
  std::string bytes;
  ASSERT_TRUE(print(many.statement, many.source(), [&](std::string_view piece) {
    longest = std::max(longest, piece.size());
    bytes += piece;
    return true;
  }));
  EXPECT_LT(longest, 70'000u);
  EXPECT_EQ(times(bytes, "<td>pay_"), 20'001u);
  EXPECT_EQ(times(bytes, "class=\"subtotal\""), 41u);
  EXPECT_EQ(times(bytes, "<table"), times(bytes, "</table>"));
  EXPECT_EQ(bytes, many.page());
}

TEST(PrintedStatement, HasTheDecimalsOfItsCurrency) {
  EXPECT_EQ(printed_amount(1'234'567, 2), "12,345.67");
  EXPECT_EQ(printed_amount(1'234'567, 0), "1,234,567");
  EXPECT_EQ(printed_amount(-123'456, 3), "\u2212123.456");
  EXPECT_EQ(printed_amount(-100'000, 2), "\u22121,000.00");
  EXPECT_EQ(printed_amount(999, 0), "999");
  EXPECT_EQ(printed_amount(5, 2), "0.05");
}

TEST(PrintedStatement, IsOnlyOfMembersThatComeToItsTotals) {
  auto other = printable{};
  other.all[1].fee_minor += 1;
  EXPECT_EQ(other.page().error().what, fault::source_changed);
  auto fewer = printable{};
  fewer.statement.members = 5;
  EXPECT_EQ(fewer.page().error().what, fault::source_changed);
}

TEST(PrintedStatement, SaysWhatIsWrong) {
  auto page = printable{};
  page.statement.currency = "ABC";
  EXPECT_EQ(page.page().error().what, fault::unknown_currency);
  page = printable{};
  page.all[2].business_date = November / 31 / 2026;
  EXPECT_EQ(page.page().error().item, 2u);
  page = printable{};
  page.statement.carried_minor = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(page.page().error().what, fault::bad_amount);
  page = printable{};
  EXPECT_EQ(print(page.statement, page.source(), [](auto) { return false; }).error().what,
            fault::sink_failed);
}

TEST(PrintedStatement, IsTheSameBytesForTheSameStatement) {
  EXPECT_EQ(printable{}.page(), printable{}.page());
}

} // namespace ducat::iso20022
