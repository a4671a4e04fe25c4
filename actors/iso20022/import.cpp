#include <ducat/iso20022/import.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::iso20022 {

std::string_view to_string(remark what) noexcept {
  switch (what) {
    using enum remark;
  case not_well_formed:
    return "not_well_formed";
  case forbidden:
    return "forbidden";
  case not_understood:
    return "not_understood";
  case other_version:
    return "other_version";
  case bad_amount:
    return "bad_amount";
  case unknown_currency:
    return "unknown_currency";
  case bad_date:
    return "bad_date";
  case bad_code:
    return "bad_code";
  case missing:
    return "missing";
  case repeated:
    return "repeated";
  case too_many:
    return "too_many";
  case details_differ:
    return "details_differ";
  case count_differs:
    return "count_differs";
  case sum_differs:
    return "sum_differs";
  case balance_differs:
    return "balance_differs";
  case bad_row:
    return "bad_row";
  case unknown_column:
    return "unknown_column";
  case unchecked:
    return "unchecked";
  }
  return "?";
}

std::string to_string(const note& said) {
  const std::string line = said.line > 0 ? "line " + std::to_string(said.line) + ", " : "";
  return line + said.where + ": " + std::string{to_string(said.what)} + ": " + said.detail;
}

std::ostream& operator<<(std::ostream& out, const note& said) {
  return out << to_string(said);
}

void import_report::add(note said) {
  if (notes.size() < notes_max)
    notes.push_back(std::move(said));
  else
    ++notes_left_out;
}

bool import_report::has(remark what) const noexcept {
  return std::ranges::find(notes, what, &note::what) != notes.end();
}

byte_source source_of(std::string_view bytes) {
  return [bytes](std::span<char> buffer) mutable {
    const std::size_t size = bytes.copy(buffer.data(), buffer.size());
    bytes.remove_prefix(size);
    return size;
  };
}

} // namespace ducat::iso20022
