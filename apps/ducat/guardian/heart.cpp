#include "guardian/heart.hpp"

#include "core/logger.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace ducat::guardian {

namespace {

using counter = std::atomic<std::uint64_t>;

/// Answers by what it writes, so that nobody has to wait for it.
caf::behavior pulse(caf::event_based_actor*, const std::shared_ptr<counter>& answered) {
  return {[answered](std::uint64_t asked) { answered->store(asked); }};
}

void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

/// A full pipe takes no line, and needs none. Without a guardian there is nobody to restart this
/// process, and another may have been started: it ends, should the kernel not have seen to that.
void write_line(int pipe, const std::string& text) {
  const std::string line = text + "\n";
  if (::write(pipe, line.data(), line.size()) < 0 && errno == EPIPE)
    ::raise(SIGKILL);
}

} // namespace

struct heart::state {
  explicit state(int p) : pipe{p} {}

  void run(const std::stop_token& stop);
  void beat();
  void look_back(time_point now);

  const int pipe;
  std::mutex guard;
  std::condition_variable_any wake;
  caf::actor pulse;                                                // Needs the guard.
  std::uint64_t asked = 0;                                         // Needs the guard.
  std::shared_ptr<counter> answered = std::make_shared<counter>(); // Invariant: <= asked.
  time_point came_to_beat = std::chrono::steady_clock::now();      // Only the thread.
  std::jthread thread;
};

std::optional<std::chrono::milliseconds> pause_between(time_point beat, time_point next) {
  constexpr std::chrono::milliseconds late_max{1'000};
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(next - beat);
  return took > beat_interval + late_max ? std::optional{took} : std::nullopt;
}

heart::heart(int pipe) {
  if (pipe < 0)
    return;
  state_ = std::make_unique<state>(pipe);
  state_->thread = std::jthread{[s = state_.get()](const std::stop_token& stop) { s->run(stop); }};
}

heart::~heart() {
  stop();
}

void heart::watch(caf::actor_system& system) {
  if (state_ == nullptr)
    return;
  const std::lock_guard lock{state_->guard};
  state_->pulse = system.spawn(pulse, state_->answered);
}

void heart::tell_ready() {
  if (state_ != nullptr)
    write_line(state_->pipe, ready_line);
}

void heart::stop() {
  if (state_ == nullptr)
    return;
  state_->thread = {}; // Stops and joins it.
  if (state_->pulse)
    caf::anon_send_exit(state_->pulse, caf::exit_reason::user_shutdown);
  state_ = nullptr;
}

void heart::state::run(const std::stop_token& stop) {
  block_sigpipe();
  std::unique_lock lock{guard};
  while (!stop.stop_requested()) {
    look_back(std::chrono::steady_clock::now());
    beat();
    wake.wait_for(lock, stop, beat_interval, [] { return false; });
  }
}

/// Says in the log if the runtime stood still: `ducat chaos record` makes a pause of it.
void heart::state::look_back(time_point now) {
  if (const auto pause = pause_between(came_to_beat, now))
    named_logger("fault")->warn("runtime_paused for_ms={}", pause->count());
  came_to_beat = now;
}

void heart::state::beat() {
  if (answered->load() != asked)
    return;
  write_line(pipe, beat_line);
  if (pulse)
    caf::anon_send(pulse, ++asked);
}

} // namespace ducat::guardian
