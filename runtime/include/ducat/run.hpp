/// main() of a program that is one node.
#pragma once

#include <ducat/node.hpp>

#include <signal.h>

namespace ducat {

/// SIGTERM and SIGINT, waited for instead of interrupting. Make it in main(), before any thread is
/// started: they are blocked in this thread and in all that it starts.
class stop_signals {
public:
  stop_signals() noexcept;

  /// Returns when one of them has come. From then on the process has `seconds_max` to end in order;
  /// then SIGALRM ends it, so that an actor that hangs cannot keep it. Nothing is lost by that.
  void wait(unsigned seconds_max) const noexcept;

private:
  sigset_t signals_;
};

/// Starts a node with what `describe` says and runs it until SIGTERM or SIGINT; returns the exit
/// code: 0 after an orderly stop, 64 for a wrong command line, 70 if the node cannot start.
/// Command line: --data DIR (default ./ducat-data), --node ID (default node1). It has 20 s to stop.
/// Call it from main(), before any thread is started: it takes the signals.
int run(int argc, char** argv, void (*describe)(node&));

} // namespace ducat
