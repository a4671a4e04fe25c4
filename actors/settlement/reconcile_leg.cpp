#include "settlement/reconcile_leg.hpp"

#include "settlement/reconcile_match.hpp"

#include <ducat/digest.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <utility>

namespace ducat::settlement {

namespace {

constexpr std::size_t fan_out = 16;
constexpr int bits_of_fan_out = 4;
constexpr int depth_max = 8; ///< Those of one reference are never parted.
constexpr std::size_t reference_bytes_max = 255;

/// Adds; returns false if the sum is no int64.
bool add_to(std::int64_t& sum, std::int64_t more) {
  return !__builtin_add_overflow(sum, more, &sum);
}

bool subtract_from(std::int64_t& sum, std::int64_t less) {
  return !__builtin_sub_overflow(sum, less, &sum);
}

tl::unexpected<error> sum_too_large() {
  return fail(errc::invalid_argument, "a sum of the reconciliation is too large");
}

} // namespace

// Items ------------------------------------------------------------------------------------------

result<void> item_partition::add(reconciliation_side side, reconciliation_item item) {
  if (!files_.empty())
    return file_of(item).write(side, item);
  (side == reconciliation_side::internal ? internal_ : external_).push_back(std::move(item));
  if (internal_.size() + external_.size() <= items_in_memory_ || depth_ == depth_max)
    return {};
  return split();
}

item_file& item_partition::file_of(const reconciliation_item& item) {
  const std::uint64_t hash = checksum(item.reference) >> (bits_of_fan_out * depth_);
  return files_[hash % fan_out];
}

result<void> item_partition::split() {
  for (std::size_t number = 0; number < fan_out; ++number) {
    auto made = item_file::create(directory_);
    if (!made)
      return tl::unexpected(made.error());
    files_.push_back(std::move(*made));
  }
  for (const auto side : {reconciliation_side::internal, reconciliation_side::external}) {
    auto& items = side == reconciliation_side::internal ? internal_ : external_;
    for (const reconciliation_item& each : items)
      if (auto written = file_of(each).write(side, each); !written)
        return written;
    items = {};
  }
  return {};
}

result<void> item_partition::drain(const group_sink& sink) {
  if (files_.empty()) {
    sink(internal_, external_);
    return {};
  }
  for (item_file& file : files_) {
    item_file part = std::move(file); // Closed as soon as it is done.
    if (auto rewound = part.rewind(); !rewound)
      return rewound;
    item_partition smaller{directory_, items_in_memory_, depth_ + 1};
    reconciliation_side side{};
    for (reconciliation_item item;;) {
      const auto more = part.read(side, item);
      if (!more)
        return tl::unexpected(more.error());
      if (!*more)
        break;
      if (auto added = smaller.add(side, item); !added)
        return added;
    }
    if (auto drained = smaller.drain(sink); !drained)
      return drained;
  }
  return {};
}

// Sums -------------------------------------------------------------------------------------------

matching_leg::matching_leg(reconciliation_leg leg, const reconciliation_options& with)
    : leg_{leg}, window_{with.window},
      external_through_{leg == reconciliation_leg::acquirer ? with.acquirer_through
                                                            : with.bank_through},
      items_{with.directory, with.items_in_memory, 0} {}

result<void> matching_leg::add(reconciliation_side side, const reconciliation_item& item) {
  if (item.reference.empty() || item.reference.size() > reference_bytes_max)
    return fail(errc::invalid_argument, "an item's reference has 1 to 255 bytes");
  if (!item.is_aside && !add_to_sums(side, item, 1))
    return sum_too_large();
  return items_.add(side, item);
}

/// Counts an item (1), or takes it out again (-1); returns false if a sum is no int64.
bool matching_leg::add_to_sums(reconciliation_side side, const reconciliation_item& item,
                               std::int64_t sign) {
  currency_sums& sums = sums_.by_currency[item.currency];
  const bool is_ours = side == reconciliation_side::internal;
  (is_ours ? sums.internal_count : sums.external_count) += sign;
  const auto change = [&](std::int64_t& sum, std::int64_t by) {
    return sign > 0 ? add_to(sum, by) : subtract_from(sum, by);
  };
  return change(is_ours ? sums.internal : sums.external, item.amount) &&
         change(is_ours ? sums.internal_fees : sums.external_fees, item.fee.value_or(0));
}

/// Takes a match into the sums; returns false if one is too large.
bool matching_leg::count(difference_class what, const reconciliation_item* internal,
                         const reconciliation_item* external) {
  ++sums_.counts.at(static_cast<std::size_t>(what));
  const bool is_fee_unknown =
      internal != nullptr && external != nullptr && !(internal->fee && external->fee);
  const auto fees_of = [&](currency_sums& sums) -> std::int64_t& {
    return is_fee_unknown ? sums.fees_not_compared : sums.fee_differences;
  };
  bool fits = true;
  if (internal != nullptr) {
    currency_sums& sums = sums_.by_currency[internal->currency];
    --sums.count_differences;
    fits = subtract_from(sums.differences, internal->amount) &&
           subtract_from(fees_of(sums), internal->fee.value_or(0));
  }
  if (external != nullptr) {
    currency_sums& sums = sums_.by_currency[external->currency];
    ++sums.count_differences;
    fits = fits && add_to(sums.differences, external->amount) &&
           add_to(fees_of(sums), external->fee.value_or(0));
  }
  return fits;
}

result<leg_sums> matching_leg::finish(const difference_sink& sink, const pair_sink& pairs) {
  bool fits = true;
  std::string reference;
  std::array<std::uint32_t, difference_classes + 1> occurrences{};
  const auto tell = [&](difference_class what, const reconciliation_item* internal,
                        const reconciliation_item* external) {
    const bool is_pair = internal != nullptr && external != nullptr;
    if (is_pair && internal->is_aside != external->is_aside)
      fits = add_to_sums(reconciliation_side::external, *external, internal->is_aside ? -1 : 1) &&
             fits;
    if (internal != nullptr && internal->is_aside)
      return;
    fits = count(what, internal, external) && fits;
    if (is_pair && pairs)
      pairs(leg_, what, *internal, *external);
    if (what == difference_class::matched)
      return;
    difference found{.leg = leg_, .what = what, .window = window_};
    if (internal != nullptr)
      found.internal = *internal;
    if (external != nullptr)
      found.external = *external;
    if (internal != nullptr && internal->window != 0)
      found.window = internal->window;
    if (std::exchange(reference, found.reference()) != found.reference())
      occurrences.fill(0);
    found.occurrence = occurrences.at(static_cast<std::size_t>(what))++;
    sink(found);
  };
  auto drained = items_.drain(
      [&](auto& internal, auto& external) { match(internal, external, external_through_, tell); });
  if (!drained)
    return tl::unexpected(drained.error());
  if (!fits)
    return sum_too_large();
  if (!holds(sums_))
    return fail(errc::corrupt, "the sums of the reconciliation do not hold");
  return std::move(sums_);
}

bool holds(const leg_sums& sums) {
  const auto is_sum = [](std::int64_t whole, std::initializer_list<std::int64_t> parts) {
    std::int64_t sum = 0;
    return std::ranges::all_of(parts, [&](std::int64_t each) { return add_to(sum, each); }) &&
           sum == whole;
  };
  return std::ranges::all_of(sums.by_currency, [&](const auto& entry) {
    const currency_sums& each = entry.second;
    return is_sum(each.external_count, {each.internal_count, each.count_differences}) &&
           is_sum(each.external, {each.internal, each.differences}) &&
           is_sum(each.external_fees,
                  {each.internal_fees, each.fee_differences, each.fees_not_compared});
  });
}

} // namespace ducat::settlement
