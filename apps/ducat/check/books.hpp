/// The checker's own accounts: what every posting of the log adds up to.
#pragma once

#include <ducat/digest.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::cli {

__extension__ typedef __int128 i128; // NOLINT(modernize-use-using)

/// Returns `value` in decimal.
std::string decimal(i128 value);

struct checked_account {
  std::string id;
  std::string currency;
  bool overdraft = false;
  std::string owner{}; ///< The merchant who may use it; empty: none.
  i128 debits_posted = 0;
  i128 credits_posted = 0;
  i128 debits_pending = 0;
  i128 credits_pending = 0;

  i128 available() const noexcept { return credits_posted - debits_posted - debits_pending; }
};

/// Returns the name of an account that no client can open.
std::string hidden_account(std::string_view kind, std::string_view currency);
bool is_hidden(const checked_account& account) noexcept;

/// Sums over the accounts of one currency, kept on each side by itself.
struct currency_sums {
  i128 debits_posted = 0;
  i128 credits_posted = 0;
  i128 debits_pending = 0;
  i128 credits_pending = 0;

  bool are_equal() const noexcept {
    return debits_posted == credits_posted && debits_pending == credits_pending;
  }
};

/// Hashes texts, whoever owns them.
struct text_hash {
  using is_transparent = void;

  std::size_t operator()(std::string_view text) const noexcept { return checksum(text); }
};

/// Accounts are named by the number in which they were opened; there are less than 2^32 - 1.
/// Amounts are not negative.
class books {
public:
  using number = std::uint32_t;
  static constexpr number none = static_cast<number>(-1);

  books() = default;
  books(const books&) = delete;
  books& operator=(const books&) = delete;

  /// Returns the account called `id`, or none.
  number find(std::string_view id) const;
  number open(std::string_view id, std::string_view currency, bool overdraft,
              std::string_view owner = {});

  const checked_account& at(number account) const { return accounts_[account]; }

  std::size_t size() const noexcept { return accounts_.size(); }

  const std::map<std::string, currency_sums>& sums() const noexcept { return sums_; }

  /// Returns whether `payer` may spend `amount` now.
  bool can_spend(number payer, i128 amount) const;

  /// Returns an account without overdraft that has spent more than it had, or none. Sticky: the
  /// first one stays.
  number overdrawn() const noexcept { return overdrawn_; }

  void hold(number from, number to, i128 amount);
  void release(number from, number to, i128 amount);
  void post(number from, number to, i128 amount);

private:
  void debit(number account, i128 pending, i128 posted);
  void credit(number account, i128 pending, i128 posted);

  std::vector<checked_account> accounts_;
  std::vector<currency_sums*> sums_of_; ///< Of each account's currency.
  boost::unordered_flat_map<std::string, number, text_hash, std::equal_to<>> by_id_;
  std::map<std::string, currency_sums> sums_;
  number overdrawn_ = none;
};

} // namespace ducat::cli
