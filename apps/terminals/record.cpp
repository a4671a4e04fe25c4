#include "record.hpp"

#include <nlohmann/json.hpp>

namespace ducat::terminals {

std::string line_of(const finished_payment& what) {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(what.took);
  const nlohmann::ordered_json line{{"terminal", what.terminal},
                                    {"stan", what.stan},
                                    {"transmitted_at", what.transmitted_at},
                                    {"rrn", what.rrn},
                                    {"amount", what.amount_minor},
                                    {"currency", what.currency},
                                    {"outcome", to_string(what.result)},
                                    {"code", what.code},
                                    {"approval_code", what.approval_code},
                                    {"took_us", took.count()},
                                    {"reversals_sent", what.reversals_sent},
                                    {"was_late", what.was_late}};
  return line.dump();
}

} // namespace ducat::terminals
