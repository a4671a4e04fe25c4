/// Drives settlements and payout batches from step to step, and writes their files.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>
#include <ducat/settlement/files.hpp>
#include <ducat/settlement/next_step.hpp>
#include <ducat/time.hpp>

#include <chrono>
#include <filesystem>
#include <functional>

namespace ducat::settlement {

/// Puts a file into its place, as put_file() does and with its errors. It may wait.
using file_sink = std::function<result<void>(const made_file& file)>;

struct actor_options {
  std::filesystem::path files{}; ///< Where files are put; empty: none are written.
  file_sink put{};               ///< Default: put_file() into `files`. For simulations.
  file_formats formats = csv_files();
  cut_rule cut{}; ///< By default nothing is cut by the clock.
  duration look_every = std::chrono::milliseconds{500};
  duration write_again_after = std::chrono::minutes{1}; ///< Files that could not be written.
  std::function<log_time()> now{};      ///< Default: the machine's clock.
  std::function<bool()> settles_here{}; ///< Default: always.
  bool waits_for_grant = false;         ///< It does nothing until it is `granted`.
};

/// Returns the start of the actor. `ledger` is the durable actor of the payment machine. It asks
/// what stands, does one step, and asks again; at each look_every if there was none. A step whose
/// outcome is not known is asked for, not guessed. Any number of them may run: steps are decided by
/// the machine, and files are the same bytes. A file that differs from the one that is there, or
/// from the digest in the log, is an alarm (`settlement_file_failed`) and is not written over. What
/// could not be written, for whatever reason, is tried again after a while: a disk may have been
/// full. Meanwhile it goes on with the rest.
/// As a worker of a redundancy group its commits carry the group's token; once that is refused it
/// rests, until it is granted again. It blocks on the disk.
child_start settlement_actor(handle ledger, actor_options options);

} // namespace ducat::settlement
