#include "settlement/reconcile_journal_line.hpp"

#include <ducat/digest.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace ducat::settlement {

namespace {

constexpr std::string_view check_begin = R"(,"check":")";
constexpr std::size_t check_size = check_begin.size() + 16 + 2; ///< With "}.

/// The last member is XXH3-64 of the object without it, as 16 hexadecimal digits.
bool has_good_check(std::string_view line) {
  if (line.size() < check_size || !line.ends_with("\"}"))
    return false;
  const std::string_view end = line.substr(line.size() - check_size);
  const char* const digits = end.data() + check_begin.size();
  std::uint64_t told = 0;
  const auto [last, problem] = std::from_chars(digits, digits + 16, told, 16);
  const std::string body = std::string{line.substr(0, line.size() - check_size)} + "}";
  return end.starts_with(check_begin) && problem == std::errc{} && last == digits + 16 &&
         told == checksum(body);
}

bool is_effect(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"authorised", "captured", "declined",
                                                  "advice",     "reversed", "reconciled"};
  return std::ranges::find(names, name) != names.end();
}

/// Throws if a member is missing or of another type.
journal_line line_in(const nlohmann::json& object) {
  const auto text = [&](const char* name) { return object.at(name).get<std::string>(); };
  journal_line read{.sequence = object.at("sequence").get<std::uint64_t>(),
                    .effect = text("effect"),
                    .is_financial = text("mti").at(1) == '2',
                    .is_credit = text("processing_code").starts_with('2'),
                    .stan = text("stan"),
                    .terminal = text("terminal"),
                    .rrn = text("rrn"),
                    .currency = text("currency"),
                    .amount = object.at("amount").get<std::int64_t>(),
                    .at_ms = object.at("at_ms").get<std::int64_t>()};
  if (object.contains("fee"))
    read.fee = object.at("fee").get<std::int64_t>();
  if (object.contains("original"))
    read.original = object.at("original").at("sequence").get<std::uint64_t>();
  return read;
}

} // namespace

result<journal_line> parse_journal_line(std::string_view line) {
  if (!has_good_check(line))
    return fail(errc::corrupt, "its checksum is another one");
  try {
    journal_line read = line_in(nlohmann::json::parse(line));
    if (is_effect(read.effect) && read.amount >= 0)
      return read;
  } catch (const std::exception&) { // Of the JSON library, or a string that is too short.
  }
  return fail(errc::corrupt, "it is no effect");
}

} // namespace ducat::settlement
