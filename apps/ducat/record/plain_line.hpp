/// Lines of JSON of the plainest form, read where they lie.
#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

namespace ducat::cli {

/// Takes the members of an object one after the other, in the order in which they are asked for.
/// What record_writer does not write (another order, white space, escapes, text beyond ASCII, other
/// numbers than integers) is not understood, though it may be JSON: is_done() is false then, and a
/// parser has to read it.
class plain_line {
public:
  explicit plain_line(std::string_view line) noexcept : left_{line} { take("{"); }

  /// Take the member called `name`, which must be the next one. Nothing is understood any more if
  /// it is another one, or of another type. The text is a part of the line.
  void text(std::string_view name, std::string_view& into) noexcept {
    begin(name);
    take("\"");
    const std::size_t size = std::min(left_.find('"'), left_.size());
    into = left_.substr(0, size);
    is_odd_ |= !std::ranges::all_of(into, is_plain);
    left_.remove_prefix(size);
    take("\"");
  }

  template <class Integer>
  void number(std::string_view name, Integer& into) noexcept {
    begin(name);
    const char* const first = left_.data();
    const auto [end, code] = std::from_chars(first, first + left_.size(), into);
    const std::string_view digits{first, static_cast<std::size_t>(end - first)};
    is_odd_ |= code != std::errc{} || digits.starts_with("-") ||
               (digits.starts_with("0") && digits.size() > 1);
    left_.remove_prefix(digits.size());
  }

  void flag(std::string_view name, bool& into) noexcept {
    begin(name);
    into = left_.starts_with("true");
    take(into ? "true" : "false");
  }

  /// Returns whether a member called `name` is the next one.
  bool is_next(std::string_view name) const noexcept {
    const std::string_view rest = left_.substr(std::min(left_.find('"'), left_.size()));
    return rest.size() > name.size() + 1 && rest.substr(1, name.size()) == name &&
           rest[name.size() + 1] == '"';
  }

  /// Returns whether all of the line was taken and understood.
  bool is_done() const noexcept { return left_ == "}" && !is_odd_; }

private:
  static bool is_plain(char each) noexcept { return each >= ' ' && each <= '~' && each != '\\'; }

  void begin(std::string_view name) noexcept {
    if (!is_first_)
      take(",");
    is_first_ = false;
    take("\"");
    take(name);
    take("\":");
  }

  void take(std::string_view what) noexcept {
    const bool is_it = left_.starts_with(what);
    is_odd_ |= !is_it;
    left_.remove_prefix(is_it ? what.size() : 0);
  }

  std::string_view left_;
  bool is_first_ = true;
  bool is_odd_ = false; ///< Something was not understood.
};

} // namespace ducat::cli
