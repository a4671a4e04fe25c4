/// main() of a program that is one node.
#pragma once

#include <ducat/node.hpp>

namespace ducat {

/// Starts a node with what `describe` says and runs it until SIGTERM or SIGINT; returns the exit
/// code: 0 after an orderly stop, 64 for a wrong command line, 70 if the node cannot start.
/// Command line: --data DIR (default ./ducat-data), --node ID (default node1).
/// Call it from main(), before any thread is started: it takes the signals.
int run(int argc, char** argv, void (*describe)(node&));

} // namespace ducat
