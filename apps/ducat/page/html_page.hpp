/// Pages in which runs are told to people. They need nothing else, neither scripts nor the network.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

/// Returns `text` as it stands in HTML, in attributes as well.
std::string html_text(std::string_view text);

/// A cell of a table: plain text.
struct html_cell {
  std::string text;
  std::string style{}; ///< "good", "bad", or none.
};

/// Returns "" if there are no rows.
std::string html_table(const std::vector<std::string>& head,
                       const std::vector<std::vector<html_cell>>& rows);

/// Returns a table of how often there was what, each with a bar; "" if there is nothing.
std::string html_counts(const std::string& what,
                        const std::map<std::string, std::uint64_t>& counts);

/// Returns a list of sentences; "" if there are none.
std::string html_list(const std::vector<std::string>& sentences);

std::string html_heading(std::string_view text);
std::string html_paragraph(std::string_view text);

/// Returns what is typed into a shell, behind a word on it.
std::string html_command(std::string_view about, std::string_view command);

/// Returns lines of code as they are.
std::string html_code(std::string_view lines);

struct html_page {
  std::string title;   ///< Of the window.
  std::string heading; ///< Before the verdict.
  std::string verdict;
  bool is_good = false;
  std::string body{}; ///< HTML.
};

/// Returns the whole page.
std::string to_html(const html_page& page);

} // namespace ducat::cli
