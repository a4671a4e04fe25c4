/// A message of ISO 8583, apart from how a dialect writes it.
#pragma once

#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::iso8583 {

constexpr int field_number_min = 2;
constexpr int field_number_max = 128;

/// The value of a field. Numbers are text: amounts are minor units, as many digits as the field
/// has.
struct value {
  std::string data{};
  bool is_bytes = false; ///< A field of kind b.

  friend bool operator==(const value&, const value&) = default;
};

/// Checks nothing: what does not fit a dialect is refused when it is encoded.
class message {
public:
  message() = default;

  explicit message(std::string mti) : mti_{std::move(mti)} {}

  /// Four digits, see mti.hpp.
  const std::string& mti() const noexcept { return mti_; }

  void set_mti(std::string mti) { mti_ = std::move(mti); }

  /// The bytes in front of the message, for the network and not for the peer; often none.
  const std::string& tpdu() const noexcept { return tpdu_; }

  void set_tpdu(std::string bytes) { tpdu_ = std::move(bytes); }

  void set(int field, std::string text) { fields_[field] = {std::move(text), false}; }

  void set_bytes(int field, std::string bytes) { fields_[field] = {std::move(bytes), true}; }

  void erase(int field) { fields_.erase(field); }

  bool has(int field) const noexcept { return fields_.contains(field); }

  /// Returns the field's text or bytes; nothing if the message does not have it. It lives as long
  /// as the field.
  std::optional<std::string_view> find(int field) const noexcept;

  /// By number.
  const std::map<int, value>& fields() const noexcept { return fields_; }

  friend bool operator==(const message&, const message&) = default;

private:
  std::string mti_;
  std::string tpdu_;
  std::map<int, value> fields_;
};

/// Prints it as to_display(message) does, so without what must be secret.
std::ostream& operator<<(std::ostream& out, const message& what);

} // namespace ducat::iso8583
