#include "check/books.hpp"

#include <algorithm>

namespace ducat::cli {

std::string decimal(i128 value) {
  if (value == 0)
    return "0";
  std::string digits;
  for (i128 left = value; left != 0; left /= 10) {
    const auto digit = static_cast<int>(left % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
  }
  if (value < 0)
    digits += '-';
  std::ranges::reverse(digits);
  return digits;
}

std::string hidden_account(std::string_view kind, std::string_view currency) {
  return " " + std::string{kind} + "." + std::string{currency};
}

bool is_hidden(const checked_account& account) noexcept {
  return account.id.starts_with(' ');
}

books::number books::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? none : found->second;
}

books::number books::open(std::string_view id, std::string_view currency, bool overdraft,
                          std::string_view owner) {
  const auto account = static_cast<number>(accounts_.size());
  by_id_.emplace(id, account);
  sums_of_.push_back(&sums_[std::string{currency}]);
  accounts_.push_back({.id = std::string{id},
                       .currency = std::string{currency},
                       .overdraft = overdraft,
                       .owner = std::string{owner}});
  return account;
}

bool books::can_spend(number payer, i128 amount) const {
  return at(payer).overdraft || at(payer).available() >= amount;
}

void books::hold(number from, number to, i128 amount) {
  debit(from, amount, 0);
  credit(to, amount, 0);
}

void books::release(number from, number to, i128 amount) {
  debit(from, -amount, 0);
  credit(to, -amount, 0);
}

void books::post(number from, number to, i128 amount) {
  debit(from, 0, amount);
  credit(to, 0, amount);
}

void books::debit(number account, i128 pending, i128 posted) {
  checked_account& held = accounts_[account];
  held.debits_pending += pending;
  held.debits_posted += posted;
  currency_sums& sums = *sums_of_[account];
  sums.debits_pending += pending;
  sums.debits_posted += posted;
  if (overdrawn_ == none && !held.overdraft && held.available() < 0)
    overdrawn_ = account;
}

void books::credit(number account, i128 pending, i128 posted) {
  checked_account& held = accounts_[account];
  held.credits_pending += pending;
  held.credits_posted += posted;
  currency_sums& sums = *sums_of_[account];
  sums.credits_pending += pending;
  sums.credits_posted += posted;
}

} // namespace ducat::cli
