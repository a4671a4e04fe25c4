#include "links/options.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace ducat::cli {

namespace {

struct change_option {
  const char* name;
  const char* what;
  v1::ChangeLinkRequest::Change change;
};

constexpr change_option changes[] = {
    {"drain", "It ends what is under way, signs off and stays down", v1::ChangeLinkRequest::DRAIN},
    {"resume", "It is to be up again", v1::ChangeLinkRequest::RESUME},
};

} // namespace

void add_link_commands(CLI::App& app, std::string& output,
                       const std::function<void(CLI::App*, link_action)>& on) {
  CLI::App* list =
      app.add_subcommand("links", "List the links to acquirers, and which carry payments");
  list->add_flag_callback("--json", [&output] { output = "json"; }, "The same as --output json");
  on(list, list_links);
  CLI::App* one = app.add_subcommand("link", "Change a link to an acquirer");
  one->require_subcommand(1);
  for (const change_option& each : changes) {
    CLI::App* command = one->add_subcommand(each.name, each.what);
    auto name = std::make_shared<std::string>();
    command->add_option("name", *name, "Name of the link, see ducat links")->required();
    on(command, [name, change = each.change](const session& with) {
      v1::ChangeLinkRequest request;
      request.set_name(*name);
      request.set_change(change);
      return change_link(with, request);
    });
  }
}

} // namespace ducat::cli
