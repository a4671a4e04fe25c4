/// What a service manager hears: the protocol of sd_notify(3), without systemd.

#include "guardian/guarded_node.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <array>
#include <cstring>

namespace ducat::guardian {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The socket on which a service manager listens.
class notify_socket {
public:
  explicit notify_socket(const std::filesystem::path& at)
      : descriptor_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, at.c_str(), sizeof(address.sun_path) - 1);
    if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
      throw std::system_error(errno, std::generic_category(), at);
    const timeval minute{.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute));
  }

  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;

  ~notify_socket() { ::close(descriptor_); }

  /// Waits for the next message; empty if there is none for a minute.
  std::string next() const {
    std::array<char, 4096> text{};
    const ssize_t size = ::recv(descriptor_, text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(std::max(size, ssize_t{0}))};
  }

  /// Returns the next message that is no sign of life, and counts those.
  std::string next_state(int& beats) const {
    beats = 0;
    for (;; ++beats)
      if (std::string text = next(); text != "WATCHDOG=1")
        return text;
  }

private:
  int descriptor_;
};

class Notify : public GuardedNode {
protected:
  void launch_notifying(std::vector<std::string> more, std::vector<std::string> environment) {
    environment.push_back("NOTIFY_SOCKET=" + (directory_.path() / "notify").string());
    launch(std::move(more), std::move(environment));
  }

  std::string next_state() { return socket_.next_state(beats_); }

  notify_socket socket_{directory_.path() / "notify"};
  int beats_ = 0; ///< Before the last state.
};

TEST_F(Notify, TellsOfReadinessRestartsAndTheStopAndNothingElse) {
  launch_notifying({}, {});
  await_ready();
  EXPECT_EQ(socket_.next(), "READY=1\nSTATUS=running, 0 restarts");
  ::kill(runtime_, SIGKILL);
  EXPECT_EQ(socket_.next(), "STATUS=restarting after: killed by SIGKILL");
  EXPECT_EQ(socket_.next(),
            "READY=1\nSTATUS=running, 1 restarts, the last one after: killed by SIGKILL");
  program_->signal(SIGTERM);
  EXPECT_EQ(socket_.next(), "STOPPING=1\nSTATUS=stopping");
  EXPECT_EQ(program_->wait(), 0);
}

TEST_F(Notify, TellsOfLifeOnlyWhileTheRuntimeLives) {
  launch_notifying({"--hang-after", "3"}, {"WATCHDOG_USEC=30000000"});
  await_ready();
  next_state();
  EXPECT_GE(beats_, 1) << "it lived while it started";
  EXPECT_EQ(socket_.next(), "WATCHDOG=1");
  ::kill(runtime_, SIGSTOP);
  EXPECT_EQ(next_state(), "STATUS=restarting after: hung for 3 s");
  EXPECT_LE(beats_, 2) << "those that were on their way";
}

TEST_F(Notify, KeepsItsManagerFromItsRuntime) {
  launch_notifying({}, {"WATCHDOG_USEC=30000000"});
  await_ready();
  std::stringstream environment;
  environment << std::ifstream{"/proc/" + std::to_string(runtime_) + "/environ"}.rdbuf();
  EXPECT_THAT(environment.str(), HasSubstr("DUCAT_GUARDIAN_PIPE="));
  EXPECT_THAT(environment.str(), Not(HasSubstr("NOTIFY_SOCKET")));
  EXPECT_THAT(environment.str(), Not(HasSubstr("WATCHDOG_USEC")));
}

} // namespace
} // namespace ducat::guardian
