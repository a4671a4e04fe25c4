#include "chaos/report_page.hpp"
#include "chaos/time_chart.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;

chaos_measurements a_run() {
  return {.stage = "cluster",
          .seed = 7,
          .length = 3s,
          .seconds = {{.acknowledged = 500, .p50_ms = 4, .p99_ms = 20, .longest_ms = 30},
                      {.acknowledged = 20, .p50_ms = 40, .p99_ms = 900, .longest_ms = 950},
                      {.acknowledged = 480, .p50_ms = 5, .p99_ms = 25, .longest_ms = 31}},
          .faults = {{.at = 1s,
                      .action = "kill",
                      .planned = "writer",
                      .targets = {"node<2>"},
                      .begun_at = 1010ms,
                      .ended_at = 1900ms},
                     {.at = 2s, .action = "pause", .planned = "writer", .targets = {}}},
          .restarts = {{"node2", 1}},
          .measures = {{.name = "lost", .value = "0", .bound = "0", .is_met = true},
                       {.name = "kills", .value = "1", .bound = ">= 2", .is_met = false}},
          .findings = {"a key \"k\" & <another>"}};
}

TEST(ReportPage, SaysVerdictMeasuresAndHowToReplay) {
  const std::string page = report_page(a_run(), "ducat chaos run x.toml --seed 7");
  EXPECT_NE(page.find("<span class=\"bad\">red</span>"), std::string::npos);
  EXPECT_NE(page.find("<td>kills</td><td>1</td><td>&gt;= 2</td><td class=\"bad\">missed</td>"),
            std::string::npos);
  EXPECT_NE(page.find("<td class=\"good\">ok</td>"), std::string::npos);
  EXPECT_NE(page.find("<code>ducat chaos run x.toml --seed 7</code>"), std::string::npos);
  EXPECT_NE(page.find("<tr><td>node2</td><td>1</td></tr>"), std::string::npos);
}

TEST(ReportPage, DrawsFaultsThatHitAndCountsThoseThatMissed) {
  const std::string page = report_page(a_run(), "");
  EXPECT_NE(page.find("<title>kill node&lt;2&gt; at 1.0 s for 0.9 s</title>"), std::string::npos);
  EXPECT_NE(page.find("kill (1)"), std::string::npos);
  EXPECT_NE(page.find("<p>1 pause: hit nothing</p>"), std::string::npos);
}

TEST(ReportPage, EscapesWhatOthersWrote) {
  const std::string page = report_page(a_run(), "<script>");
  EXPECT_NE(page.find("a key &quot;k&quot; &amp; &lt;another&gt;"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

TEST(ReportPage, NeedsNothingFromElsewhere) {
  const std::string page = report_page(a_run(), "");
  for (const char* each : {"src=", "href=", "url(", "@import"})
    EXPECT_EQ(page.find(each), std::string::npos) << each;
}

TEST(ReportPage, IsMadeOfARunThatSawNothing) {
  EXPECT_NE(report_page({}, "").find("red"), std::string::npos); // Nothing measured: not green.
}

TEST(TimeChart, DrawsTheGreatestValueAtTheTopAndNothingOutside) {
  const std::string chart =
      line_chart({{.name = "n", .style = "first", .values = {0, 100}}}, 2s, "/s", false);
  EXPECT_NE(chart.find("d=\"M332.5,150.0 L777.5,0.0 \""), std::string::npos) << chart;
}

TEST(TimeChart, ScalesByPowersOfTen) {
  const std::string chart =
      line_chart({{.name = "n", .style = "first", .values = {0.5, 10, 100}}}, 3s, "ms", true);
  EXPECT_NE(chart.find("M258.3,150.0 L555.0,75.0 L851.7,0.0 "), std::string::npos) << chart;
}

TEST(TimeChart, IsBrokenWhereThereIsNoValue) {
  const std::string chart = line_chart(
      {{.name = "n", .style = "first", .values = {100, std::nan(""), 0}}}, 3s, "ms", false);
  EXPECT_NE(chart.find("d=\"M258.3,0.0 M851.7,150.0 \""), std::string::npos) << chart;
}

TEST(TimeChart, ShowsAMomentAsWideAsCanBeSeen) {
  const std::string chart = lane_chart({{.name = "kill", .spans = {{1s, 1s, "now"}}}}, 10s);
  EXPECT_NE(chart.find("x=\"199.0\" y=\"3\" width=\"2.5\""), std::string::npos) << chart;
}

} // namespace
} // namespace ducat::cli
