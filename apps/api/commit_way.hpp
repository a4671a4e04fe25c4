/// Whether commits get through now, judged by questions that go the way of a commit. Pure.
#pragma once

#include <ducat/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace ducat::api {

/// How often it is asked, and how long an answer is waited for.
constexpr std::chrono::milliseconds question_every{250};
constexpr std::chrono::seconds answer_patience{3};

/// With no answer for that long nothing is committed. Four questions: one slow answer is none of
/// them, and the answers of a way that is slow and moves come as often as they are asked for.
constexpr std::chrono::seconds silence_max{1};

class commit_way {
public:
  /// So many questions are under way at most.
  static constexpr std::uint32_t asked_max = answer_patience / question_every;

  /// Returns whether a question is to be put now; it is under way then, until answered() or
  /// failed().
  bool ask();

  /// A question was answered, however long ago it was put. `now` never goes back.
  void answered(time_point now);

  /// It was refused, or nobody waits for its answer any more.
  void failed();

  /// Returns whether commits get through: there was an answer, not longer ago than silence_max.
  bool is_open(time_point now) const;

  std::uint32_t asked() const noexcept { return asked_; }

private:
  std::uint32_t asked_ = 0;            // Invariant: <= asked_max.
  std::optional<time_point> newest_{}; // When the newest answer came.
};

} // namespace ducat::api
