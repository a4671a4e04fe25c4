/// What etcd is to a real cluster: the log, and what nodes say of themselves. One, and it never
/// fails; the ways to it do.
#pragma once

#include "log/chain.hpp"
#include "sim/clockwork.hpp"
#include "sim/network.hpp"

#include <ducat/shared_log.hpp>

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

  /// Grants the epoch after `seen`. Errors: epoch_lost (another one was granted since).
  result<epoch> take(epoch seen, const std::string& node);

  /// Adds the entry if its writer is the newest one and it is the next. Returns whether it is in
  /// the log now; nothing if it may yet come: one before it is missing. Errors: epoch_lost.
  result<std::optional<bool>> add(const entry& what);

  chain_link end() const { return entries_.empty() ? chain_link{} : link_of(entries_.back()); }

  const std::vector<entry>& entries() const noexcept { return entries_; }

  const shared_log::holder& newest() const noexcept { return newest_; }

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
  std::vector<entry> entries_; ///< The one at i has the index i + 1.
  shared_log::holder newest_;
  all_keys keys_;
  std::map<std::string, std::uint64_t> puts_; ///< How often each key was put.
  std::vector<std::weak_ptr<key_watch>> watches_;
  std::vector<std::function<bool()>> entry_watches_;
};

} // namespace ducat::sim
