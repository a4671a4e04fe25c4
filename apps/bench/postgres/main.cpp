/// The same double entry with PostgreSQL, for `ducat bench ledger --peers`, or with `settle` the
/// same settlement, for `ducat bench settle --peers`: prints one line of JSON for each form, or one
/// that says why there is none.

#include "postgres/cluster.hpp"
#include "postgres/double_entry.hpp"
#include "postgres/load.hpp"
#include "postgres/settlement.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

using namespace ducat::bench;

namespace {

struct arguments {
  cluster_options cluster;
  std::vector<std::uint32_t> clients{1, 64};
  std::vector<std::uint32_t> batches{1'000, 8'000};
  std::vector<std::uint32_t> writers{1, 2};
  load_options load;
  settle_shape window;        ///< Of `settle`.
  std::uint64_t captures = 0; ///< The same; 0: it is not asked for.
};

std::string server_text(connection& with) {
  return with.run("SELECT 'PostgreSQL ' || current_setting('server_version')"
                  " || ', fsync ' || current_setting('fsync')"
                  " || ', synchronous_commit ' || current_setting('synchronous_commit')"
                  " || ', shared_buffers ' || current_setting('shared_buffers')"
                  " || ', synchronous standbys ' || (SELECT count(*) FROM pg_stat_replication"
                  "    WHERE sync_state = 'sync')");
}

/// Throws unless the books hold exactly what was made.
void verify(connection& with, const load_result& made) {
  const entry_totals expected{made.all_transfers, made.all_amount, made.all_amount,
                              made.all_amount};
  if (totals_of(with) != expected)
    throw postgres_failed{"the books do not hold what was answered"};
}

void measure(const load_options& options) {
  connection owner{options.address};
  make_schema(owner, options.accounts);
  const load_result made = run_load(options);
  verify(owner, made);
  std::cout << nlohmann::json{{"server", server_text(owner)},
                              {"batch", options.batch},
                              {"clients", options.clients},
                              {"transfers", made.transfers},
                              {"seconds", made.seconds},
                              {"p50_us", made.calls.percentile_us(0.50)},
                              {"p99_us", made.calls.percentile_us(0.99)}}
                   .dump()
            << std::endl;
}

void measure_all(const arguments& given) {
  load_options options = given.load;
  for (const std::uint32_t clients : given.clients) {
    options.batch = 1;
    options.clients = clients;
    measure(options);
  }
  for (const std::uint32_t batch : given.batches)
    for (const std::uint32_t writers : given.writers) {
      options.batch = batch;
      options.clients = writers;
      measure(options);
    }
}

void settle(connection& with, const arguments& given, const loaded_window& loaded,
            settled_mark marks, std::uint32_t merchants_at_once) {
  const sql_settlement made = settle_in_sql(with, given.window, marks, merchants_at_once);
  std::cout << nlohmann::json{{"server", server_text(with)},
                              {"marks", marks == settled_mark::captures ? "captures" : "window"},
                              {"merchants_at_once", merchants_at_once},
                              {"load_s", loaded.load_s},
                              {"ready_s", loaded.ready_s},
                              {"seconds", made.seconds},
                              {"captures", made.captures},
                              {"amount", made.amount},
                              {"fees", made.fees}}
                   .dump()
            << std::endl;
}

/// First all merchants by one transaction that marks the window only; then as many at once as ducat
/// settles in a step, each of their captures marked.
void settle_all(const arguments& given) {
  constexpr std::uint32_t at_once = 256;
  connection owner{given.load.address};
  const loaded_window loaded = load_window(owner, given.window, given.captures);
  settle(owner, given, loaded, settled_mark::window, given.window.merchants);
  settle(owner, given, loaded, settled_mark::captures, at_once);
}

void add_settle(CLI::App& app, arguments& given) {
  CLI::App& settle = *app.add_subcommand("settle", "The settlement of a window");
  settle.add_option("--captures", given.captures)->required();
  settle.add_option("--merchants", given.window.merchants)->required();
  settle.add_option("--payers", given.window.payers)->required();
}

void add_options(CLI::App& app, arguments& given) {
  app.add_option("--directory", given.cluster.parent, "Where its folder is made")->required();
  app.add_option("--programs", given.cluster.programs, "Of PostgreSQL")->capture_default_str();
  app.add_option("--clients", given.clients, "One call a transfer")->delimiter(',');
  app.add_option("--batches", given.batches, "Transfers of a call")->delimiter(',');
  app.add_option("--writers", given.writers, "Of batches, at the same time")->delimiter(',');
  app.add_flag("--standby", given.cluster.standby, "With a synchronous standby");
  app.add_option("--accounts", given.load.accounts);
  app.add_option("--seconds", given.load.seconds, "How long each form sends calls");
  app.add_option("--transfers", given.load.transfers, "How much each form does, instead");
  app.add_option("--seed", given.load.seed);
}

int run(arguments& given) {
  given.cluster.connections_max =
      std::max(std::ranges::max(given.clients), std::ranges::max(given.writers));
  try {
    const auto cluster = postgres_cluster::start(given.cluster);
    if (!cluster) {
      std::cout << nlohmann::json{{"skipped", cluster.error().message}}.dump() << std::endl;
      return 0;
    }
    given.load.address = (*cluster)->address();
    given.window.seed = given.load.seed;
    given.captures == 0 ? measure_all(given) : settle_all(given);
  } catch (const postgres_failed& failure) {
    std::cerr << "ducat-bench-postgres: " << failure.what() << '\n';
    return 1;
  }
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  arguments given;
  CLI::App app{"Measures PostgreSQL at the work of the ledger, or of settlement.",
               "ducat-bench-postgres"};
  add_options(app, given);
  add_settle(app, given);
  CLI11_PARSE(app, argc, argv);
  return run(given);
}
