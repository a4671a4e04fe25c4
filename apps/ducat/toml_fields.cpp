#include "toml_fields.hpp"

#include <charconv>
#include <limits>

namespace ducat::cli {

namespace {

complaint number_of(const toml::node& value, const std::string& name, number_range allowed,
                    std::uint64_t& into) {
  const std::string bounds = "must be a number, " + std::to_string(allowed.smallest) + " to " +
                             std::to_string(allowed.largest);
  if (!value.is_integer())
    return complain(value, name, bounds);
  const std::int64_t given = value.as_integer()->get();
  if (given < 0 || static_cast<std::uint64_t>(given) < allowed.smallest ||
      static_cast<std::uint64_t>(given) > allowed.largest)
    return complain(value, name, bounds);
  into = static_cast<std::uint64_t>(given);
  return std::nullopt;
}

constexpr number_range of_32_bits{0, std::numeric_limits<std::uint32_t>::max()};
constexpr number_range of_64_bits{
    0, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())};

std::optional<std::int64_t> milliseconds_in(std::string_view unit) {
  if (unit == "ms")
    return 1;
  if (unit == "s")
    return 1'000;
  return unit == "min" ? std::optional<std::int64_t>{60'000} : std::nullopt;
}

} // namespace

complaint complain(const toml::node& value, const std::string& name, const std::string& what) {
  return misreading{.at = value.source(), .what = "`" + name + "` " + what};
}

complaint take(const toml::table& from, const take_table& known, const std::string& prefix) {
  for (const auto& [key, value] : from) {
    const std::string name = prefix + std::string(key.str());
    const auto taker = known.find(key.str());
    if (taker == known.end())
      return misreading{.at = key.source(), .what = "`" + name + "` is not known"};
    if (complaint wrong = taker->second(value, name))
      return wrong;
  }
  return std::nullopt;
}

complaint require(const toml::table& from, std::string_view name, const std::string& prefix) {
  if (from.contains(name))
    return std::nullopt;
  return complain(from, prefix + std::string(name), "is missing");
}

take_value take_text(std::string& into) {
  return [&into](const toml::node& value, const std::string& name) -> complaint {
    if (!value.is_string())
      return complain(value, name, "must be a string");
    into = value.as_string()->get();
    return std::nullopt;
  };
}

take_value take_flag(bool& into) {
  return [&into](const toml::node& value, const std::string& name) -> complaint {
    if (!value.is_boolean())
      return complain(value, name, "must be true or false");
    into = value.as_boolean()->get();
    return std::nullopt;
  };
}

take_value take_number(std::uint32_t& into) {
  return [&into](const toml::node& value, const std::string& name) -> complaint {
    std::uint64_t given = 0;
    complaint wrong = number_of(value, name, of_32_bits, given);
    if (!wrong)
      into = static_cast<std::uint32_t>(given);
    return wrong;
  };
}

take_value take_number(std::uint64_t& into) {
  return [&into](const toml::node& value, const std::string& name) -> complaint {
    return number_of(value, name, of_64_bits, into);
  };
}

namespace {

/// Takes a list; `take_one` returns what takes one of it.
template <class T>
take_value take_list(std::vector<T>& into, take_value (*take_one)(T&), const char* what) {
  return [&into, take_one, what](const toml::node& value, const std::string& name) -> complaint {
    if (!value.is_array())
      return complain(value, name, what);
    for (const toml::node& one : *value.as_array())
      if (complaint wrong = take_one(into.emplace_back())(one, name))
        return wrong;
    return std::nullopt;
  };
}

} // namespace

take_value take_numbers(std::vector<std::uint32_t>& into) {
  return take_list<std::uint32_t>(into, take_number, "must be an array of numbers");
}

take_value take_texts(std::vector<std::string>& into) {
  return take_list<std::string>(into, take_text, "must be an array of strings");
}

take_value take_duration(std::chrono::milliseconds& into) {
  return [&into](const toml::node& value, const std::string& name) -> complaint {
    const auto given = value.is_string() ? duration_of(value.as_string()->get()) : std::nullopt;
    if (!given)
      return complain(value, name, R"(must be a duration such as "500ms", "5s" or "2min")");
    into = *given;
    return std::nullopt;
  };
}

take_value take_section(take_table known) {
  return [known = std::move(known)](const toml::node& value, const std::string& name) -> complaint {
    if (!value.is_table())
      return complain(value, name, "must be a table");
    return take(*value.as_table(), known, name + ".");
  };
}

std::optional<std::chrono::milliseconds> duration_of(std::string_view text) {
  constexpr std::int64_t longest = std::int64_t{366} * 24 * 60 * 60'000;
  std::int64_t count = 0;
  const char* const last = text.data() + text.size();
  const auto [unit, failure] = std::from_chars(text.data(), last, count);
  if (failure != std::errc{} || count < 0 || text.front() == '-')
    return std::nullopt;
  const auto factor = milliseconds_in({unit, static_cast<std::size_t>(last - unit)});
  if (!factor || count > longest / *factor)
    return std::nullopt;
  return std::chrono::milliseconds{count * *factor};
}

} // namespace ducat::cli
