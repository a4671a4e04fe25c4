/// The keys of a fault, the same in a script and on the command line.
#pragma once

#include "fault_rule.hpp"

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace ducat::acquirer {

using fault_member = std::variant<std::string fault_rule::*, std::uint32_t fault_rule::*,
                                  std::uint64_t fault_rule::*,
                                  std::chrono::milliseconds fault_rule::*, garbling fault_rule::*>;

/// All but the kind, by name.
const std::map<std::string, fault_member>& fault_keys();

const std::vector<garbling>& all_garblings();

} // namespace ducat::acquirer
