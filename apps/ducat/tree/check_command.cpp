#include "tree/check_command.hpp"

#include "tree/node_tree.hpp"
#include "tree/report_view.hpp"
#include "tree/tree_file.hpp"

#include <ostream>

namespace ducat::cli {

namespace {

exit_code check_tree(const result<supervisor_spec>& tree, const console& io,
                     exit_code if_there_is_none) {
  if (!tree) {
    io.err << "ducat: " << tree.error().message << '\n';
    return if_there_is_none;
  }
  const lint_report report = lint(*tree);
  print_report(io, report);
  return report.has_warnings() ? exit_code::failed : exit_code::done;
}

} // namespace

exit_code check_tree_file(const std::string& file, const console& io) {
  return check_tree(load_tree(file), io, exit_code::usage);
}

exit_code check_tree_of_node(const session& with) {
  const auto reply = call(with.limits, repetition::read, with.node, &v1::Node::Stub::Tree, {});
  if (!reply)
    return report(with.io, reply.error(), {});
  return check_tree(tree_of(*reply), with.io, exit_code::failed);
}

} // namespace ducat::cli
