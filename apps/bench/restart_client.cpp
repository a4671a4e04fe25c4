#include "restart_client.hpp"

#include "harness.hpp"

#include <ducat/spawn.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>

#include <atomic>
#include <memory>
#include <stdexcept>

namespace ducat::bench {

/// Comes back to the client when the others have run, so that it looks again.
struct again {};

} // namespace ducat::bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::bench::ask)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::bench::crash)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::bench::again)

namespace ducat::bench {

namespace {

/// Sends `again` back.
caf::behavior bouncer(caf::event_based_actor*) {
  return {[](again) { return again{}; }};
}

class restart_watcher {
public:
  restart_watcher(caf::event_based_actor* self, finder find, std::size_t times,
                  std::function<void(std::vector<double>)> done)
      : self_{self}, bouncer_{spawn_function(*self, bouncer)}, find_{std::move(find)},
        times_{times}, done_{std::move(done)} {
    samples_.reserve(times);
  }

  /// Asks the life that runs; comes back with `again` if there is none, or not a new one.
  void probe() {
    const caf::actor life = find_();
    if (!life)
      return yield();
    self_->request(life, caf::infinite, ask{})
        .then([this](int number) { number == last_ ? yield() : on_new(number); },
              [this](const caf::error&) { yield(); });
  }

private:
  /// As erlang:yield(). A message to itself would not do: CAF lets an actor handle many in a row.
  void yield() { self_->send(bouncer_, again{}); }

  void on_new(int number) {
    if (last_ != 0)
      samples_.push_back(seconds_since(crashed_) * 1e6);
    last_ = number;
    if (samples_.size() == times_) {
      done_(std::move(samples_));
      return self_->quit();
    }
    crashed_ = clock::now();
    self_->send(find_(), crash{});
    probe();
  }

  caf::event_based_actor* self_;
  caf::actor bouncer_;
  finder find_;
  std::size_t times_;
  std::function<void(std::vector<double>)> done_;
  std::vector<double> samples_;
  int last_ = 0; // The life that is crashed; 0 before the first.
  clock::time_point crashed_;
};

} // namespace

caf::behavior victim(caf::event_based_actor*) {
  static std::atomic<int> lives{0};
  return {[number = ++lives](ask) { return number; },
          [](crash) { throw std::runtime_error{"told to crash"}; }};
}

caf::behavior restart_client(caf::event_based_actor* self, finder find, std::size_t times,
                             std::function<void(std::vector<double>)> done) {
  const auto state =
      std::make_shared<restart_watcher>(self, std::move(find), times, std::move(done));
  self->send(self, again{});
  return {[state](again) { state->probe(); }};
}

} // namespace ducat::bench
