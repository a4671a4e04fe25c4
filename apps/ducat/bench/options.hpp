/// The options of `ducat bench`.
#pragma once

#include "bench/growth.hpp"
#include "bench/ledger_bench.hpp"
#include "bench/settle/settle_bench.hpp"
#include "command_line.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace ducat::cli {

struct bench_arguments {
  growth_arguments growth{};
  ledger_bench_arguments ledger{};
  failover_arguments failover{};
  replicated_bench_arguments replicated{};
  cards_arguments cards{};
  settle_arguments settle{};
};

/// What the benches need of the program.
struct bench_binding {
  const program_environment& environment;
  std::function<bool()> is_json;                          ///< Of --output, when all is parsed.
  std::function<void(std::function<int()> run)> chosen{}; ///< Called with what was named.
};

/// Adds the commands to `app`, of what `environment` can run. They fill `arguments`, which must
/// outlive them.
void add_bench_commands(CLI::App& app, bench_arguments& arguments, const bench_binding& binding);

} // namespace ducat::cli
