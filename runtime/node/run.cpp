#include <ducat/fatal.hpp>
#include <ducat/run.hpp>

#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace ducat {

namespace {

constexpr int usage_exit_code = 64; // EX_USAGE of sysexits.h
constexpr unsigned stop_seconds_max = 20;

/// Returns the options; invalid_argument if the command line is wrong.
result<node_options> options_of(int argc, char** argv) {
  node_options options{.data = "ducat-data"};
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name{argv[i]};
    if (i + 1 == argc || (name != "--data" && name != "--node"))
      return fail(errc::invalid_argument, "usage: [--data DIR] [--node ID]");
    name == "--data" ? void(options.data = argv[i + 1]) : void(options.id = argv[i + 1]);
  }
  return options;
}

int refuse(const error& what, int code) {
  std::fprintf(stderr, "%s\n", explained(what).c_str());
  return code;
}

} // namespace

stop_signals::stop_signals() noexcept : signals_{} {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void stop_signals::wait(unsigned seconds_max) const noexcept {
  int signal = 0;
  sigwait(&signals_, &signal);
  ::alarm(seconds_max);
}

int run(int argc, char** argv, void (*describe)(node&)) {
  auto options = options_of(argc, argv);
  if (!options)
    return refuse(options.error(), usage_exit_code);
  const stop_signals stop;
  const auto running = node::start(std::move(*options), describe);
  if (!running)
    return refuse(running.error(), fatal_exit_code);
  std::printf("node_ready id=%s\n", (*running)->id().c_str());
  std::fflush(stdout);
  stop.wait(stop_seconds_max);
  (*running)->stop();
  return 0;
}

} // namespace ducat
