#include "inspect/interruption.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace ducat::cli {

namespace {

/// A log whose changes are not announced (see log_follower::descriptor) is looked at this often.
constexpr int look_interval_ms = 1000;

sigset_t stop_signal_set() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

} // namespace

interruption::interruption(int output)
    : output_{output}, on_broken_pipe_before_{std::signal(SIGPIPE, SIG_IGN)} {
  const sigset_t set = stop_signal_set();
  pthread_sigmask(SIG_BLOCK, &set, &mask_before_);
  signals_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

interruption::~interruption() {
  signalfd_siginfo ignored{};
  while (::read(signals_, &ignored, sizeof ignored) > 0) {
  } // A signal that is still there would end the process once it is let through.
  ::close(signals_);
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  std::signal(SIGPIPE, on_broken_pipe_before_);
}

bool interruption::came_before_news_of(const log_follower& log) const {
  // Of the output only errors are asked for: a terminal is readable whenever somebody types.
  std::array<pollfd, 3> waiting{pollfd{.fd = log.descriptor(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = signals_, .events = POLLIN, .revents = 0},
                                pollfd{.fd = output_, .events = 0, .revents = 0}};
  ::poll(waiting.data(), waiting.size(), look_interval_ms);
  return waiting[1].revents != 0 || waiting[2].revents != 0;
}

} // namespace ducat::cli
