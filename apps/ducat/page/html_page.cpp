#include "page/html_page.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ducat::cli {

namespace {

constexpr std::string_view page_style = R"(
:root { color-scheme: light dark; --ink: #1c1c1c; --soft: #666; --line: #ddd; --paper: #fff;
        --good: #1a7f4b; --bad: #c62828; --first: #2563c9; --second: #c2600a; --fault: #8a4fb0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #a0a0a0; --line: #3a3a3a; --paper: #161616; --good: #4cc38a;
          --bad: #ff7b72; --first: #7aa7ff; --second: #f0a35e; --fault: #c79be6; } }
body { font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; color: var(--ink);
       background: var(--paper); max-width: 1060px; margin: 24px auto; padding: 0 16px; }
h1 { font-size: 24px; margin: 0; }
h2 { font-size: 16px; margin: 28px 0 6px; }
p { margin: 4px 0; color: var(--soft); }
code { overflow-wrap: anywhere; color: var(--ink); }
pre { overflow-x: auto; border: 1px solid var(--line); border-radius: 4px; padding: 10px 12px;
      font-size: 13px; }
ul { margin: 4px 0; padding-left: 20px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line);
         vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; color: var(--soft); overflow-wrap: normal; }
td.good, td.bad { white-space: nowrap; overflow-wrap: normal; }
.count { width: 5em; text-align: right; font-variant-numeric: tabular-nums; }
.bar { width: 45%; }
.bar span { display: block; height: 12px; margin-top: 5px; border-radius: 2px;
            background: var(--fault); opacity: 0.75; }
@media (max-width: 600px) { .bar { width: 30%; } }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
svg { width: 100%; height: auto; display: block; }
svg text { font-size: 11px; fill: var(--soft); }
.grid { stroke: var(--line); stroke-width: 1; }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.first { stroke: var(--first); color: var(--first); }
.second { stroke: var(--second); color: var(--second); }
.legend { font-size: 13px; }
.fault { fill: var(--fault); fill-opacity: 0.75; }
)";

std::string cell_of(const html_cell& cell) {
  const std::string style = cell.style.empty() ? "" : fmt::format(" class=\"{}\"", cell.style);
  return fmt::format("<td{}>{}</td>", style, html_text(cell.text));
}

} // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char each : text)
    switch (each) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    default:
      out += each;
    }
  return out;
}

std::string html_table(const std::vector<std::string>& head,
                       const std::vector<std::vector<html_cell>>& rows) {
  if (rows.empty())
    return {};
  std::string out = "<table>\n<tr>";
  for (const std::string& each : head)
    out += fmt::format("<th>{}</th>", html_text(each));
  out += "</tr>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (const html_cell& each : row)
      out += cell_of(each);
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

std::string html_counts(const std::string& what,
                        const std::map<std::string, std::uint64_t>& counts) {
  if (counts.empty())
    return {};
  std::uint64_t greatest = 1;
  for (const auto& [name, count] : counts)
    greatest = std::max(greatest, count);
  std::string out = fmt::format("<table>\n<tr><th>{}</th><th class=\"count\">Times</th>"
                                "<th class=\"bar\"></th></tr>\n",
                                html_text(what));
  for (const auto& [name, count] : counts)
    out += fmt::format("<tr><td>{}</td><td class=\"count\">{}</td><td class=\"bar\">"
                       "<span style=\"width:{:.1f}%\"></span></td></tr>\n",
                       html_text(name), count,
                       100.0 * static_cast<double>(count) / static_cast<double>(greatest));
  return out + "</table>\n";
}

std::string html_list(const std::vector<std::string>& sentences) {
  if (sentences.empty())
    return {};
  std::string out = "<ul>\n";
  for (const std::string& each : sentences)
    out += "<li>" + html_text(each) + "</li>\n";
  return out + "</ul>\n";
}

std::string html_heading(std::string_view text) {
  return "<h2>" + html_text(text) + "</h2>\n";
}

std::string html_paragraph(std::string_view text) {
  return "<p>" + html_text(text) + "</p>\n";
}

std::string html_command(std::string_view about, std::string_view command) {
  return fmt::format("<p>{}: <code>{}</code></p>\n", html_text(about), html_text(command));
}

std::string html_code(std::string_view lines) {
  return "<pre>" + html_text(lines) + "</pre>\n";
}

std::string to_html(const html_page& page) {
  return fmt::format("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width\">\n"
                     "<title>{0}: {1}</title>\n<style>{2}</style>\n</head>\n<body>\n"
                     "<h1>{3}: <span class=\"{4}\">{1}</span></h1>\n{5}</body>\n</html>\n",
                     html_text(page.title), html_text(page.verdict), page_style,
                     html_text(page.heading), page.is_good ? "good" : "bad", page.body);
}

} // namespace ducat::cli
