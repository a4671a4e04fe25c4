/// The checker's own reading of the log. It shares no code with the machine that it judges.
#pragma once

#include "check/books.hpp"
#include "check/effect.hpp"
#include "check/finding.hpp"

#include <ducat/log.hpp>
#include <ducat/v1/journal.pb.h>

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ducat::cli {

/// Returns the bytes of the commands in the payload of an entry: format 1, then for each command
/// its length as 4 little-endian bytes, and its bytes. Nothing if it is not that.
std::optional<std::vector<std::string_view>> batch_in(std::string_view payload);

/// Returns the commands of payments in the payload of an entry; nothing if it is not that.
std::optional<std::vector<v1::Command>> commands_in(std::string_view payload);

/// Everything that happened, entry by entry. A command that must not be there is reported and has
/// no effect.
class history {
public:
  /// Takes the next entry. What is wrong with it goes into `found`.
  void add(const entry& e, findings& found);

  /// Returns the effect of one operation, or null.
  const effect* find(const operation_id& id) const;

  /// Returns every effect, in order of its first command.
  const std::vector<effect>& effects() const noexcept { return effects_; }

  /// Returns the hash of entry `index`, which must be 1 to entries().
  const digest& hash_at(std::uint64_t index) const { return hashes_[index - 1]; }

  std::uint64_t entries() const noexcept { return hashes_.size(); }

  std::uint64_t commands() const noexcept { return commands_; }

  std::uint64_t payments() const noexcept { return payments_.size(); }

  const books& accounts() const noexcept { return books_; }

private:
  struct checked_payment {
    books::number from;
    books::number to;
    bool manual_capture;
    std::size_t creation; ///< Its place among the effects.
    payment_snapshot now;
  };

  void check_chain(const entry& e, findings& found) const;
  void check_books(findings& found);
  /// Return why the command cannot be, or nothing once it has had its effect.
  std::optional<finding> apply(const v1::Command& command);
  std::optional<finding> apply(const v1::OpenAccount& command);
  std::optional<finding> apply(const v1::CreatePayment& command);
  std::optional<finding> apply(const v1::AuthorizePayment& command);
  std::optional<finding> apply(const v1::CapturePayment& command);
  std::optional<finding> apply(const v1::VoidPayment& command);
  std::optional<finding> apply(const v1::RefundPayment& command);
  std::optional<finding> check_parties(const v1::CreatePayment& command) const;

  /// Returns what a second hold, capture or void of a payment is.
  static finding not_in_phase(std::string_view what, const std::string& id,
                              const checked_payment& payment);
  checked_payment* payment(const std::string& id);
  std::size_t add_effect(effect made);
  void settle(checked_payment& payment, std::size_t mine);

  std::vector<digest> hashes_;
  std::uint64_t commands_ = 0;
  books books_;
  bool overdraft_reported_ = false;
  std::unordered_map<std::string, checked_payment> payments_;
  std::vector<effect> effects_;
  std::unordered_map<std::string, std::size_t> accounts_by_id_;
  std::unordered_map<std::string, std::size_t> effects_by_key_;
};

} // namespace ducat::cli
