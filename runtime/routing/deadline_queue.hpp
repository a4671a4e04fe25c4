/// When which request has to be answered. Pure.
#pragma once

#include "routing/request_table.hpp"

#include <ducat/time.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace ducat::routing {

/// A heap of deadlines. Requests that are answered in time stay in it until they come up, or until
/// they are the greater part of it: then it is built anew, without them.
class deadline_queue {
public:
  /// `is_live(id)` says whether a request is unanswered; `live` is how many are.
  template <class IsLive>
  void push(time_point deadline, request_id id, std::size_t live, IsLive is_live) {
    if (heap_.size() > 2 * live + slack) {
      std::erase_if(heap_, [&](const entry& each) { return !is_live(each.second); });
      std::ranges::make_heap(heap_, std::greater{});
    }
    heap_.emplace_back(deadline, id);
    std::ranges::push_heap(heap_, std::greater{});
  }

  /// Returns the first deadline, perhaps that of a request that is answered.
  std::optional<time_point> first() const {
    return heap_.empty() ? std::nullopt : std::optional{heap_.front().first};
  }

  /// Removes and returns the next unanswered request whose deadline is not after `now`; nothing if
  /// there is none, and then first() is that of an unanswered one.
  template <class IsLive>
  std::optional<request_id> pop(time_point now, IsLive is_live) {
    while (!heap_.empty()) {
      const auto [deadline, id] = heap_.front();
      const bool live = is_live(id);
      if (live && deadline > now)
        return std::nullopt;
      std::ranges::pop_heap(heap_, std::greater{});
      heap_.pop_back();
      if (live)
        return id;
    }
    return std::nullopt;
  }

private:
  using entry = std::pair<time_point, request_id>;

  static constexpr std::size_t slack = 64;

  std::vector<entry> heap_;
};

} // namespace ducat::routing
