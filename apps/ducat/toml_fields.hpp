/// Reading a TOML table strictly: each key is known, and each value is of its type and in range.
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

/// What is wrong with a file, and where.
struct misreading {
  toml::source_region at;
  std::string what;
};

/// Nothing if a value was taken.
using complaint = std::optional<misreading>;

/// Takes a value; the string is its name, for messages.
using take_value = std::function<complaint(const toml::node&, const std::string&)>;
using take_table = std::map<std::string, take_value, std::less<>>;

struct number_range {
  std::uint64_t smallest;
  std::uint64_t largest;
};

/// Returns "`NAME` WHAT" at `value`.
complaint complain(const toml::node& value, const std::string& name, const std::string& what);

/// Takes the values of `from`. `prefix` stands before their names in messages.
complaint take(const toml::table& from, const take_table& known, const std::string& prefix);

/// Returns "`NAME` is missing" unless `from` has a value of that name.
complaint require(const toml::table& from, std::string_view name, const std::string& prefix);

take_value take_text(std::string& into);
take_value take_flag(bool& into);
take_value take_number(std::uint32_t& into);
take_value take_number(std::uint64_t& into);
take_value take_numbers(std::vector<std::uint32_t>& into);
take_value take_texts(std::vector<std::string>& into);

/// Takes a duration such as "500ms", "5s" or "2min".
take_value take_duration(std::chrono::milliseconds& into);

/// Takes a table of `known` values.
take_value take_section(take_table known);

/// Returns the duration that `text` is; nothing if it is none, or longer than a year.
std::optional<std::chrono::milliseconds> duration_of(std::string_view text);

/// Takes the to_string() of one of `values`.
template <class Enum>
take_value take_word(Enum& into, std::vector<Enum> values) {
  return [&into, values = std::move(values)](const toml::node& value,
                                             const std::string& name) -> complaint {
    std::string allowed;
    for (const Enum one : values) {
      if (value.is_string() && value.as_string()->get() == to_string(one)) {
        into = one;
        return std::nullopt;
      }
      allowed += (allowed.empty() ? "" : one == values.back() ? " or " : ", ");
      allowed += to_string(one);
    }
    return complain(value, name, "must be " + allowed);
  };
}

} // namespace ducat::cli
