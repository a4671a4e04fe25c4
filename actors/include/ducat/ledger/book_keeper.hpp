/// What a machine with a book does to keep its state: when, and what goes with it.
#pragma once

#include <ducat/grant.hpp>
#include <ducat/ledger/book.hpp>
#include <ducat/log.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ducat::ledger {

/// When the state is kept: after so many records, or so many entries of the log. (Entries are kept
/// in the log until their effects are kept elsewhere.)
struct keeping_limits {
  std::size_t records = std::size_t{512} * 1024;
  std::uint64_t entries = 10'000;
};

/// Owned by the machine, as the book is. One without a store keeps nothing.
class book_keeper {
public:
  book_keeper() = default;

  /// Makes `fresh`, which is empty, the book that was kept. Ends the process if what is kept is
  /// damaged.
  book_keeper(std::shared_ptr<segment_store> store, keeping_limits limits, book& fresh);

  bool is_keeping() const noexcept { return store_ != nullptr; }

  /// Returns the newest entry whose state is kept; index 0 if there is none.
  receipt durable_to() const;

  /// Returns the grants that were kept with the state it began with.
  const grant_map& grants() const noexcept { return grants_; }

  /// Returns whether the state of the entry `newest` is to be kept: `rows` rows beside the book
  /// have changed.
  bool is_due(const book& of, std::size_t rows, const receipt& newest) const;

  /// Begins to keep the state of the entry `newest`, which is in the log.
  void keep(book& of, const receipt& newest, const grant_map& grants, std::vector<kept_row> rows);

  /// Lets the book forget what the store has. To be called often.
  void let_go(book& of);

  /// Returns the store if all that it was given is durable; nullptr if it is not, or there is none.
  const segment_store* complete_store() const noexcept {
    return let_go_ == taken_ ? store_.get() : nullptr;
  }

private:
  std::shared_ptr<segment_store> store_;
  keeping_limits limits_;
  std::uint64_t begun_ = 0;  ///< The newest entry of which keeping has begun.
  std::uint64_t let_go_ = 0; ///< How many segments that the store took only it has.
  std::uint64_t taken_ = 0;  ///< How many segments the store took.
  grant_map grants_;
};

} // namespace ducat::ledger
