#include "settlement/reconcile_match.hpp"

#include <algorithm>
#include <compare>
#include <span>
#include <tuple>

namespace ducat::settlement {

namespace {

using item_span = std::span<const reconciliation_item>;
using item_list = std::vector<const reconciliation_item*>;

constexpr int currency_depth = 1;
constexpr int amount_depth = 2;
constexpr int fee_depth = 3;
constexpr int whole_depth = 4;

/// Compares the first `depth` of currency, amount, fee and date.
std::strong_ordering compare_items(const reconciliation_item& a, const reconciliation_item& b,
                                   int depth, bool with_fees) {
  std::strong_ordering found = std::strong_ordering::equal;
  if (depth >= currency_depth)
    found = a.currency <=> b.currency;
  if (found == 0 && depth >= amount_depth)
    found = a.amount <=> b.amount;
  if (found == 0 && depth >= fee_depth && with_fees)
    found = a.fee.value_or(0) <=> b.fee.value_or(0);
  if (found == 0 && depth >= whole_depth)
    found = a.business_date <=> b.business_date;
  return found;
}

/// Of two that agree in all else the one of the earlier window comes first.
item_list sorted(item_span items, bool with_fees) {
  item_list list;
  for (const reconciliation_item& each : items)
    list.push_back(&each);
  std::ranges::stable_sort(list, [&](const auto* a, const auto* b) {
    const auto order = compare_items(*a, *b, whole_depth, with_fees);
    return order == 0 ? std::tie(a->is_aside, a->window) < std::tie(b->is_aside, b->window)
                      : order < 0;
  });
  return list;
}

/// Takes those that are aside out of `items`; both stay in order.
item_list take_aside(item_list& items) {
  item_list aside;
  std::erase_if(items, [&](const reconciliation_item* each) {
    if (each->is_aside)
      aside.push_back(each);
    return each->is_aside;
  });
  return aside;
}

/// Pairs those that are equal to that depth; both lists keep what is left, in order.
void pair_off(item_list& internal, item_list& external, int depth, bool with_fees,
              const match_sink& sink) {
  item_list internal_left;
  item_list external_left;
  auto ours = internal.begin();
  auto theirs = external.begin();
  while (ours != internal.end() && theirs != external.end()) {
    const auto order = compare_items(**ours, **theirs, depth, with_fees);
    if (order < 0) {
      internal_left.push_back(*ours++);
    } else if (order > 0) {
      external_left.push_back(*theirs++);
    } else {
      sink(class_of(**ours, **theirs), *ours, *theirs);
      ++ours;
      ++theirs;
    }
  }
  internal_left.insert(internal_left.end(), ours, internal.end());
  external_left.insert(external_left.end(), theirs, external.end());
  internal = std::move(internal_left);
  external = std::move(external_left);
}

void match_reference(item_span internal, item_span external, std::uint32_t external_through,
                     const match_sink& sink) {
  const auto has_fee = [](const reconciliation_item& item) { return item.fee.has_value(); };
  const bool with_fees =
      std::ranges::all_of(internal, has_fee) && std::ranges::all_of(external, has_fee);
  item_list ours = sorted(internal, with_fees);
  item_list theirs = sorted(external, with_fees);
  item_list elsewhere = take_aside(ours);
  for (item_list* each : {&ours, &elsewhere})
    for (int depth = whole_depth; depth >= 0; --depth)
      pair_off(*each, theirs, depth, with_fees, sink);
  for (const reconciliation_item* each : ours) {
    const bool is_due = external_through == 0 || each->business_date <= external_through;
    sink(is_due ? difference_class::missing_external : difference_class::late, each, nullptr);
  }
  bool is_known = !internal.empty();
  take_aside(theirs);
  for (const reconciliation_item* each : theirs) {
    sink(is_known ? difference_class::duplicate_external : difference_class::missing_internal,
         nullptr, each);
    is_known = true;
  }
}

/// Takes the items of the reference `of` from the front of `items`.
item_span take_reference(item_span& items, const std::string& of) {
  const auto end =
      std::ranges::find_if(items, [&](const auto& each) { return each.reference != of; });
  const auto size = static_cast<std::size_t>(end - items.begin());
  const item_span taken = items.first(size);
  items = items.subspan(size);
  return taken;
}

} // namespace

difference_class class_of(const reconciliation_item& internal,
                          const reconciliation_item& external) noexcept {
  if (internal.currency != external.currency)
    return difference_class::currency;
  if (internal.amount != external.amount)
    return difference_class::amount;
  if (internal.fee && external.fee && *internal.fee != *external.fee)
    return difference_class::fee;
  const bool have_dates = internal.business_date != 0 && external.business_date != 0;
  if (have_dates && internal.business_date != external.business_date)
    return difference_class::late;
  return difference_class::matched;
}

void match(std::vector<reconciliation_item>& internal, std::vector<reconciliation_item>& external,
           std::uint32_t external_through, const match_sink& sink) {
  std::ranges::sort(internal, {}, &reconciliation_item::reference);
  std::ranges::sort(external, {}, &reconciliation_item::reference);
  item_span ours = internal;
  item_span theirs = external;
  while (!ours.empty() || !theirs.empty()) {
    const bool ours_first =
        theirs.empty() || (!ours.empty() && ours.front().reference <= theirs.front().reference);
    const std::string& next = ours_first ? ours.front().reference : theirs.front().reference;
    const item_span of_ours = take_reference(ours, next);
    const item_span of_theirs = take_reference(theirs, next);
    match_reference(of_ours, of_theirs, external_through, sink);
  }
}

} // namespace ducat::settlement
