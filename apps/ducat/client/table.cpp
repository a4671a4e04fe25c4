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

} // namespace ducat::cli
