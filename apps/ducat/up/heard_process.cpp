#include "up/heard_process.hpp"

#include <poll.h>
#include <signal.h>

#include <utility>

namespace ducat::cli {

heard_process::heard_process(watched_process process, listener told)
    : process_{std::move(process)}, told_{std::move(told)}, reader_{[this] { read_until_end(); }} {}

heard_process::~heard_process() {
  process_.signal(SIGKILL);
  reader_.join();
}

bool heard_process::wait_until(const std::function<bool()>& is_so, duration limit) const {
  std::unique_lock lock{guard_};
  changed_.wait_for(lock, limit, [&] { return has_ended_ || is_so(); });
  return is_so();
}

bool heard_process::wait_until_ended(duration limit) const {
  std::unique_lock lock{guard_};
  return changed_.wait_for(lock, limit, [this] { return has_ended_; });
}

void heard_process::read_until_end() {
  while (process_.output() >= 0) {
    pollfd watched{.fd = process_.output(), .events = POLLIN, .revents = 0};
    ::poll(&watched, 1, -1);
    for (const std::string& line : process_.read_lines()) {
      const std::lock_guard lock{guard_};
      told_.on_line(line);
      changed_.notify_all();
    }
  }
  const std::lock_guard lock{guard_};
  has_ended_ = true;
  if (told_.on_end)
    told_.on_end();
  changed_.notify_all();
}

} // namespace ducat::cli
