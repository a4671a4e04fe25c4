#include <ducat/settlement/positions.hpp>

#include <limits>
#include <ostream>

namespace ducat::settlement {

namespace {

std::vector<leg> gross_legs(const obligations& all) {
  std::vector<leg> legs;
  for (const auto& [pair, amount] : all.all())
    legs.push_back({pair.first, pair.second, amount});
  return legs;
}

/// Returns what the first of each pair gets on balance; below 0: what it pays.
obligations::sums nets_by_pair(const obligations& all) {
  obligations::sums nets;
  for (const auto& [pair, amount] : all.all())
    if (pair.first < pair.second)
      nets[pair] -= amount;
    else
      nets[{pair.second, pair.first}] += amount;
  return nets;
}

std::vector<leg> bilateral_legs(const obligations& all) {
  std::vector<leg> legs;
  for (const auto& [pair, net] : nets_by_pair(all))
    if (net > 0)
      legs.push_back({pair.second, pair.first, net});
    else if (net < 0)
      legs.push_back({pair.first, pair.second, -net});
  return legs;
}

std::vector<leg> multilateral_legs(const obligations& all) {
  const net_positions nets = multilateral(all);
  std::vector<leg> legs;
  for (const auto& [who, net] : nets)
    if (net < 0)
      legs.push_back({who, std::string{the_hub}, -net});
  for (const auto& [who, net] : nets)
    if (net > 0)
      legs.push_back({std::string{the_hub}, who, net});
  return legs;
}

} // namespace

std::string_view to_string(obligation_problem what) noexcept {
  switch (what) {
    using enum obligation_problem;
  case no_participant:
    return "no_participant";
  case same_participant:
    return "same_participant";
  case not_positive:
    return "not_positive";
  case total_too_large:
    return "total_too_large";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, obligation_problem what) {
  return out << to_string(what);
}

std::optional<obligation_problem> obligations::add(const obligation& what) {
  using enum obligation_problem;
  if (what.from.empty() || what.to.empty())
    return no_participant;
  if (what.from == what.to)
    return same_participant;
  if (what.amount <= 0)
    return not_positive;
  if (what.amount > std::numeric_limits<std::int64_t>::max() - total_)
    return total_too_large;
  sums_[{what.from, what.to}] += what.amount;
  total_ += what.amount;
  return std::nullopt;
}

std::int64_t obligations::owed(std::string_view from, std::string_view to) const {
  const auto found = sums_.find({std::string{from}, std::string{to}});
  return found == sums_.end() ? 0 : found->second;
}

std::int64_t bilateral(const obligations& all, std::string_view who, std::string_view other) {
  return all.owed(other, who) - all.owed(who, other);
}

net_positions multilateral(const obligations& all) {
  net_positions nets;
  for (const auto& [pair, amount] : all.all()) {
    nets[pair.first] -= amount;
    nets[pair.second] += amount;
  }
  return nets;
}

std::string_view to_string(settlement_model model) noexcept {
  switch (model) {
    using enum settlement_model;
  case gross_immediate:
    return "gross_immediate";
  case net_bilateral_deferred:
    return "net_bilateral_deferred";
  case net_multilateral_deferred:
    return "net_multilateral_deferred";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, settlement_model model) {
  return out << to_string(model);
}

std::vector<leg> legs_of(settlement_model model, const obligations& all) {
  switch (model) {
    using enum settlement_model;
  case gross_immediate:
    return gross_legs(all);
  case net_bilateral_deferred:
    return bilateral_legs(all);
  case net_multilateral_deferred:
    return multilateral_legs(all);
  }
  return {};
}

} // namespace ducat::settlement
