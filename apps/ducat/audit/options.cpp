#include "audit/options.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace ducat::cli {

void add_audit_commands(CLI::App& app, const audit_hooks& hooks) {
  CLI::App* audit = app.add_subcommand("audit", "What was done to the nodes, and by whom");
  audit->require_subcommand(1);
  CLI::App* list = audit->add_subcommand("list", "List the entries, the oldest first");
  auto page = std::make_shared<audit_page>();
  list->add_option("--limit", page->limit, "1 to 100")->check(CLI::Range(1, 100));
  list->add_option("--after", page->after, "Those after this entry");
  list->add_flag("--all", page->all, "Every page from there on");
  hooks.on_node(list, [page](const session& with) { return list_audit(with, *page); });
  hooks.on_node(audit->add_subcommand("export", "Print all, each as JSON on a line"), export_audit);
  hooks.on_node(audit->add_subcommand("head", "Print NUMBER/HASH of the newest: keep it elsewhere"),
                show_audit_head);
  CLI::App* verify = audit->add_subcommand("verify", "Say whether a copy is whole, and as it was");
  auto what = std::make_shared<audit_verification>();
  verify->add_option("copy", what->copy, "What export has printed")->required();
  verify->add_option("--anchor", what->anchors, "What head has printed, then or later");
  verify->add_option("--with", what->with, "Another copy, of another node or of before");
  hooks.on_file(verify, [what](const console& io) { return verify_audit(*what, io); });
}

} // namespace ducat::cli
