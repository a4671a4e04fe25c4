/// How far something is that takes its time, on a terminal.
#pragma once

#include "client/console.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace ducat::cli {

/// Draws on stderr if that is a terminal and the output is for people; else it does nothing. Its
/// line is wiped out with it.
class progress_bar {
public:
  explicit progress_bar(const console& io)
      : err_{io.err}, is_watched_{!io.is_json() && ::isatty(STDERR_FILENO) != 0} {}

  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  ~progress_bar() {
    if (is_watched_)
      err_ << "\r\033[K" << std::flush;
  }

  /// Draws only what it has not drawn yet; `all` may be too small.
  void show(std::uint64_t done, std::uint64_t all, std::string_view what) {
    constexpr std::uint64_t width = 30;
    all = std::max({done, all, std::uint64_t{1}});
    const std::uint64_t filled = done * width / all;
    if (!is_watched_ || (filled == filled_ && what == what_ && done != all))
      return;
    filled_ = filled;
    what_ = what;
    err_ << "\r[" << std::string(filled, '#') << std::string(width - filled, ' ') << "] " << done
         << '/' << all << ' ' << what << "\033[K" << std::flush;
  }

private:
  std::ostream& err_;
  bool is_watched_;
  std::uint64_t filled_ = 0;
  std::string what_{};
};

} // namespace ducat::cli
