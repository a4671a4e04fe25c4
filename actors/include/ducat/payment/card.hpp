/// Card data on its way through memory: it is shown masked, kept nowhere, and overwritten at its
/// end (PCI DSS 4, requirements 3.3 and 3.4).
#pragma once

#include <ducat/error.hpp>

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace ducat::payment {

/// Bytes that nobody prints: there is no operator<< and no serialisation. Copies share them; the
/// last one overwrites them. Any thread.
class sensitive {
public:
  sensitive() = default;
  explicit sensitive(std::string bytes);

  bool is_empty() const noexcept { return bytes_ == nullptr || bytes_->empty(); }

  /// Returns the bytes, to be put into a message that leaves. They live as long as this does.
  std::string_view reveal() const noexcept {
    return bytes_ == nullptr ? std::string_view{} : std::string_view{*bytes_};
  }

private:
  std::shared_ptr<const std::string> bytes_;
};

/// A card number.
class pan {
public:
  /// Errors: invalid_argument (not 13 to 19 digits, or the check digit is wrong: ISO/IEC 7812-1).
  static result<pan> parse(std::string digits);

  /// Returns the first six and last four digits, with asterisks between: what may be kept.
  const std::string& masked() const noexcept { return masked_; }

  /// Returns all digits, to be put into a message that leaves.
  std::string_view reveal() const noexcept { return digits_.reveal(); }

private:
  pan(sensitive digits, std::string masked)
      : digits_{std::move(digits)}, masked_{std::move(masked)} {}

  sensitive digits_;
  std::string masked_;
};

/// Prints it masked.
std::ostream& operator<<(std::ostream& out, const pan& card);

} // namespace ducat::payment
