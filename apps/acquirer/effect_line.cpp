#include "effect_line.hpp"

#include <ducat/digest.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <optional>
#include <ostream>

namespace ducat::acquirer {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::array kinds{effect_kind::authorised, effect_kind::captured, effect_kind::declined,
                           effect_kind::advice,     effect_kind::reversed, effect_kind::reconciled};

constexpr std::string_view check_begin = R"(,"check":")";
constexpr std::size_t check_digits = 16;
constexpr std::size_t check_size = check_begin.size() + check_digits + 2; // With "}.

std::string check_of(std::string_view body) {
  std::string digits;
  for (std::uint64_t rest = checksum(body); digits.size() < check_digits; rest <<= 4U)
    digits += "0123456789abcdef"[rest >> 60U];
  return digits;
}

std::optional<effect_kind> kind_of(const std::string& name) {
  for (const effect_kind each : kinds)
    if (to_string(each) == name)
      return each;
  return std::nullopt;
}

ordered_json object_of(const effect& what) {
  ordered_json object{{"sequence", what.sequence},
                      {"effect", to_string(what.kind)},
                      {"mti", what.mti},
                      {"stan", what.key.stan},
                      {"transmitted_at", what.key.transmitted_at},
                      {"terminal", what.key.terminal},
                      {"rrn", what.rrn},
                      {"processing_code", what.processing_code},
                      {"amount", what.amount_minor},
                      {"currency", what.currency},
                      {"pan", what.masked_pan},
                      {"response_code", what.response_code},
                      {"approval_code", what.approval_code}};
  if (what.kind == effect_kind::reversed || what.original != 0) {
    const char kind = what.original_key.kind;
    object["original"] = {{"sequence", what.original},
                          {"class", std::string(1, kind)},
                          {"stan", what.original_key.stan},
                          {"transmitted_at", what.original_key.transmitted_at}};
  }
  object["at_ms"] = what.at_ms;
  object["faults"] = what.faults;
  return object;
}

void read_original(const json& object, effect& into) {
  const auto found = object.find("original");
  if (found == object.end())
    return;
  into.original = found->at("sequence").get<std::uint64_t>();
  into.original_key = {.kind = found->at("class").get<std::string>().at(0),
                       .stan = found->at("stan").get<std::string>(),
                       .transmitted_at = found->at("transmitted_at").get<std::string>(),
                       .terminal = into.key.terminal};
}

/// Throws if a member is missing or of another type.
std::optional<effect> effect_in(const json& object) {
  const auto text = [&](const char* name) { return object.at(name).get<std::string>(); };
  const auto kind = kind_of(text("effect"));
  effect read{.sequence = object.at("sequence").get<std::uint64_t>(), .mti = text("mti")};
  if (!kind || read.mti.size() != 4)
    return std::nullopt;
  read.kind = *kind;
  read.key = {.kind = read.mti[1],
              .stan = text("stan"),
              .transmitted_at = text("transmitted_at"),
              .terminal = text("terminal")};
  read.rrn = text("rrn");
  read.processing_code = text("processing_code");
  read.amount_minor = object.at("amount").get<std::int64_t>();
  read.currency = text("currency");
  read.masked_pan = text("pan");
  read.response_code = text("response_code");
  read.approval_code = text("approval_code");
  read_original(object, read);
  read.at_ms = object.at("at_ms").get<std::int64_t>();
  read.faults = object.at("faults").get<std::vector<std::string>>();
  return read;
}

} // namespace

std::string_view to_string(effect_kind kind) noexcept {
  switch (kind) {
  case effect_kind::authorised:
    return "authorised";
  case effect_kind::captured:
    return "captured";
  case effect_kind::declined:
    return "declined";
  case effect_kind::advice:
    return "advice";
  case effect_kind::reversed:
    return "reversed";
  case effect_kind::reconciled:
    return "reconciled";
  }
  return "";
}

std::string line_of(const effect& what) {
  std::string body = object_of(what).dump();
  std::string line = body.substr(0, body.size() - 1);
  line += check_begin;
  line += check_of(body);
  return line += "\"}";
}

result<effect> parse_line(std::string_view line) {
  if (line.size() < check_size)
    return fail(errc::corrupt, "it is too short");
  const std::string body = std::string{line.substr(0, line.size() - check_size)} + "}";
  const std::string end = std::string{check_begin} + check_of(body) + "\"}";
  if (line.substr(line.size() - check_size) != end)
    return fail(errc::corrupt, "its checksum is another one");
  try {
    if (auto read = effect_in(json::parse(body)))
      return std::move(*read);
  } catch (const std::exception&) { // Of the JSON library, or a string that is too short.
  }
  return fail(errc::corrupt, "it is no effect");
}

std::ostream& operator<<(std::ostream& out, const effect& what) {
  return out << object_of(what).dump();
}

} // namespace ducat::acquirer
