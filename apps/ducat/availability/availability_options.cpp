#include "availability/availability_options.hpp"

#include "availability/figures.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <vector>

namespace ducat::cli {

namespace {

CLI::Option* add_span(CLI::App& command, const std::string& name, duration& into,
                      const std::string& what) {
  return command.add_option_function<std::string>(
      name,
      [name, &into](const std::string& text) {
        const auto span = parse_span(text);
        if (!span)
          throw CLI::ValidationError(name, span.error().message);
        into = *span;
      },
      what);
}

/// An option whose value is one of `values`, by its name.
template <class Value>
CLI::Option* add_named(CLI::App& command, const std::string& name, Value& into,
                       const std::vector<Value>& values, const std::string& what) {
  std::vector<std::string> names;
  for (const Value each : values)
    names.emplace_back(to_string(each));
  return command
      .add_option_function<std::string>(
          name,
          [&into, values, names](const std::string& given) {
            into =
                values[static_cast<std::size_t>(std::ranges::find(names, given) - names.begin())];
          },
          what)
      ->check(CLI::IsMember(names));
}

/// What a model is told. Without --predict none of it may be given.
void add_model(CLI::App& command, CLI::Option* predict, availability_arguments& arguments) {
  using monitor::redundancy_mode;
  using monitor::standby_policy;
  auto& mode = arguments.mode;
  const std::vector<CLI::Option*> all = {
      add_span(command, "--mtbf", arguments.times.mtbf, "Time serving until a unit fails: 30d"),
      add_span(command, "--mttr", arguments.times.mttr, "Time until it is repaired: 5s"),
      add_named(command, "--mode", mode.mode,
                {redundancy_mode::single, redundancy_mode::primary_backup,
                 redundancy_mode::exclusive, redundancy_mode::active_active},
                "How they are redundant"),
      command.add_option("--nodes", mode.units, "How many units there are"),
      command.add_option("--needed", mode.needed, "How many must serve; of active_active"),
      add_named(command, "--standby", mode.standby, {standby_policy::cold, standby_policy::hot},
                "What those do that may take over"),
      add_span(command, "--switch-over", mode.switch_over,
               "From a failure until another one serves: 300ms")};
  for (CLI::Option* const each : all)
    each->needs(predict);
  predict->needs(all[0], all[1]);
}

} // namespace

CLI::App* add_availability_command(CLI::App& app, availability_arguments& arguments,
                                   std::string& output) {
  CLI::App* command = app.add_subcommand(
      "availability", "Show what served and what failed, next to what a model predicts");
  command->add_option("subject", arguments.subject,
                      "Path of a child, or name of a group or node: it and what is below it");
  command->add_option("--window", arguments.window, "1m, 1h, 1d, or start: since the start")
      ->check(CLI::IsMember({"1m", "1h", "1d", "start"}))
      ->capture_default_str();
  command->add_flag_callback("--json", [&output] { output = "json"; }, "The same as --output json");
  add_model(*command,
            command->add_flag("--predict", arguments.predict,
                              "Ask no node: say what is to be expected of such units"),
            arguments);
  return command;
}

} // namespace ducat::cli
