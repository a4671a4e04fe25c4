/// A disk that refuses to take more.
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace ducat::testing {

/// Makes writes past `bytes` of any file fail with EFBIG until the end of its life.
class file_size_limit {
public:
  explicit file_size_limit(rlim_t bytes) : handler_{std::signal(SIGXFSZ, SIG_IGN)} {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limited{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }

  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

private:
  void (*handler_)(int);
  rlimit before_{};
};

} // namespace ducat::testing
