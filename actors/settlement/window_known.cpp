#include "settlement/window_known.hpp"

namespace ducat::settlement {

namespace {

/// Whether a pair takes away what the exception says.
bool is_taken_away(const v1::SettlementDifference& by_then, bool agrees, bool compares_fees) {
  switch (by_then.what()) {
  case v1::SettlementDifference::MISSING_EXTERNAL:
  case v1::SettlementDifference::MISSING_INTERNAL:
    return true;
  case v1::SettlementDifference::LATE:
    return !by_then.has_external() || agrees;
  case v1::SettlementDifference::AMOUNT:
  case v1::SettlementDifference::CURRENCY:
    return agrees;
  case v1::SettlementDifference::FEE:
    return agrees && compares_fees;
  default: // That it was there twice cannot be seen of one pair.
    return false;
  }
}

} // namespace

template <class Use>
void known_exceptions::each_about(reconciliation_leg leg, const std::string& reference,
                                  const Use& use) const {
  const auto [begin, end] = by_reference_.equal_range(reference);
  for (auto at = begin; at != end; ++at)
    if (static_cast<int>(entries_[at->second].facts.difference().leg()) == static_cast<int>(leg))
      use(at->second);
}

void known_exceptions::add(const v1::SettlementException& known) {
  if (!ids_.insert(known.id()).second)
    return;
  by_reference_.emplace(known.difference().reference(), entries_.size());
  entries_.push_back({.facts = known});
}

std::set<std::uint64_t> known_exceptions::windows() const {
  std::set<std::uint64_t> found;
  for (const entry& each : entries_) {
    const v1::SettlementDifference& of = each.facts.difference();
    if (each.is_open() && of.leg() == v1::SettlementDifference::ACQUIRER && of.has_internal() &&
        of.window() < window_)
      found.insert(of.window());
  }
  return found;
}

bool known_exceptions::has_open(std::uint64_t window, const std::string& reference) const {
  bool found = false;
  each_about(reconciliation_leg::acquirer, reference, [&](std::size_t place) {
    const v1::SettlementException& each = entries_[place].facts;
    found = found || (entries_[place].is_open() && each.difference().has_internal() &&
                      each.difference().window() == window && window < window_);
  });
  return found;
}

bool known_exceptions::covers(const std::string& id, const difference& what) const {
  if (ids_.contains(id))
    return true;
  if (what.external)
    return false;
  bool found = false;
  each_about(what.leg, what.reference(), [&](std::size_t place) {
    const v1::SettlementDifference& each = entries_[place].facts.difference();
    const bool says_missing = each.has_internal() && !each.has_external();
    found = found || (each.window() == what.window && (says_missing || what.window != window_));
  });
  return found;
}

void known_exceptions::note_pair(reconciliation_leg leg, difference_class what,
                                 const reconciliation_item& internal,
                                 const reconciliation_item& external) {
  const bool agrees = what == difference_class::matched || what == difference_class::late;
  const bool compares_fees = internal.fee && external.fee;
  const std::uint64_t window = internal.window == 0 ? window_ : internal.window;
  each_about(leg, internal.reference, [&](std::size_t place) {
    const v1::SettlementDifference& of = entries_[place].facts.difference();
    const bool is_of_it = !of.has_internal() || of.window() == window;
    if (is_of_it && is_taken_away(of, agrees, compares_fees))
      entries_[place].is_seen = true;
  });
}

void known_exceptions::note_explained(const difference& what) {
  each_about(what.leg, what.reference(), [&](std::size_t place) {
    if (entries_[place].facts.difference().window() == what.window)
      entries_[place].is_seen = true;
  });
}

void known_exceptions::each_seen(
    const std::function<void(const v1::SettlementException&)>& sink) const {
  for (const entry& each : entries_)
    if (each.is_seen && each.is_open())
      sink(each.facts);
}

} // namespace ducat::settlement
