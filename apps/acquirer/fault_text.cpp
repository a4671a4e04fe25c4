#include "fault_keys.hpp"
#include "fault_rule.hpp"
#include "toml_fields.hpp"

#include <charconv>

namespace ducat::acquirer {

namespace {

tl::unexpected<error> wrong(std::string_view text, const std::string& why) {
  return fail(errc::invalid_argument, "the fault " + std::string{text} + ": " + why);
}

template <class Number>
bool set_number(Number& into, std::string_view text) {
  const char* const last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, into);
  return failure == std::errc{} && end == last;
}

bool set(std::string& into, std::string_view text) {
  into = text;
  return !text.empty();
}

bool set(std::uint32_t& into, std::string_view text) {
  return set_number(into, text);
}

bool set(std::uint64_t& into, std::string_view text) {
  return set_number(into, text);
}

bool set(std::chrono::milliseconds& into, std::string_view text) {
  const auto given = cli::duration_of(text);
  into = given.value_or(into);
  return given.has_value();
}

bool set(garbling& into, std::string_view text) {
  for (const garbling each : all_garblings())
    if (to_string(each) == text) {
      into = each;
      return true;
    }
  return false;
}

std::string shown(const std::string& value) {
  return value;
}

std::string shown(garbling value) {
  return std::string{to_string(value)};
}

std::string shown(std::chrono::milliseconds value) {
  return std::to_string(value.count()) + "ms";
}

std::string shown(std::uint64_t value) {
  return std::to_string(value);
}

/// Returns what is wrong with it; empty if it was taken.
std::string take_key(std::string_view given, fault_rule& into) {
  const std::size_t equals = given.find('=');
  if (equals == std::string_view::npos)
    return "\"" + std::string{given} + "\" is not key=value";
  const std::string key{given.substr(0, equals)};
  const auto found = fault_keys().find(key);
  if (found == fault_keys().end())
    return "`" + key + "` is not known";
  const bool taken = std::visit(
      [&](auto member) { return set(into.*member, given.substr(equals + 1)); }, found->second);
  return taken ? "" : "`" + key + "` has no such value";
}

} // namespace

result<fault_rule> parse_fault(std::string_view text) {
  fault_rule read;
  const std::size_t colon = text.find(':');
  bool is_known = false;
  for (const fault_kind each : all_fault_kinds())
    if (to_string(each) == text.substr(0, colon)) {
      read.kind = each;
      is_known = true;
    }
  if (!is_known)
    return wrong(text, "there is no such kind");
  std::string_view rest = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    if (const std::string why = take_key(rest.substr(0, comma), read); !why.empty())
      return wrong(text, why);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  if (const std::string why = complaint_about(read); !why.empty())
    return wrong(text, why);
  return read;
}

std::string to_text(const fault_rule& rule) {
  static const fault_rule plain;
  std::string text{to_string(rule.kind)};
  char between = ':';
  for (const auto& [key, member] : fault_keys())
    std::visit(
        [&](auto of) {
          if (rule.*of == plain.*of)
            return;
          text += between + key + "=" + shown(rule.*of);
          between = ',';
        },
        member);
  return text;
}

} // namespace ducat::acquirer
