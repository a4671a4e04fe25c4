/// `ducat log tail`.
#pragma once

#include "client/console.hpp"
#include "exit_code.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace ducat::cli {

struct tail_arguments {
  std::filesystem::path data;
  std::optional<std::uint64_t> from; ///< Without it: the newest ten.
  bool follow = false;
  int output = -1; ///< The descriptor behind the console's `out`, if it has one.
};

/// Prints a line for each entry of a log: index, epoch, time, size, number of commands, hash; as
/// JSON lines if the console wants JSON. With `follow` it goes on as the log grows, until SIGINT or
/// SIGTERM, or until nobody reads the output any more; each is `done`. Damage is `failed`.
/// Call it before any thread is started if it follows: it takes the signals.
exit_code tail_log(const tail_arguments& arguments, const console& io);

} // namespace ducat::cli
