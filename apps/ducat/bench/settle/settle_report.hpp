/// What the bench of settlement prints.
#pragma once

#include "bench/settle/paying_clients.hpp"
#include "bench/settle/settle_bench.hpp"
#include "bench/settle/settle_phases.hpp"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <string>

namespace ducat::bench {

/// How long payments took while something else was done.
struct payment_figures {
  std::string during;
  paying_outcome told;
  double seconds = 0;
};

struct settle_figures {
  std::uint64_t captures = 0;
  std::uint32_t merchants = 0;
  double fill_s = 0;
  memory_figures before_fill;
  memory_figures after_fill;
  memory_figures at_end;
  settled_window settled;
  paid_batch paid;
  proof_figures proof;
  std::vector<payment_figures> payments; ///< The first: alone.
};

/// Returns the p99 of the payments `during` divided by that of those alone; 0 if there are none.
double ratio_of(const settle_figures& figures, const payment_figures& during);

nlohmann::ordered_json document_of(const settle_figures& figures);

void print(std::ostream& out, const settle_figures& figures);

} // namespace ducat::bench
