/// Exceptions that there are already, beside what a reconciliation finds. Pure.
#pragma once

#include <ducat/settlement/difference.hpp>
#include <ducat/v1/exception.pb.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ducat::settlement {

class known_exceptions {
public:
  /// `window`: the one that is reconciled.
  explicit known_exceptions(std::uint64_t window) : window_{window} {}

  void add(const v1::SettlementException& known);

  /// Returns the windows before this one that have open exceptions with an item of ours.
  std::set<std::uint64_t> windows() const;

  /// Returns whether an open exception is about that item of ours of a window before.
  bool has_open(std::uint64_t window, const std::string& reference) const;

  /// Returns whether what was found need not be opened: `id` is there, or there is one that says
  /// the same item missing under another class.
  bool covers(const std::string& id, const difference& what) const;

  /// Notes a pair: open exceptions about it are seen, if it takes away what they say.
  void note_pair(reconciliation_leg leg, difference_class what, const reconciliation_item& internal,
                 const reconciliation_item& external);

  /// Notes that what an open exception says of that item of ours is explained otherwise.
  void note_explained(const difference& what);

  /// Calls `sink` with each open exception that was seen, in the order in which they were added.
  void each_seen(const std::function<void(const v1::SettlementException&)>& sink) const;

private:
  struct entry {
    v1::SettlementException facts{};
    bool is_seen = false;

    bool is_open() const { return facts.how() == v1::DISPOSITION_UNSPECIFIED; }
  };

  /// Calls `use` with each about that reference on that leg.
  template <class Use>
  void each_about(reconciliation_leg leg, const std::string& reference, const Use& use) const;

  std::uint64_t window_;
  std::vector<entry> entries_;
  std::unordered_set<std::string> ids_;
  std::unordered_multimap<std::string, std::size_t> by_reference_; ///< Places in entries_.
};

} // namespace ducat::settlement
