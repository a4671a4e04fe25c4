/// One leg of a reconciliation: two sources against each other.
#pragma once

#include "settlement/reconcile_spill.hpp"

#include <ducat/settlement/reconciliation.hpp>

#include <vector>

namespace ducat::settlement {

/// Holds items until there are too many; then it is 16 files. Invariant: all items of a reference
/// are in the same one.
class item_partition {
public:
  /// `depth`: how often its items have been parted before.
  item_partition(const std::filesystem::path& directory, std::size_t items_in_memory, int depth)
      : directory_{directory}, items_in_memory_{items_in_memory}, depth_{depth} {}

  /// Errors: io.
  result<void> add(reconciliation_side side, reconciliation_item item);

  /// Receives all items of some references, both sources'.
  using group_sink = std::function<void(std::vector<reconciliation_item>& internal,
                                        std::vector<reconciliation_item>& external)>;

  /// Gives all items away, in parts that fit into memory. Errors: io.
  result<void> drain(const group_sink& sink);

private:
  result<void> split();
  item_file& file_of(const reconciliation_item& item);

  const std::filesystem::path& directory_; ///< Outlives this.
  std::size_t items_in_memory_;
  int depth_;
  std::vector<reconciliation_item> internal_;
  std::vector<reconciliation_item> external_;
  std::vector<item_file> files_; ///< Empty, or 16: then all items are in them.
};

/// The leg; see class reconciliation for its errors.
class matching_leg {
public:
  matching_leg(reconciliation_leg leg, const reconciliation_options& with);

  result<void> add(reconciliation_side side, const reconciliation_item& item);
  result<leg_sums> finish(const difference_sink& sink, const pair_sink& pairs);

private:
  bool add_to_sums(reconciliation_side side, const reconciliation_item& item, std::int64_t sign);
  bool count(difference_class what, const reconciliation_item* internal,
             const reconciliation_item* external);

  reconciliation_leg leg_;
  std::uint64_t window_;
  std::uint32_t external_through_;
  item_partition items_;
  leg_sums sums_;
};

} // namespace ducat::settlement
