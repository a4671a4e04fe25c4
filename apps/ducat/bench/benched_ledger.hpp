/// A node with nothing but a ledger, to be measured.
#pragma once

#include <ducat/digest.hpp>
#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/u128.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace ducat::bench {

/// What all accounts together have moved.
struct book_totals {
  u128 debits = 0;
  u128 credits = 0;

  friend bool operator==(const book_totals&, const book_totals&) = default;
};

/// What two copies of a book are compared by.
struct book_copy {
  book_totals totals;
  digest accounts{}; ///< Of all their records, in order.
  receipt newest;    ///< Of the log that made them.

  friend bool operator==(const book_copy&, const book_copy&) = default;
};

/// Members may be called from one thread; the actor answers any number of clients meanwhile.
class benched_ledger {
public:
  /// Starts a node on the directory `data`; if it is a fresh one, with accounts 1 to `accounts`.
  /// Errors: those of node::start(); what the ledger answers.
  static result<std::unique_ptr<benched_ledger>> start(const std::filesystem::path& data,
                                                       std::uint64_t accounts);

  /// The same, on a node that may have its log elsewhere. The ledger's past is in options.data.
  static result<std::unique_ptr<benched_ledger>> start(node_options options, std::uint64_t accounts,
                                                       log_retention retention);

  caf::actor_system& system() const noexcept { return node_->system(); }

  /// Returns the durable actor.
  caf::actor actor() const { return name_.current(); }

  /// Returns how many entries the log has.
  result<std::uint64_t> log_entries() const;

  /// Returns the newest entry of the log, and the epoch of the node that answers.
  result<log_position> newest() const;

  result<book_totals> totals() const;

  /// Returns what the node that answers has. Only while nothing is committed.
  result<book_copy> book() const;

private:
  result<void> read_accounts(const std::function<void(std::string_view)>& visit) const;

  benched_ledger(std::unique_ptr<node> n, std::uint64_t accounts)
      : node_{std::move(n)}, name_{node_->find("ledger")}, accounts_{accounts} {}

  std::unique_ptr<node> node_;
  handle name_;
  std::uint64_t accounts_;
};

} // namespace ducat::bench
