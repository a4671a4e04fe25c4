#include <ducat/iso20022/csv.hpp>

#include <gtest/gtest.h>

namespace ducat::iso20022 {

namespace {

using std::chrono::November;
using rows = std::vector<std::vector<std::string>>;

struct csv_file {
  rows fields{};
  std::optional<note> failure{};
};

csv_file parsed(std::string_view text, char separator = ',') {
  csv_file file;
  file.failure = read_csv(source_of(text), separator,
                          [&](csv_row row) { file.fields.push_back(std::move(row.fields)); });
  return file;
}

struct entries_file {
  std::vector<bank_entry> entries{};
  import_report report{};
};

entries_file entries_of(std::string_view text) {
  entries_file file;
  file.report = read_entries_csv(
      source_of(text), [&](bank_entry entry) { file.entries.push_back(std::move(entry)); });
  return file;
}

const std::string entries_header = "booking_date,amount,currency,credit_debit,end_to_end_id\r\n";

/// Returns the only remark about this row, which is left out.
std::string remark_on(const std::string& row) {
  const auto file = entries_of(entries_header + row);
  EXPECT_EQ(file.report.left_out, 1u) << row;
  EXPECT_TRUE(file.entries.empty()) << row;
  EXPECT_EQ(file.report.notes.size(), 1u) << row;
  return file.report.notes.empty() ? "" : std::string{to_string(file.report.notes[0].what)};
}

} // namespace

// RFC 4180, section 2
TEST(Csv, QuotesOnlyWhatMustBe) {
  EXPECT_EQ(csv_line(std::vector<std::string>{"a", "b c", "", "1,5", "say \"x\"", "two\r\nlines"}),
            "a,b c,,\"1,5\",\"say \"\"x\"\"\",\"two\r\nlines\"\r\n");
}

TEST(Csv, IsReadAsItIsWritten) {
  const rows all = {{"a", "1,5", "say \"x\""}, {"", "two\r\nlines", ""}, {"\"", ",", " b "}};
  std::string text;
  for (const auto& row : all)
    text += csv_line(row);
  EXPECT_EQ(parsed(text).fields, all);
}

TEST(Csv, TakesLinesAsProgramsWriteThem) {
  const rows all = {{"a", "b"}, {"c", ""}};
  EXPECT_EQ(parsed("a,b\nc,\n").fields, all);
  EXPECT_EQ(parsed("a,b\r\nc,").fields, all);
  EXPECT_EQ(parsed("\xEF\xBB\xBF"
                   "a,b\n\r\n\nc,\n")
                .fields,
            all);
  EXPECT_EQ(parsed("\xEF\xBB\xBF\"a\",b\nc,\"\"\n").fields, all);
  EXPECT_EQ(parsed("a;b\nc;\n", ';').fields, all);
  EXPECT_EQ(parsed("").fields, rows{});
}

TEST(Csv, RefusesQuotesThatAreInDoubt) {
  for (const auto* text : {"a,b\"c\n", "a\n\"b\"c\n", "a\n\"b", "\"a\" ,b\n", "a\rb\n"}) {
    const auto file = parsed(text);
    ASSERT_TRUE(file.failure) << text;
    EXPECT_EQ(file.failure->what, remark::not_well_formed) << text;
  }
  EXPECT_EQ(parsed("a\n\"b\"c\n").failure->line, 2u);
}

TEST(Csv, HasNoEndlessFieldsOrRows) {
  EXPECT_EQ(parsed('"' + std::string(1'000'000, 'x')).failure->what, remark::forbidden);
  EXPECT_EQ(parsed(std::string(1'000'000, ',')).failure->what, remark::forbidden);
}

TEST(Csv, HasAPayoutInALine) {
  EXPECT_EQ(payout_csv_header(), "payout,batch,merchant,currency,amount,end_to_end_id,account,"
                                 "state,execution_date\r\n");
  EXPECT_EQ(to_csv(payout_row{.payout = "po_1",
                              .batch = "b_1",
                              .merchant = "shop, inc",
                              .amount = {1205, "EUR"},
                              .end_to_end_id = "PO-1",
                              .account = "GB29NWBK60161331926819",
                              .state = "PAID",
                              .execution_date = November / 30 / 2026}),
            "po_1,b_1,\"shop, inc\",EUR,12.05,PO-1,GB29NWBK60161331926819,PAID,2026-11-30\r\n");
}

TEST(Csv, HasAMemberInALine) {
  member_row row{.payment = "pay_1",
                 .transfer = "tr_1",
                 .merchant = "shop",
                 .window = 7,
                 .business_date = November / 29 / 2026,
                 .captured_at = std::chrono::sys_seconds{std::chrono::seconds{1'795'935'909}},
                 .amount = {-1205, "KWD"},
                 .fee_minor = 25};
  EXPECT_EQ(to_csv(row), "pay_1,tr_1,shop,7,2026-11-29,2026-11-29T07:05:09Z,KWD,-1.205,0.025,\r\n");
  row.amount.currency = "???";
  EXPECT_EQ(to_csv(row).error().what, fault::unknown_currency);
}

TEST(EntriesCsv, HasItsColumnsInAnyOrder) {
  const auto file = entries_of(
      "return_reason,currency,amount,reversal,credit_debit,end_to_end_id,booking_date,colour\n"
      "AC04,EUR,12.05,true,CRDT,PO-1,2026-11-29,red\n"
      ",JPY,5,,DBIT,,2026-11-30,\n");
  EXPECT_TRUE(file.report.complete);
  ASSERT_EQ(file.report.notes.size(), 1u);
  EXPECT_EQ(file.report.notes[0].what, remark::unknown_column);
  ASSERT_EQ(file.entries.size(), 2u);
  EXPECT_EQ(file.entries[0].amount, (money{1205, "EUR"}));
  EXPECT_EQ(file.entries[0].booking_date, November / 29 / 2026);
  EXPECT_TRUE(file.entries[0].reversal);
  EXPECT_EQ(file.entries[0].transactions.at(0).end_to_end_id, "PO-1");
  EXPECT_EQ(file.entries[0].transactions.at(0).return_reason, "AC04");
  EXPECT_EQ(file.entries[1].line, 3u);
  EXPECT_EQ(file.entries[1].signed_minor(), -5);
  EXPECT_TRUE(file.entries[1].transactions.empty());
}

TEST(EntriesCsv, LeavesOutARowThatIsInDoubt) {
  EXPECT_EQ(remark_on("2026-11-29,1.234,EUR,CRDT,x"), "bad_amount");
  EXPECT_EQ(remark_on("2026-11-29,-1.00,EUR,CRDT,x"), "bad_amount");
  EXPECT_EQ(remark_on("2026-11-29,\"1,00\",EUR,CRDT,x"), "bad_amount");
  EXPECT_EQ(remark_on("2026-11-29,1.00,eur,CRDT,x"), "unknown_currency");
  EXPECT_EQ(remark_on("29.11.2026,1.00,EUR,CRDT,x"), "bad_date");
  EXPECT_EQ(remark_on("2026-11-29T00:00:00Z,1.00,EUR,CRDT,x"), "bad_date");
  EXPECT_EQ(remark_on(",1.00,EUR,CRDT,x"), "bad_date");
  EXPECT_EQ(remark_on("2026-11-29,1.00,EUR,C,x"), "bad_code");
  EXPECT_EQ(remark_on("2026-11-29,1.00,EUR,CRDT"), "bad_row");
  EXPECT_EQ(remark_on("2026-11-29,1.00,EUR,CRDT,x,y"), "bad_row");
}

TEST(EntriesCsv, NeedsItsColumns) {
  for (const auto* text : {"", "amount,currency,credit_debit\n1.00,EUR,CRDT\n",
                           "amount,currency,credit_debit,booking_date,amount\n"}) {
    const auto file = entries_of(text);
    EXPECT_FALSE(file.report.complete) << text;
    EXPECT_TRUE(file.entries.empty());
  }
}

} // namespace ducat::iso20022
