/// What was posted to a thread, which the test is.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace ducat::testing {

class run_queue {
public:
  /// Returns what puts a call at the end. It may outlive this.
  std::function<void(std::function<void()>)> poster() const {
    return [calls = calls_](std::function<void()> call) { calls->push_back(std::move(call)); };
  }

  /// Runs the oldest call; returns whether there was one.
  bool run_one() {
    if (calls_->empty())
      return false;
    const auto call = std::move(calls_->front());
    calls_->pop_front();
    call();
    return true;
  }

  /// Runs until nothing is left, also what is posted meanwhile. If a call throws, those after it
  /// stay.
  void run() {
    while (run_one()) {
    }
  }

private:
  std::shared_ptr<std::deque<std::function<void()>>> calls_ =
      std::make_shared<std::deque<std::function<void()>>>();
};

} // namespace ducat::testing
