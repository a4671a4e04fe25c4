/// `ducat availability`: what served and what failed, as a node counted it, and what a model
/// predicts.
#pragma once

#include "client/session.hpp"

#include <ducat/prediction.hpp>

#include <string>

namespace ducat::cli {

struct availability_arguments {
  std::string subject{};        ///< Empty for everything.
  std::string window = "start"; ///< 1m, 1h, 1d or start.
  bool predict = false;         ///< Ask no node: say what a model predicts.
  monitor::redundancy mode{};   ///< Only for that, as are the times.
  monitor::unit_times times{};
};

/// Asks the node, and prints a line for each subject.
exit_code show_availability(const session& with, const availability_arguments& arguments);

/// Prints what is to be expected of `arguments.mode`. Returns usage if it makes no sense; then
/// io.err says why.
exit_code predict_availability(const availability_arguments& arguments, const console& io);

} // namespace ducat::cli
