/// Where figures of a node come from, for a child of its tree, which starts before them.
#pragma once

#include "metrics/node_figures.hpp"

#include <functional>
#include <mutex>
#include <utility>

namespace ducat::alerts {

/// Any thread.
class figure_source {
public:
  figure_source() = default;
  figure_source(const figure_source&) = delete;
  figure_source& operator=(const figure_source&) = delete;

  /// From now on figures are those of `of`, until close() has returned.
  void open(api::service& of) {
    const std::lock_guard lock{guard_};
    of_ = &of;
  }

  void close() {
    const std::lock_guard lock{guard_};
    of_ = nullptr;
  }

  /// As metrics::gather(). Returns false, and never calls `done`, while there are none. `done` must
  /// not block, nor come back here.
  bool gather(time_point deadline, std::function<void(metrics::node_figures)> done) {
    const std::lock_guard lock{guard_};
    if (of_ == nullptr)
      return false;
    metrics::gather(*of_, deadline, std::move(done));
    return true;
  }

private:
  std::mutex guard_;
  api::service* of_ = nullptr;
};

} // namespace ducat::alerts
