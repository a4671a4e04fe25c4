/// Appends to a log until it is killed, and says what is acknowledged: log_writer DIRECTORY [trim]
/// With trim, each entry but the newest is removed at once.

#include "log_helpers.hpp"

#include <ducat/fatal.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  using namespace ducat;
  const auto log = testing::opened(argv[1]);
  const epoch mine = log->take_epoch().value();
  for (;;) {
    const auto appended = log->append(mine, {}, testing::payload(log->last().index + 1));
    if (!appended)
      end_process(appended.error());
    std::printf("%llu\n", static_cast<unsigned long long>(appended->index));
    std::fflush(stdout);
    if (const auto done = argc > 2 ? log->trim(appended->index - 1) : result<void>{}; !done)
      end_process(done.error());
  }
}
