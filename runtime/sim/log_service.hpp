/// What etcd is to a real cluster: the log, and what nodes say of themselves. One, and it never
/// fails; the ways to it do.
#pragma once

#include "log/chain.hpp"
#include "sim/clockwork.hpp"
#include "sim/network.hpp"

#include <ducat/shared_log.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::sim {

/// The name of the service in the network.
inline const std::string log_place = "log";

/// One thread.
class log_service {
public:
  using all_keys = std::map<std::string, std::string>;

  /// Somebody who is told of every change, in order, and of everything anew after a gap.
  struct key_watch {
    std::string node;
    /// A key was put, or, without a value, is gone.
    std::function<void(const std::string& key, const std::optional<std::string>& value)> changed;
    std::function<void(const all_keys&)> anew;
    bool is_broken = false; ///< The service's: something was lost on the way.
  };

  log_service(clockwork& time, network& ways, std::string epoch_key)
      : time_{time}, ways_{ways}, epoch_key_{std::move(epoch_key)} {}

  // The log ---------------------------------------------------------------------------------------

  /// The newest epoch, as somebody finds it here.
  struct epoch_found {
    epoch granted;
    std::string taken_by;       ///< NODE/NUMBER: who took it, and which time. Empty: nobody.
    std::uint64_t revision = 0; ///< Of the record: it changes with each write of it.
  };

  /// What a page of the log holds.
  struct page {
    std::uint64_t first = 1;    ///< Of the whole log.
    std::vector<entry> entries; ///< From the one that was asked for, as many as were asked for.
    bool is_last = false;
  };

  const epoch_found& newest() const noexcept { return newest_; }

  /// Grants the next epoch if the record is of that revision. Returns the new one, or nothing.
  std::optional<std::uint64_t> take(std::uint64_t revision, const std::string& taken_by);

  /// What the writers before have left after a gap is removed, and the record of the epoch written
  /// again, if it is of that revision. Returns what the record is then.
  epoch_found close_gap(std::uint64_t revision);

  /// Puts the entry if the record of the epoch is of that revision, and nothing else stands in its
  /// place. One that comes before the one before it is part of the log when that has come too.
  /// Returns whether it is there now. Errors: epoch_lost.
  result<void> add(const entry& what, std::uint64_t revision);

  page read(std::uint64_t from, std::size_t entries_max) const;

  /// Removes the entries up to there.
  void trim(std::uint64_t up_to) {
    first_ = std::max(first_, std::min(up_to + 1, end().last.index));
  }

  chain_link end() const { return entries_.empty() ? chain_link{} : link_of(entries_.back()); }

  std::uint64_t first() const noexcept { return first_; }

  /// Returns all that were ever part of the log.
  const std::vector<entry>& entries() const noexcept { return entries_; }

  /// `told` is called whenever there is a new entry, until it returns false.
  void watch_entries(std::function<bool()> told) { entry_watches_.push_back(std::move(told)); }

  // What nodes say --------------------------------------------------------------------------------

  /// Of a lease a key is gone when `lease` has passed since it was put last; 0: it stays.
  void put(const std::string& key, const std::string& value, duration lease = {});

  void remove(const std::string& key);

  /// As long as `whom` is there.
  void watch_keys(const std::shared_ptr<key_watch>& whom);

private:
  void tell(const std::string& key, const std::optional<std::string>& value);
  void tell_all(const std::shared_ptr<key_watch>& whom);
  void tell_all_later(const std::weak_ptr<key_watch>& whom);

  clockwork& time_;
  network& ways_;
  const std::string epoch_key_;
  std::vector<entry> entries_;           ///< The one at i has the index i + 1.
  std::map<std::uint64_t, entry> early_; ///< Put, but not yet all before them.
  std::uint64_t first_ = 1;              ///< That has not been trimmed away.
  std::uint64_t revisions_ = 0;
  epoch_found newest_;
  all_keys keys_;
  std::map<std::string, std::uint64_t> puts_; ///< How often each key was put.
  std::vector<std::weak_ptr<key_watch>> watches_;
  std::vector<std::function<bool()>> entry_watches_;
};

} // namespace ducat::sim
