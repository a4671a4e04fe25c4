/// A node with nothing but a ledger, to be measured.
#pragma once

#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/u128.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>

namespace ducat::bench {

/// What all accounts together have moved.
struct book_totals {
  u128 debits = 0;
  u128 credits = 0;

  friend bool operator==(const book_totals&, const book_totals&) = default;
};

/// Members may be called from one thread; the actor answers any number of clients meanwhile.
class benched_ledger {
public:
  /// Starts a node on the directory `data`; if it is a fresh one, with accounts 1 to `accounts`.
  /// Errors: those of node::start(); what the ledger answers.
  static result<std::unique_ptr<benched_ledger>> start(const std::filesystem::path& data,
                                                       std::uint64_t accounts);

  caf::actor_system& system() const noexcept { return node_->system(); }

  /// Returns the durable actor.
  caf::actor actor() const { return name_.current(); }

  /// Returns how many entries the log has.
  result<std::uint64_t> log_entries() const;

  result<book_totals> totals() const;

private:
  benched_ledger(std::unique_ptr<node> n, std::uint64_t accounts)
      : node_{std::move(n)}, name_{node_->find("ledger")}, accounts_{accounts} {}

  std::unique_ptr<node> node_;
  handle name_;
  std::uint64_t accounts_;
};

} // namespace ducat::bench
