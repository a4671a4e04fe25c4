#include "fault_keys.hpp"

namespace ducat::acquirer {

const std::map<std::string, fault_member>& fault_keys() {
  static const std::map<std::string, fault_member> keys{{"after", &fault_rule::after},
                                                        {"amount_max", &fault_rule::amount_max},
                                                        {"amount_min", &fault_rule::amount_min},
                                                        {"by", &fault_rule::by},
                                                        {"code", &fault_rule::code},
                                                        {"every", &fault_rule::every},
                                                        {"how", &fault_rule::how},
                                                        {"mti", &fault_rule::mti},
                                                        {"pan", &fault_rule::pan},
                                                        {"percent", &fault_rule::percent},
                                                        {"stan", &fault_rule::stan},
                                                        {"terminal", &fault_rule::terminal},
                                                        {"times", &fault_rule::times}};
  return keys;
}

const std::vector<garbling>& all_garblings() {
  using enum garbling;
  static const std::vector<garbling> all{bitmap, field, length, stan};
  return all;
}

} // namespace ducat::acquirer
