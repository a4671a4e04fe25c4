#include "client/table.hpp"

#include <ducat/check.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::cli {

namespace {

std::string padded(const std::string& cell, std::size_t width, align side) {
  const std::string space(width - std::min(width, cell.size()), ' ');
  return side == align::left ? cell + space : space + cell;
}

void print_row(std::ostream& out, const std::vector<std::string>& cells,
               const std::vector<std::size_t>& widths, const std::vector<column>& columns) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i)
    line += (i == 0 ? "" : "  ") + padded(cells[i], widths[i], columns[i].side);
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << '\n';
}

/// Returns how many bytes the control character at the start of `text` has; 0 if there is none.
std::size_t control_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x20 || byte(0) == 0x7f)
    return 1;
  const bool is_c1 = byte(0) == 0xc2 && text.size() > 1 && byte(1) >= 0x80 && byte(1) < 0xa0;
  return is_c1 ? 2 : 0;
}

} // namespace

table::table(std::vector<column> columns) : columns_{std::move(columns)} {}

void table::add(std::vector<std::string> cells) {
  DUCAT_CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

void table::print(std::ostream& out) const {
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    titles.push_back(columns_[i].title);
    widths.push_back(titles.back().size());
    for (const auto& row : rows_)
      widths[i] = std::max(widths[i], row[i].size());
  }
  print_row(out, titles, widths, columns_);
  for (const auto& row : rows_)
    print_row(out, row, widths, columns_);
}

void print_fields(std::ostream& out,
                  const std::vector<std::pair<std::string, std::string>>& fields) {
  std::size_t width = 0;
  for (const auto& [name, value] : fields)
    if (!value.empty())
      width = std::max(width, name.size());
  for (const auto& [name, value] : fields)
    if (!value.empty())
      out << padded(name, width, align::left) << "  " << value << '\n';
}

std::string printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  while (!text.empty()) {
    const std::size_t control = control_length(text);
    for (const char c : text.substr(0, control)) {
      const auto byte = static_cast<unsigned char>(c);
      shown.append("\\x").append({digits[byte / 16], digits[byte % 16]});
    }
    if (control == 0)
      shown += text.front();
    text.remove_prefix(std::max<std::size_t>(control, 1));
  }
  return shown;
}

} // namespace ducat::cli
