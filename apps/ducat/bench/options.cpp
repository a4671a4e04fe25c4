#include "bench/options.hpp"

#include "bench/cards/cards_options.hpp"
#include "bench/settle/settle_options.hpp"
#include "up/payments_option.hpp"

#include <ducat/ledger/commands.hpp>

#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

namespace ducat::cli {

namespace {

/// Outlives the parser in what it has bound to the commands.
class benches : public std::enable_shared_from_this<benches> {
public:
  benches(bench_arguments& to, bench_binding of) : to_{to}, of_{std::move(of)} {}

  void add_growth_bench(CLI::App& bench) {
    CLI::App* growth = bench.add_subcommand("growth", "What becomes of a ledger as its past grows");
    growth->add_option("--transfers", to_.growth.transfers, "In all")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40))
        ->capture_default_str();
    growth->add_option("--stages", to_.growth.stages, "A line is printed after each")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    growth->add_option("--batch", to_.growth.batch, "Transfers of a request")
        ->check(CLI::Range(std::size_t{1}, ledger::batch_events_max))
        ->capture_default_str();
    growth->add_option("--clients", to_.growth.clients, "Each has one request in flight")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    growth->add_option("--accounts", to_.growth.accounts, "How many there are")
        ->check(CLI::Range(2, 10'000'000))
        ->capture_default_str();
    growth->add_flag("--random-ids", to_.growth.random_ids, "Ids of transfers are in no order");
    growth->add_option("--seed", to_.growth.seed, "Of the accounts and amounts")
        ->capture_default_str();
    growth->add_option("--data", to_.growth.directory,
                       "Where to write, in a folder that is removed; default: the temporary one");
    growth->callback([this, me = shared_from_this()] {
      of_.chosen([this, me = shared_from_this()] {
        to_.growth.json = of_.is_json();
        return static_cast<int>(bench_growth(to_.growth, of_.environment.out, of_.environment.err));
      });
    });
  }

  void add_failover_bench(CLI::App& bench) {
    CLI::App* failover =
        bench.add_subcommand("failover", "How long a client waits when part of a cluster fails");
    failover->add_option("--case", to_.failover.cases, "What fails, and how; default: every case")
        ->delimiter(',')
        ->check(CLI::IsMember(failover_cases()));
    failover->add_option("--rounds", to_.failover.rounds, "Of each case")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    failover->add_option("--nodes", to_.failover.nodes, "Of the cluster")
        ->check(CLI::Range(2, 9))
        ->capture_default_str();
    add_payments_option(*failover, to_.failover.payments);
    failover->add_option("--data", to_.failover.directory,
                         "Where to write, in a folder that is removed; default: the temporary one");
    failover->callback([this, me = shared_from_this()] {
      of_.chosen([this, me = shared_from_this()] {
        to_.failover.json = of_.is_json();
        return of_.environment.run_failover_bench(to_.failover);
      });
    });
  }

  void add_replicated_bench(CLI::App& bench) {
    CLI::App* replicated =
        bench.add_subcommand("replicated", "The ledger on three nodes, and its peers");
    add_bench_cases(*replicated, to_.replicated);
    add_bench_run(*replicated, to_.replicated);
    replicated
        ->add_option("--rejoin", to_.replicated.rejoins,
                     "Instead: kill a node so often under load, and wipe one, until it is back")
        ->check(CLI::Range(1, 1000));
    replicated->add_option("--node", to_.replicated.node, "Is one of the nodes")->group("");
    replicated->callback([this, me = shared_from_this()] {
      of_.chosen([this, me = shared_from_this()] {
        to_.replicated.json = to_.replicated.json || of_.is_json();
        return of_.environment.run_replicated_bench(to_.replicated);
      });
    });
  }

  void add(CLI::App& app) {
    CLI::App* bench = app.add_subcommand("bench", "How fast it is on this machine");
    bench->require_subcommand(1);
    add_growth_bench(*bench);
    if (of_.environment.run_failover_bench)
      add_failover_bench(*bench);
    if (of_.environment.run_replicated_bench)
      add_replicated_bench(*bench);
    if (of_.environment.run_cards_bench)
      add_cards_bench(*bench, to_.cards, [this, me = shared_from_this()] {
        of_.chosen([this, me = shared_from_this()] {
          to_.cards.json = to_.cards.json || of_.is_json();
          return of_.environment.run_cards_bench(to_.cards);
        });
      });
    add_settle_bench(*bench, to_.settle, [this, me = shared_from_this()] {
      of_.chosen([this, me = shared_from_this()] {
        to_.settle.json = to_.settle.json || of_.is_json();
        return static_cast<int>(bench_settle(to_.settle, of_.environment.out, of_.environment.err));
      });
    });
    CLI::App* ledger = bench->add_subcommand("ledger", "The ledger, its disk's limit, its peers");
    add_bench_cases(*ledger, to_.ledger);
    ledger
        ->add_option("--distribution", to_.ledger.distribution,
                     "Of the accounts that transfers name")
        ->check(CLI::IsMember({"uniform", "zipf", "hot", "all"}))
        ->capture_default_str();
    add_bench_run(*ledger, to_.ledger);
    ledger->callback([this, me = shared_from_this()] {
      of_.chosen([this, me = shared_from_this()] {
        to_.ledger.json = to_.ledger.json || of_.is_json();
        return static_cast<int>(bench_ledger(to_.ledger, of_.environment.out, of_.environment.err));
      });
    });
  }

  /// What the benches of the ledger have in common: what is done, and how.
  template <class Arguments>
  void add_bench_cases(CLI::App& command, Arguments& to) {
    command.add_option("--batches", to.batches, "Transfers of a request")
        ->delimiter(',')
        ->check(CLI::Range(std::size_t{1}, ledger::batch_events_max))
        ->capture_default_str();
    command.add_option("--clients", to.clients, "Each has one request in flight")
        ->delimiter(',')
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    command.add_option("--accounts", to.accounts, "How many there are")
        ->check(CLI::Range(2, 10'000'000))
        ->capture_default_str();
    CLI::Option* seconds =
        command.add_option("--seconds", to.seconds, "How long each case sends requests")
            ->check(CLI::Range(0.01, 3600.0))
            ->capture_default_str();
    command.add_option("--transfers", to.transfers, "How much each case does, instead")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40))
        ->excludes(seconds);
  }

  template <class Arguments>
  void add_bench_run(CLI::App& command, Arguments& to) {
    command.add_option("--seed", to.seed, "Of the accounts and amounts")->capture_default_str();
    command.add_option("--data", to.directory,
                       "Where to write, in a folder that is removed; default: the temporary one");
    command.add_flag("--peers", to.peers, "PostgreSQL, too, if it is installed");
    command.add_option("--peer-program", to.peer_program,
                       "What runs PostgreSQL; default: ducat-bench-postgres beside this program");
    command.add_flag("--json", to.json, "The same as --output json");
  }

  bench_arguments& to_;
  bench_binding of_;
};

} // namespace

void add_bench_commands(CLI::App& app, bench_arguments& arguments, const bench_binding& binding) {
  std::make_shared<benches>(arguments, binding)->add(app);
}

} // namespace ducat::cli
