#include "bench/settle/settle_options.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace ducat::cli {

namespace {

void add_window(CLI::App& settle, settle_arguments& into) {
  settle.add_option("--captures", into.captures, "Of the first window")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40))
      ->capture_default_str();
  settle.add_option("--merchants", into.merchants, "How many have captures in it")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  settle.add_option("--payers", into.payers, "Accounts that pay")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  settle.add_option("--batch", into.batch, "Captures of a request")
      ->check(CLI::Range(1, 4'096))
      ->capture_default_str();
  settle
      .add_option("--windows", into.windows,
                  "In all; those after the first have two captures for each merchant")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  settle.add_option("--page", into.page, "Members of a page, when all are read back")
      ->check(CLI::Range(1, 4'096))
      ->capture_default_str();
}

void add_payments(CLI::App& settle, settle_arguments& into) {
  settle.add_option("--clients", into.clients, "Of payments, each with one on its way")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  settle.add_option("--per-second", into.per_second, "Payments; 0: as fast as can be")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  settle
      .add_option("--seconds", into.seconds,
                  "How long they go on alone, before the cut and at the end")
      ->check(CLI::Range(0.01, 3'600.0))
      ->capture_default_str();
}

} // namespace

void add_settle_bench(CLI::App& bench, settle_arguments& into, std::function<void()> chosen) {
  CLI::App& settle = *bench.add_subcommand(
      "settle", "A big window is settled and paid out, and proved, while payments go on");
  add_window(settle, into);
  add_payments(settle, into);
  settle.add_flag("--peers", into.peers, "PostgreSQL, too, if it is installed");
  settle.add_option("--peer-program", into.peer_program,
                    "What runs PostgreSQL; default: ducat-bench-postgres beside this program");
  settle.add_option("--seed", into.seed, "Of the captures")->capture_default_str();
  settle.add_option("--data", into.directory,
                    "Where to write, in a folder that is removed; default: the temporary one");
  settle.add_flag("--json", into.json, "The same as --output json");
  settle.callback(std::move(chosen));
}

} // namespace ducat::cli
