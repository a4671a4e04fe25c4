/// How the program ends, in terms of what a script does next.
#pragma once

namespace ducat::cli {

/// Values are an interface: never change one.
enum class exit_code : int {
  done = 0,
  failed = 1,       ///< Refused, declined, voided or failed; retrying the same changes nothing.
  unknown = 2,      ///< It may or may not have been done: retry with the same key.
  usage = 64,       ///< The command line or a file given to it is wrong; nothing was sent.
  unreachable = 69, ///< Nothing was done; retry later.
  in_use = 75,      ///< Another node has the data directory or the port.
  refused = 78,     ///< This data or configuration is not for this node; an operator must act.
};

} // namespace ducat::cli
