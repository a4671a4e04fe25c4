#include <ducat/iso20022/csv.hpp>

#include <array>

namespace ducat::iso20022 {

namespace {

constexpr std::size_t csv_field_bytes_max = 64 * 1024;
constexpr std::size_t csv_fields_max = 256;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// One character after the other.
class csv_scanner {
public:
  csv_scanner(char separator, const std::function<void(csv_row)>& visitor)
      : separator_{separator}, visitor_{visitor} {}

  /// Returns what is wrong with the character, or nothing.
  std::optional<note> take(char c) {
    if (c == '\n')
      ++line_;
    if (place_ == place::in_quotes)
      return in_quotes(c);
    if (after_return_)
      return c == '\n' ? end_of_row() : wrong("a CR without its LF");
    if (c == '\r') {
      after_return_ = true;
      return std::nullopt;
    }
    if (c == '\n')
      return end_of_row();
    if (c == separator_)
      return end_of_field();
    return place_ == place::start && c == '"' ? open_quotes() : add_outside(c);
  }

  std::optional<note> finish() {
    if (place_ == place::in_quotes)
      return wrong("the file ends in quotes");
    return row_.fields.empty() && place_ == place::start ? std::nullopt : end_of_row();
  }

private:
  enum class place : std::uint8_t { start, plain, in_quotes, behind_quotes };

  std::optional<note> in_quotes(char c) {
    if (c == '"') {
      place_ = place::behind_quotes;
      return std::nullopt;
    }
    return add(c);
  }

  std::optional<note> open_quotes() {
    place_ = place::in_quotes;
    return std::nullopt;
  }

  std::optional<note> add_outside(char c) {
    if (c == '"') {
      if (place_ != place::behind_quotes)
        return wrong("a quote in a field that does not begin with one");
      place_ = place::in_quotes;
      return add(c);
    }
    if (place_ == place::behind_quotes)
      return wrong("something behind a closing quote");
    place_ = place::plain;
    if (text_ == byte_order_mark.substr(0, 2) && first_field_ && c == byte_order_mark[2]) {
      text_.clear();
      place_ = place::start;
      first_field_ = false;
      return std::nullopt;
    }
    return add(c);
  }

  std::optional<note> add(char c) {
    if (text_.size() >= csv_field_bytes_max)
      return note{.what = remark::forbidden, .line = line_, .detail = "a field is too long"};
    text_ += c;
    return std::nullopt;
  }

  std::optional<note> end_of_field() {
    if (row_.fields.size() >= csv_fields_max)
      return note{.what = remark::forbidden, .line = line_, .detail = "a row has too many fields"};
    row_.fields.push_back(std::exchange(text_, {}));
    place_ = place::start;
    first_field_ = false;
    return std::nullopt;
  }

  std::optional<note> end_of_row() {
    after_return_ = false;
    if (row_.fields.empty() && place_ == place::start) {
      row_.line = line_;
      return std::nullopt;
    }
    if (auto failure = end_of_field())
      return failure;
    visitor_(std::exchange(row_, csv_row{.line = line_}));
    return std::nullopt;
  }

  note wrong(std::string detail) const {
    return {.what = remark::not_well_formed, .line = line_, .detail = std::move(detail)};
  }

  char separator_;
  const std::function<void(csv_row)>& visitor_;
  place place_ = place::start;
  bool after_return_ = false;
  bool first_field_ = true;
  std::size_t line_ = 1;
  std::string text_;
  csv_row row_{.line = 1};
};

} // namespace

std::optional<note> read_csv(const byte_source& bytes, char separator,
                             const std::function<void(csv_row)>& visitor) {
  csv_scanner scanner{separator, visitor};
  std::array<char, 64 * 1024> chunk{};
  while (const std::size_t size = bytes(chunk))
    for (const char c : std::string_view{chunk.data(), size})
      if (auto failure = scanner.take(c))
        return failure;
  return scanner.finish();
}

} // namespace ducat::iso20022
