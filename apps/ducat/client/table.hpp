/// Text in columns.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ducat::cli {

enum class align { left, right };

struct column {
  std::string title;
  align side = align::left;
};

/// Rows of cells under titles. Widths count bytes: cells are ASCII.
class table {
public:
  explicit table(std::vector<column> columns);

  /// `cells` has one element per column.
  void add(std::vector<std::string> cells);
  void print(std::ostream& out) const;

private:
  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// Prints "name  value" lines with the values in one column; pairs with an empty value are left
/// out.
void print_fields(std::ostream& out,
                  const std::vector<std::pair<std::string, std::string>>& fields);

/// Returns `text` with each byte of a control character as \xNN: what others have written must not
/// steer the reader's terminal. Other UTF-8 stays as it is.
std::string printable(std::string_view text);

} // namespace ducat::cli
