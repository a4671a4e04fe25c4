/// An actor for each open exception of reconciliation: it raises the alarm when its time is up, and
/// does what its rule says.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>
#include <ducat/time.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace ducat::settlement {

struct exception_watch_options {
  duration look_every = std::chrono::seconds{30}; ///< How late anything is noticed at most.
  std::size_t actors_max = 10'000; ///< Of more open exceptions the first ones by id have an actor.
  std::function<log_time()> now{}; ///< Default: the wall clock.
  std::function<bool()> watches_here{}; ///< Else there are no actors here. Default: always.
};

/// Returns the supervisor ID, with a child ID/open/EXCEPTION for each open exception. `find` gives
/// the handle of a path of the node. Nothing is kept but in the log: whoever is started again finds
/// there what is still open. Several nodes may watch: an alarm is raised once, and an exception is
/// disposed of once; but each node logs `settlement_exception_due`,
/// again after a crash.
child_spec exceptions_child(const std::string& id, const handle& ledger,
                            const exception_watch_options& options,
                            const std::function<handle(const std::string& path)>& find);

} // namespace ducat::settlement
