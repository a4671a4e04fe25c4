/// The terminals that a gateway knows.
#pragma once

#include <ducat/error.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::gateway {

struct terminal_profile {
  std::string id{};       ///< Field 41: 8 of a-z A-Z 0-9 . _ -
  std::string merchant{}; ///< Field 42; empty: whatever the terminal says.
  std::string from{};     ///< The account that card money comes from.
  std::string to{};       ///< The account of the merchant.
  std::string currency{}; ///< ISO 4217, three letters. It takes no other.
  bool partial = false;   ///< Understands an approval for less (10); else that is taken back.
  bool locked = false;    ///< Takes no part: everything but an echo is refused.

  friend bool operator==(const terminal_profile&, const terminal_profile&) = default;
};

/// Returns whether a terminal can have that id: it is the name of a child, too.
bool is_terminal_id(std::string_view id) noexcept;

class roster {
public:
  /// Errors: invalid_argument (an id, a currency; two of one id; payer and payee are the same).
  static result<roster> make(std::vector<terminal_profile> known,
                             std::optional<terminal_profile> any = {});

  /// Returns the profile of the terminal; nothing if it is none of ours.
  std::optional<terminal_profile> find(std::string_view id) const;

  /// Returns whether the terminal has a profile of its own.
  bool names(std::string_view id) const noexcept { return known_.find(id) != known_.end(); }

private:
  std::map<std::string, terminal_profile, std::less<>> known_;
  std::optional<terminal_profile> any_; ///< Of terminals that are not known.
};

} // namespace ducat::gateway
