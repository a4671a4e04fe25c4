/// The fields of one JSON object, each taken once, strictly.
#pragma once

#include "ledger/json_records.hpp"

#include <charconv>
#include <concepts>
#include <limits>

namespace ducat::cli {

/// Returns a 128-bit number: see json_records.hpp for the forms. Throws malformed.
u128 wide_of(const nlohmann::json& value, std::string_view what);

/// Returns a number, or a decimal string, that fits T. Throws malformed.
template <std::unsigned_integral T>
T number_of(const nlohmann::json& value, std::string_view what) {
  const u128 number = wide_of(value, what);
  if (number > std::numeric_limits<T>::max())
    throw malformed{std::string{what} + " must be at most " +
                    std::to_string(std::numeric_limits<T>::max())};
  return static_cast<T>(number);
}

class json_fields {
public:
  explicit json_fields(const nlohmann::json& object);

  /// Returns the field's value, nothing if it is absent.
  std::optional<nlohmann::json> take(const char* name);

  u128 wide(const char* name) {
    const auto value = take(name);
    return value ? wide_of(*value, name) : 0;
  }

  template <std::unsigned_integral T>
  T number(const char* name, T absent = 0) {
    const auto value = take(name);
    return value ? number_of<T>(*value, name) : absent;
  }

  bool flag(const char* name, bool absent);

  /// Throws malformed if a field has not been taken.
  void expect_no_more() const;

private:
  nlohmann::json left_;
};

} // namespace ducat::cli
