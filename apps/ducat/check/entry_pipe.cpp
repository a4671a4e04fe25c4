#include "check/entry_pipe.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ducat::cli {

namespace {

constexpr std::size_t batch_bytes = 256 * 1'024;
constexpr std::size_t batches_max = 16;

} // namespace

entry_pipe::~entry_pipe() {
  end();
}

void entry_pipe::add(const entry& e) {
  pieces_.push_back(next_piece());
  pieces_.back()->copy = e;
  read(pieces_.back()->copy, pieces_.back()->reading);
  bytes_ += e.payload.size();
  if (bytes_ >= batch_bytes)
    hand_over();
}

std::unique_ptr<entry_pipe::piece> entry_pipe::next_piece() {
  if (spare_.empty())
    return std::make_unique<piece>();
  auto one = std::move(spare_.back());
  spare_.pop_back();
  return one;
}

void entry_pipe::hand_over() {
  if (!thread_.joinable())
    thread_ = std::thread{[this] { run(); }};
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return waiting_.size() < batches_max; });
  waiting_.push_back(std::exchange(pieces_, {}));
  std::ranges::move(taken_, std::back_inserter(spare_));
  taken_.clear();
  bytes_ = 0;
  changed_.notify_all();
}

void entry_pipe::finish() {
  if (thread_.joinable())
    hand_over();
  else
    take_all(pieces_);
  end();
  if (failure_)
    std::rethrow_exception(failure_);
}

void entry_pipe::end() {
  if (!thread_.joinable())
    return;
  {
    const std::lock_guard lock{mutex_};
    is_ended_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

/// Takes all that waits at once: threads that wait for each other batch by batch are slow where
/// others want the processor, too.
void entry_pipe::run() {
  while (true) {
    std::vector<batch> next;
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return is_ended_ || !waiting_.empty(); });
      if (waiting_.empty())
        return;
      next.swap(waiting_);
      changed_.notify_all();
    }
    for (batch& each : next) {
      take_all(each);
      const std::lock_guard lock{mutex_};
      std::ranges::move(each, std::back_inserter(taken_));
    }
  }
}

void entry_pipe::take_all(const batch& pieces) {
  try {
    for (const auto& each : pieces)
      if (!failure_)
        take_(each->reading);
  } catch (...) {
    failure_ = std::current_exception();
  }
}

} // namespace ducat::cli
