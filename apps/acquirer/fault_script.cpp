#include "fault_script.hpp"

namespace ducat::acquirer {

namespace {

bool strikes(armed_fault& fault) {
  ++fault.seen;
  const bool is_hit = fault.random.below(100) < fault.rule.percent;
  if (fault.seen % fault.rule.every != 0 || !is_hit)
    return false;
  if (fault.rule.times != 0 && fault.applied == fault.rule.times)
    return false;
  ++fault.applied;
  return true;
}

} // namespace

std::uint64_t fault_script::add(fault_rule rule) {
  const std::uint64_t id = ++added_;
  cli::random_numbers mixed{seed_ ^ (id * 0x9e3779b97f4a7c15U)};
  armed_.push_back(
      {.id = id, .rule = std::move(rule), .random = cli::random_numbers{mixed.next()}});
  return id;
}

std::vector<fault_rule> fault_script::choose(const iso8583::message& request) {
  std::vector<fault_rule> chosen;
  for (armed_fault& each : armed_)
    if (matches(each.rule, request) && strikes(each))
      chosen.push_back(each.rule);
  return chosen;
}

} // namespace ducat::acquirer
