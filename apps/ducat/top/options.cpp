#include "top/options.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <string>

namespace ducat::cli {

CLI::App* add_top_command(CLI::App& app, top_options& options) {
  const std::map<std::string, top_order> orders{
      {"restarts", top_order::restarts}, {"life", top_order::life}, {"name", top_order::name}};
  CLI::App* top = app.add_subcommand("top", "Watch a node's children and payments, until Ctrl-C");
  top->add_option("--every", options.every_s, "Seconds between two looks")
      ->check(CLI::Range(0.1, 3'600.0))
      ->capture_default_str();
  top->add_option("--by", options.order, "What comes first, after what does not run")
      ->transform(CLI::CheckedTransformer(orders));
  top->add_flag("--once", options.once, "Look once");
  return top;
}

} // namespace ducat::cli
