/// Captures made elsewhere, from a file of which all is right, or nothing is used.

#include <ducat/settlement/captures_csv.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ducat::settlement::test {
namespace {

struct read_captures {
  std::vector<v1::PresentedCapture> captures;
  std::vector<std::size_t> lines;
  iso20022::import_report report;
};

read_captures read_rows(const std::string& text) {
  read_captures out;
  out.report = read_captures_csv(iso20022::source_of(text),
                                 [&](v1::PresentedCapture capture, std::size_t line) {
                                   out.captures.push_back(std::move(capture));
                                   out.lines.push_back(line);
                                 });
  return out;
}

std::string with_header(const std::string& rows) {
  return "reference,from,to,amount,business_date\r\n" + rows;
}

TEST(CapturesCsv, HasARowForEach) {
  const auto all = read_rows(with_header("a-1,world,books,1000,20261129\r\n"
                                         "\"a,2\",world,\"kiosk\",1,\r\n\r\n"
                                         "a-3,world,books,9223372036854775807,2026-11-30\n"));
  EXPECT_TRUE(all.report.complete);
  EXPECT_EQ(all.report.read, 3u);
  ASSERT_EQ(all.captures.size(), 3u);
  EXPECT_EQ(all.captures[0].reference(), "a-1");
  EXPECT_EQ(all.captures[0].from(), "world");
  EXPECT_EQ(all.captures[0].to(), "books");
  EXPECT_EQ(all.captures[0].amount(), 1'000);
  EXPECT_EQ(all.captures[0].business_date(), 20'261'129u);
  EXPECT_EQ(all.captures[1].reference(), "a,2");
  EXPECT_EQ(all.captures[1].business_date(), 0u);
  EXPECT_EQ(all.captures[2].business_date(), 20'261'130u);
  EXPECT_EQ(all.lines, (std::vector<std::size_t>{2, 3, 5}));
}

TEST(CapturesCsv, HasColumnsInAnyOrderAndMayHaveNoDate) {
  const auto all = read_rows("amount,to,from,reference\n7,books,world,a\n");
  ASSERT_EQ(all.captures.size(), 1u);
  EXPECT_EQ(all.captures[0].to(), "books");
}

TEST(CapturesCsv, SaysTheLineOfWhatIsWrong) {
  for (const char* wrong :
       {",world,books,1,", "a b,world,books,1,", "a,,books,1,", "a,world,,1,", "a,world,books,,",
        "a,world,books,0,", "a,world,books,-1,", "a,world,books,1.00,", "a,world,books,+1,",
        "a,world,books,9223372036854775808,", "a,world,books,1,20261131",
        "a,world,books,1,29.11.2026", "a,world,books,1,2026-1129", "a,world,books,1,202611290",
        "a,world,books,1", "a,world,books,1,,", "\xc3\xa4,world,books,1,"}) {
    const auto all =
        read_rows(with_header("good,world,books,1,\r\n" + std::string{wrong} + "\r\n"));
    EXPECT_EQ(all.captures.size(), 1u) << wrong;
    EXPECT_EQ(all.report.left_out, 1u) << wrong;
    ASSERT_EQ(all.report.notes.size(), 1u) << wrong;
    EXPECT_EQ(all.report.notes[0].line, 3u) << wrong;
  }
}

TEST(CapturesCsv, IsNotCompleteWithoutItsColumns) {
  for (const char* text :
       {"", "reference,from,to\na,world,books\n", "reference,from,to,amount,amount\na,b,c,1,1\n",
        "reference,from,to,amount,busines_date\na,b,c,1,20261129\n", "a,world,books,1,20261129\n",
        "reference,from,to,amount\n\"a,world,books,1\n", "\0\0\0"}) {
    const auto all = read_rows(text);
    EXPECT_FALSE(all.report.complete) << text;
    EXPECT_TRUE(all.captures.empty()) << text;
  }
}

} // namespace
} // namespace ducat::settlement::test
