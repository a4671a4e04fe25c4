/// Those who wait for an acquirer's answer in one life of its actor.
#pragma once

#include <caf/response_promise.hpp>

#include <cstdint>
#include <map>
#include <utility>

namespace ducat::acquiring {

/// Each is answered once. Not thread-safe.
template <class Answer>
class callers {
public:
  std::uint64_t add(const caf::response_promise& caller) {
    waiting_.emplace(++newest_, caller);
    return newest_;
  }

  void answer(std::uint64_t number, Answer what) {
    if (auto found = waiting_.extract(number))
      found.mapped().deliver(std::move(what));
  }

  /// Answers all. Nobody is to wait for a timeout because this life has ended.
  void end(const Answer& with) {
    for (auto& [number, caller] : waiting_)
      caller.deliver(with);
    waiting_.clear();
  }

private:
  std::map<std::uint64_t, caf::response_promise> waiting_;
  std::uint64_t newest_ = 0;
};

} // namespace ducat::acquiring
