/// What ends a command that would otherwise go on for ever.
#pragma once

#include <ducat/log_follower.hpp>

#include <signal.h>

namespace ducat::cli {

/// While it lives, SIGINT and SIGTERM end nothing but are kept for came_before_news_of(), in this
/// thread and those that it starts, and SIGPIPE is ignored.
class interruption {
public:
  /// `output` is a descriptor whose reader may go away; -1 is none.
  explicit interruption(int output);
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;
  ~interruption();

  /// Waits until there may be more to read, or until the program is to end: a signal came, or
  /// nobody reads the output any more. Returns whether it is to end.
  bool came_before_news_of(const log_follower& log) const;

private:
  int output_;
  int signals_;
  sigset_t mask_before_{};
  void (*on_broken_pipe_before_)(int);
};

} // namespace ducat::cli
