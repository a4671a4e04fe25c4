#include "api/commit_watch.hpp"

#include "api/commit_way.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace ducat::api {

namespace {

time_point now() {
  return std::chrono::steady_clock::now();
}

} // namespace

/// Shared with the answers.
struct commit_watch::state {
  explicit state(commit_question a) : ask{std::move(a)} {}

  const commit_question ask;
  mutable std::mutex guard;
  std::condition_variable_any wake;
  commit_way way; // Needs the guard.

  void heard(bool is_answer) {
    const std::lock_guard lock{guard};
    is_answer ? way.answered(now()) : way.failed();
  }

  static void put_question(const std::shared_ptr<state>& of) {
    {
      const std::lock_guard lock{of->guard};
      if (!of->way.ask())
        return;
    }
    of->ask(now() + answer_patience,
            [of](const reply<log_position>& answer) { of->heard(answer.has_value()); });
  }

  void wait(const std::stop_token& stop) {
    std::unique_lock lock{guard};
    wake.wait_for(lock, stop, question_every, [] { return false; });
  }
};

commit_watch::commit_watch(commit_question ask) : state_{std::make_shared<state>(std::move(ask))} {
  state::put_question(state_);
  thread_ = std::jthread{[of = state_](const std::stop_token& stop) {
    for (of->wait(stop); !stop.stop_requested(); of->wait(stop))
      state::put_question(of);
  }};
}

commit_watch::~commit_watch() = default;

bool commit_watch::is_open() const {
  const std::lock_guard lock{state_->guard};
  return state_->way.is_open(now());
}

} // namespace ducat::api
