#include "page/html_page.hpp"
#include "prove/prove_command.hpp"

#include <fmt/format.h>

#include <sstream>

namespace ducat::cli {

namespace {

std::string claims_table(const testing::certificate& what) {
  std::vector<std::vector<html_cell>> rows;
  for (const testing::claim_count& each : what.claims)
    rows.push_back({{each.claim},
                    {std::to_string(each.held)},
                    {std::to_string(each.broken)},
                    each.broken == 0 ? html_cell{"held", "good"} : html_cell{"broken", "bad"}});
  return html_table({"What must hold", "Runs in which it held", "In which it did not", ""}, rows);
}

std::string places_of(const std::vector<testing::child_place>& children) {
  std::string text;
  for (const testing::child_place& each : children)
    text += (text.empty() ? "" : ", ") + each.path + " on " + each.node;
  return text;
}

/// Where things were broken.
std::string explored_part(const testing::certificate& what) {
  std::string out = html_heading("Explored");
  for (const testing::explored_seed& each : what.seeds) {
    out += html_paragraph(fmt::format("Seed {}: {} boundaries between messages, {} pairs of "
                                      "faults possible. Children that take part: {}.",
                                      each.seed, each.messages, each.pairs_possible,
                                      places_of(each.children)));
    out += html_counts("Fault point that the run came to", each.points);
  }
  return out;
}

std::string faults_part(const testing::certificate& what) {
  return html_heading("What was broken") + html_counts("Fault", what.broken_by) +
         html_paragraph(fmt::format("{} of {} came too late to break anything.", what.came_too_late,
                                    what.faults));
}

/// "throw in ledger on node2 after message 0, and kill of node1 after message 3"
std::string sentence_of(const testing::trial& what) {
  std::ostringstream text;
  for (const testing::flow_fault& each : what.faults)
    text << (&each == &what.faults.front() ? "" : ", and ") << each;
  return what.faults.empty() ? "without any fault" : text.str();
}

std::vector<std::string> sentences_of(const std::vector<testing::broken_claim>& broken) {
  std::vector<std::string> all;
  for (const testing::broken_claim& each : broken)
    all.push_back(each.claim + ": " + each.why);
  return all;
}

std::string failures_part(const testing::certificate& what) {
  if (what.shortest.empty())
    return {};
  const testing::failed_trial& first = what.shortest.front();
  std::string out =
      html_heading("Shortest failing run") +
      html_paragraph(fmt::format("Seed {}: {}", first.what.seed, sentence_of(first.what))) +
      html_list(sentences_of(first.broken)) + html_code(test_of(what, first));
  if (what.shortest.size() == 1)
    return out;
  std::vector<std::string> others;
  for (std::size_t i = 1; i < what.shortest.size(); ++i)
    others.push_back(
        fmt::format("Seed {}: {}", what.shortest[i].what.seed, sentence_of(what.shortest[i].what)));
  return out + html_heading(fmt::format("Next of the {} that failed", what.failed)) +
         html_list(others);
}

} // namespace

std::string page_of(const testing::certificate& what, std::string_view again) {
  std::string requests;
  for (const std::string& each : what.requests)
    requests += (requests.empty() ? "" : ", ") + each;
  const std::string about =
      fmt::format("Requests {}. {} runs: {} without a fault, {} with one, {} with two; {} failed.",
                  requests, what.runs(), what.without, what.singles, what.pairs, what.failed);
  return to_html({.title = "ducat prove",
                  .heading = "Proof of " + what.flow,
                  .verdict = what.holds() ? "holds" : "broken",
                  .is_good = what.holds(),
                  .body = html_paragraph(about) + html_command("Again", again) +
                          html_heading("Verdict") + claims_table(what) + failures_part(what) +
                          explored_part(what) + faults_part(what) + html_heading("Answers") +
                          html_counts("First answer of a request", what.answers)});
}

} // namespace ducat::cli
