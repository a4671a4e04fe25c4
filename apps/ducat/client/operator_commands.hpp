/// What an operator asks of a node: status, tree, crash, faults. Each prints its answer and returns
/// the program's exit code.
#pragma once

#include "client/session.hpp"

namespace ducat::cli {

exit_code show_status(const session& with);

/// Prints the supervision tree, indented.
exit_code show_tree(const session& with);

/// Sent once: a crash has no key, and a repetition would be another crash.
exit_code crash(const session& with, const v1::CrashRequest& request);

/// Prints the nodes of the cluster.
exit_code list_nodes(const session& with);

/// Prints the redundancy groups, and who serves.
exit_code list_groups(const session& with);

/// Drains, resumes or removes a node.
exit_code change_node(const session& with, const v1::ChangeNodeRequest& request);

exit_code list_faults(const session& with);
exit_code arm_fault(const session& with, const v1::ArmFaultRequest& request);
exit_code disarm_fault(const session& with, const v1::DisarmFaultRequest& request);

} // namespace ducat::cli
