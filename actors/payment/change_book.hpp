/// What one person has asked for and another one has to approve. Pure.
#pragma once

#include <ducat/time.hpp>
#include <ducat/v1/change.pb.h>
#include <ducat/v1/state.pb.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ducat::ledger {
struct kept_row;
}

namespace ducat::payment {

/// Owned by the payment machine. Changes stay after they were decided: whoever decides once more
/// has the same answer.
class change_book {
public:
  static constexpr std::size_t pending_max = 1'000;

  /// Returns change `number`, or null. It stays where it is until the next one is added.
  const v1::StoredChange* find(std::uint64_t number) const;

  /// Returns the pending change in which the same person asks for the same, or null.
  const v1::StoredChange* find_same(const v1::Command& command) const;

  bool is_full() const noexcept { return pending_.size() >= pending_max; }

  /// Adds one that is pending, which must not be full, and returns it. `audited` is the number of
  /// the entry of the audit that says that it was asked for.
  const v1::StoredChange& add(log_time at, const v1::Command& command, std::uint64_t audited);

  /// Ends a pending one; that it is pending is required.
  void decide(log_time at, const v1::DecideChange& decision, const v1::Principal& by);

  /// Returns a page; `limit` is 1 to 100, or 0 for 10. Nothing if starting_after names no change.
  std::optional<v1::ListChangesReply> ask(const v1::ListChangesRequest& question) const;

  /// Returns all of them, in order.
  const std::vector<v1::StoredChange>& stored() const noexcept { return changes_; }

  /// Rows for the store: of those that have changed since the last time.
  std::vector<ledger::kept_row> take_changed_rows();

  /// Takes one of them back, in their order. Returns false if it is not the next one.
  bool restore(std::string_view key, std::string_view value);

private:
  std::vector<v1::StoredChange> changes_;        ///< Number n at n - 1.
  std::map<std::string, std::uint64_t> pending_; ///< Numbers, by who asks for what.
  std::set<std::uint64_t> changed_;
};

/// Returns it as people are shown it.
v1::Change view_of(const v1::StoredChange& change);

} // namespace ducat::payment
