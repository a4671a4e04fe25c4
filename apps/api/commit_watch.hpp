/// Keeps asking whether commits get through.
#pragma once

#include "api/service.hpp"

#include <ducat/durable.hpp>
#include <ducat/time.hpp>

#include <functional>
#include <memory>
#include <thread>

namespace ducat::api {

/// Puts a question the way of a commit, and hands over its answer. Must not block. See service.
using commit_question = std::function<void(time_point deadline, respond<log_position>)>;

/// Asks once in its constructor, and every question_every from a thread of its own, until it is
/// destroyed. Answers may come later than that.
class commit_watch {
public:
  explicit commit_watch(commit_question ask);
  ~commit_watch();
  commit_watch(const commit_watch&) = delete;
  commit_watch& operator=(const commit_watch&) = delete;

  /// Returns what commit_way says now. Any thread; does not block.
  bool is_open() const;

private:
  struct state;

  std::shared_ptr<state> state_;
  std::jthread thread_;
};

} // namespace ducat::api
