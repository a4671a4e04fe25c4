/// How `ducat bench cards` tells what it measured.
#pragma once

#include "bench/cards/card_nemesis.hpp"
#include "bench/cards/card_verdict.hpp"
#include "bench/cards/cards_bench.hpp"

#include <ducat/v1/node.pb.h>

#include <iosfwd>
#include <map>
#include <optional>
#include <string>

namespace ducat::cli {

struct cards_report {
  double seconds = 0;             ///< From the first payment to the last answer.
  std::uint64_t answered = 0;     ///< Payments.
  std::uint64_t not_answered = 0; ///< Clients have given up on them.
  double p50_ms = 0;              ///< Of those that were answered.
  double p99_ms = 0;
  double worst_ms = 0;
  double entries = 0; ///< Of the log, each one synced write, for each payment.
  blows_done blows;
  std::map<std::string, std::uint64_t> mistakes; ///< Of the acquirer, by kind.
  double settled_s = 0; ///< From the last fault until nothing was in doubt.
  bool is_settled = false;
  v1::TimeInDoubt time_in_doubt;
  card_verdict verdict;
  std::optional<double> raw_per_second{}; ///< Of ducat-terminals without a node.

  double per_second() const { return static_cast<double>(answered) / seconds; }

  bool is_good() const { return is_settled && verdict.is_good(); }
};

void print(std::ostream& out, const cards_report& report);
void print_json(std::ostream& out, const cards_arguments& arguments, const cards_report& report);

} // namespace ducat::cli
