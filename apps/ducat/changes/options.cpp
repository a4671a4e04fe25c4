#include "changes/options.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace ducat::cli {

void add_change_commands(
    CLI::App& app,
    const std::function<void(CLI::App*, std::function<exit_code(const session&)>)>& on_node) {
  CLI::App* change =
      app.add_subcommand("change", "What one person has asked for and another one approves");
  change->require_subcommand(1);
  CLI::App* list = change->add_subcommand("list", "List the changes, the oldest first");
  auto page = std::make_shared<page_options>();
  auto only_pending = std::make_shared<bool>();
  list->add_option("--limit", page->limit, "1 to 100")->check(CLI::Range(1, 100));
  list->add_option("--after", page->after, "Those after this change");
  list->add_flag("--all", page->all, "Every page from there on");
  list->add_flag("--pending", *only_pending, "Those that nobody has decided");
  on_node(list, [page, only_pending](const session& with) {
    return list_changes(with, *page, *only_pending);
  });
  const auto add_decision = [&](const char* name, const char* help,
                                v1::DecideChangeRequest::Decision decision) {
    CLI::App* command = change->add_subcommand(name, help);
    auto request = std::make_shared<v1::DecideChangeRequest>();
    request->set_decision(decision);
    command->add_option("id", *request->mutable_id(), "The change, as chg_1")->required();
    command->add_option("--reason", *request->mutable_reason(), "Why")->required();
    on_node(command, [request](const session& with) { return decide_change(with, *request); });
  };
  add_decision("approve", "Have it done; not by whoever has asked for it",
               v1::DecideChangeRequest::APPROVE);
  add_decision("reject", "Have it not done", v1::DecideChangeRequest::REJECT);
}

} // namespace ducat::cli
