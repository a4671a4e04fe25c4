#include "settle/reconcile_options.hpp"

#include "settle/reconcile_command.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <memory>

namespace ducat::cli {

namespace {

/// "2026-11-29" or 20261129.
CLI::Option* add_date(CLI::App* command, const char* name, std::uint32_t& into, const char* what) {
  return command
      ->add_option_function<std::string>(
          name,
          [&into, name](const std::string& text) {
            std::string digits;
            for (const char c : text)
              if (c != '-')
                digits.push_back(c);
            if (digits.size() != 8 || digits.find_first_not_of("0123456789") != std::string::npos)
              throw CLI::ValidationError(name, "is no date such as 20261129");
            into = static_cast<std::uint32_t>(std::stoul(digits));
          },
          what)
      ->type_name("YYYYMMDD");
}

void add_sources(CLI::App* command, reconcile_request& into) {
  command->add_option("--currency", into.currency, "Of the window")->required();
  command->add_option("--window", into.window, "Its number; it has been cut")->required();
  command->add_option("--acquirer", into.acquirer, "As links and batches name it")->required();
  command->add_option("--journal", into.journals, "The acquirer's journal; several: of each host")
      ->required();
  command->add_option("--bank", into.banks, "A statement: camt.053, camt.054 or CSV; any number");
  add_date(command, "--from", into.from, "What the acquirer did before is of no interest");
  add_date(command, "--through", into.through, "The last business date that journals have whole");
  add_date(command, "--bank-through", into.bank_through,
           "The last business date whose batches the bank has booked");
  command->add_flag("--utc", into.is_utc,
                    "The acquirer's days are those of UTC, not of the calendar");
  command->add_option("--fee-bps", into.basis_points, "What it may keep of a capture")
      ->check(CLI::Range(0, 10'000));
  command->add_option("--fee-fixed", into.fixed, "And for each, in minor units")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--scratch", into.scratch, "Where files may be while it compares");
}

void add_effects(CLI::App* command, reconcile_request& into) {
  command->add_option("--owner", into.owner, "Of what is opened");
  command->add_option("--account", into.account,
                      "Which bears what differs; else the hub's fees do");
  const std::map<std::string, v1::SettlementExceptionRule> rules{
      {"nothing", v1::NOTHING},
      {"until_seen", v1::UNTIL_SEEN},
      {"accept_at_due", v1::ACCEPT_AT_DUE}};
  command->add_option("--rule", into.rule, "What becomes of it without anybody")
      ->transform(CLI::CheckedTransformer(rules, CLI::ignore_case));
  command->add_flag("--dry-run", into.is_dry, "Only say what would be done");
  command->add_flag("--finalize", into.is_to_be_final, "The window is final if nothing is open");
}

} // namespace

void add_reconcile(CLI::App* group, const std::function<void(CLI::App*, settle_action)>& on) {
  auto request = std::make_shared<reconcile_request>();
  CLI::App* command = group->add_subcommand(
      "reconcile", "Compare a window with the acquirer's journal and the bank's statements");
  add_sources(command, *request);
  add_effects(command, *request);
  on(command, [request](const session& with) { return reconcile_window(with, *request); });
}

} // namespace ducat::cli
