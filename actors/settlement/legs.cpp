#include "settlement/legs.hpp"

namespace ducat::settlement {

namespace {

std::vector<leg> bilateral_legs(const obligation_map& owed) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> nets; // Of the smaller place.
  for (const auto& [pair, amount] : owed) {
    const auto& [from, to] = pair;
    nets[std::minmax(from, to)] += from < to ? -amount : amount;
  }
  std::vector<leg> out;
  for (const auto& [pair, net] : nets)
    if (net < 0)
      out.push_back({.participant = pair.first, .against = pair.second, .amount = net});
    else if (net > 0)
      out.push_back({.participant = pair.second, .against = pair.first, .amount = -net});
  return out;
}

std::vector<leg> multilateral_legs(const obligation_map& owed) {
  std::map<std::uint32_t, std::int64_t> nets;
  for (const auto& [pair, amount] : owed) {
    nets[pair.first] -= amount;
    nets[pair.second] += amount;
  }
  std::vector<leg> out;
  for (const bool owes : {true, false})
    for (const auto& [participant, net] : nets)
      if (net != 0 && (net < 0) == owes)
        out.push_back({.participant = participant, .against = std::nullopt, .amount = net});
  return out;
}

} // namespace

std::vector<leg> legs_of(v1::SettlementModel model, const obligation_map& owed) {
  return model == v1::NET_MULTILATERAL_DEFERRED ? multilateral_legs(owed) : bilateral_legs(owed);
}

} // namespace ducat::settlement
