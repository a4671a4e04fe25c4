#include "bench/cards/cards_options.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace ducat::cli {

namespace {

void add_faults(CLI::App& cards, cards_arguments& into) {
  cards
      .add_option("--faults", into.faults,
                  "Of the acquirer: none, mixed, or a script as for ducat-acquirer")
      ->capture_default_str();
  const auto seconds = CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"ms", 0.001}},
                                             CLI::AsNumberWithUnit::CASE_SENSITIVE);
  cards
      .add_option("--crash-every", into.crash_every_s,
                  "Crash a worker, the link, the acquirer's actor or store and forward, by turns")
      ->transform(seconds)
      ->check(CLI::Range(0.01, 86'400.0));
  cards
      .add_option("--kill-every", into.kill_every_s, "Kill the node's process, and start it again")
      ->transform(seconds)
      ->check(CLI::Range(1.0, 86'400.0));
  cards
      .add_option("--settle-max", into.settle_s_max,
                  "Seconds from the last fault until nothing may be in doubt")
      ->check(CLI::Range(1.0, 86'400.0))
      ->capture_default_str();
}

} // namespace

void add_cards_bench(CLI::App& bench, cards_arguments& into, std::function<void()> chosen) {
  CLI::App& cards = *bench.add_subcommand(
      "cards", "Card payments through ISO 8583 while things fail, and whether both sides agree");
  cards.add_option("--clients", into.clients, "Each with one payment on its way")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  cards.add_option("--seconds", into.seconds, "How long clients pay")
      ->check(CLI::Range(0.1, 86'400.0))
      ->capture_default_str();
  cards.add_option("--per-second", into.per_second, "Payments; default: as fast as can be")
      ->check(CLI::Range(1, 1'000'000));
  cards.add_option("--workers", into.workers, "Of the node")
      ->check(CLI::Range(1, 1'024))
      ->capture_default_str();
  cards.add_option("--answer-timeout-ms", into.answer_timeout_ms, "Of the link to the acquirer")
      ->check(CLI::Range(1, 290'000))
      ->capture_default_str();
  add_faults(cards, into);
  cards.add_flag("--raw", into.raw,
                 "Also how fast ducat-terminals drive such an acquirer without a node");
  cards.add_option("--data", into.directory,
                   "Where to write, in a folder that is removed; default: the temporary one");
  cards.add_option("--programs", into.programs, "Where ducat-acquirer and ducat-terminals are");
  cards.add_flag("--json", into.json, "One document");
  cards.callback(std::move(chosen));
}

} // namespace ducat::cli
