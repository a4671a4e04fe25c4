#include "cluster/lenders.hpp"

#include <algorithm>
#include <functional>

namespace ducat::cluster {

std::vector<std::string> lenders_among(std::vector<member_status> members,
                                       const lender_needs& needs) {
  std::erase_if(members, [&](const member_status& each) {
    return each.id == needs.me || !each.is_linked || each.kept == 0 || each.kept < needs.log_first;
  });
  std::ranges::stable_sort(members, std::greater<>{}, &member_status::kept);
  std::vector<std::string> names;
  for (const member_status& each : members)
    names.push_back(each.id);
  return names;
}

} // namespace ducat::cluster
