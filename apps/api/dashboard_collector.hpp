/// What every dashboard that a node serves is told.
#pragma once

#include "api/dashboard_board.hpp"
#include "api/dashboard_lists.hpp"
#include "api/service.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace ducat::api {

/// Asks the service for what dashboards show, once for all that watch, and only while somebody
/// does. A question that takes long is asked the less often, and none twice at a time. What cannot
/// be had stays as it was, and the topic `problems` says so. Thread-safety: any thread.
class dashboard_collector : public std::enable_shared_from_this<dashboard_collector> {
public:
  /// `of` must outlive the last call of tick(), and may answer later.
  explicit dashboard_collector(service& of);

  /// Asks what is due. To be called again and again for as long as somebody watches. Never blocks.
  void tick(time_point now);

  const dashboard_board& board() const noexcept { return board_; }

private:
  /// Asks for what the topic shows; the answer ends in settle() or fail().
  using question = void (dashboard_collector::*)(std::size_t at, time_point deadline);

  struct topic {
    const char* name;
    std::chrono::milliseconds every;
    question ask;
    bool is_asked = false;
    time_point asked_at = {};
    time_point due = {};
  };

  template <class Request, class Reply>
  void ask(std::size_t at, time_point deadline, Request request,
           std::function<std::string(const Reply&)> view);
  template <class Request, class Reply>
  void ask_plainly(std::size_t at, time_point deadline);
  void ask_tree(std::size_t at, time_point deadline);
  void ask_figures(std::size_t at, time_point deadline);
  void ask_status(std::size_t at, time_point deadline);
  void ask_payments(std::size_t at, time_point deadline);
  void ask_doubt(std::size_t at, time_point deadline);
  void ask_windows(std::size_t at, time_point deadline);
  void ask_candidates(std::size_t at, time_point deadline);

  void settle(std::size_t at, std::string json);
  void fail(std::size_t at, const v1::Error& why);
  void finish(topic& of);
  void put_problems();

  service& of_;
  dashboard_board board_;
  std::mutex guard_; ///< Of what follows; no question is asked while it is held.
  std::array<topic, 12> topics_;
  std::map<std::string, std::string> problems_; ///< By topic: why it is not up to date.
  v1::TimeInDoubt doubt_;                       ///< As the newest status says.

  // Used by the question of their topic only, of which there is one at a time.
  recent_payments recent_;
  std::uint64_t newest_event_ = 0; ///< When `recent_` was asked for.
  bool is_recent_known_ = false;
  doubt_search in_doubt_;
};

} // namespace ducat::api
