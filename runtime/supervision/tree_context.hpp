/// What all supervisors of a tree share.
#pragma once

#include "supervision/fence.hpp"
#include "supervision/watchdog.hpp"

#include <ducat/supervisor.hpp>

#include <functional>
#include <memory>

namespace ducat::supervision {

struct tree_context {
  std::shared_ptr<ducat::directory> directory;
  std::shared_ptr<ducat::dead_letters> dead_letters;
  clock_function clock;
  std::function<void(const supervision_event&)> observer; ///< May be empty.
  std::uint64_t seed;                                     ///< Of the jitter of backoffs.
  std::shared_ptr<const grant_board> grants;              ///< Null of a node that is alone.
  mutable supervision::fence fence;                       ///< Safe from any thread.
  mutable watchdog hang_watch;                            ///< Safe from any thread.
};

} // namespace ducat::supervision
