#include "page/html_page.hpp"
#include "page/report_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ducat::cli {
namespace {

constexpr const char* hostile = "<script>\"&";
constexpr const char* harmless = "&lt;script&gt;&quot;&amp;";

// What others wrote must not become a part of the page, wherever it stands.
TEST(HtmlPage, EscapesTextEverywhere) {
  const std::string parts[] = {html_table({hostile}, {{{hostile}}}),
                               html_counts(hostile, {{hostile, 1}}),
                               html_list({hostile}),
                               html_heading(hostile),
                               html_paragraph(hostile),
                               html_command(hostile, hostile),
                               html_code(hostile),
                               to_html({.title = hostile, .heading = hostile, .verdict = hostile})};
  for (const std::string& each : parts) {
    EXPECT_NE(each.find(harmless), std::string::npos) << each;
    EXPECT_EQ(each.find(hostile), std::string::npos) << each;
  }
}

TEST(HtmlPage, HasNoPartsOfNothing) {
  EXPECT_EQ(html_table({"head"}, {}), "");
  EXPECT_EQ(html_counts("what", {}), "");
  EXPECT_EQ(html_list({}), "");
}

TEST(HtmlPage, DrawsBarsByTheGreatestCount) {
  const std::string counts = html_counts("what", {{"a", 50}, {"b", 200}, {"c", 0}});
  for (const char* each :
       {">50</td><td class=\"bar\"><span style=\"width:25.0%\">", "width:100.0%", "width:0.0%"})
    EXPECT_NE(counts.find(each), std::string::npos) << each << " in " << counts;
}

TEST(HtmlPage, ShowsTheVerdictInItsColour) {
  const auto page = [](bool is_good) {
    return to_html({.title = "t", .heading = "h", .verdict = "v", .is_good = is_good});
  };
  EXPECT_NE(page(true).find("<h1>h: <span class=\"good\">v</span></h1>"), std::string::npos);
  EXPECT_NE(page(false).find("<h1>h: <span class=\"bad\">v</span></h1>"), std::string::npos);
}

TEST(HtmlPage, NeedsNothingFromElsewhere) {
  const std::string page = to_html({.title = "t", .heading = "h", .verdict = "v"});
  for (const char* each : {"src=", "href=", "url(", "@import", "<script"})
    EXPECT_EQ(page.find(each), std::string::npos) << each;
}

TEST(ReportFile, KnowsAtOnceThatItCannotBeWritten) {
  EXPECT_FALSE(report_file{"/nonexistent/file"}.is_good());
}

TEST(ReportFile, IsNotWantedWithoutAName) {
  report_file none{""};
  EXPECT_TRUE(none.is_good());
  EXPECT_TRUE(none.write("text"));
}

TEST(ReportFile, HasWhatWasWritten) {
  const std::string name = ::testing::TempDir() + "report_file_test";
  EXPECT_TRUE(report_file{name}.write("text"));
  std::ostringstream text;
  text << std::ifstream{name}.rdbuf();
  EXPECT_EQ(text.str(), "text");
  std::remove(name.c_str());
}

// A full disk: it can be opened, and not be written.
TEST(ReportFile, SaysThatItWasNotWritten) {
  report_file full{"/dev/full"};
  EXPECT_TRUE(full.is_good());
  EXPECT_FALSE(full.write("text"));
}

} // namespace
} // namespace ducat::cli
