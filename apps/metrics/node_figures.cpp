#include "metrics/node_figures.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace ducat::metrics {

namespace {

/// Shared by the answers; the last one to let go of it tells what has come.
class gathering {
public:
  gathering(bool is_ready, std::function<void(node_figures)> done) : done_{std::move(done)} {
    made_.is_ready = is_ready;
  }

  gathering(const gathering&) = delete;
  gathering& operator=(const gathering&) = delete;

  ~gathering() { done_(std::move(made_)); }

  template <class T>
  void put(std::optional<T> node_figures::* where, api::reply<T> found) {
    const std::lock_guard lock{guard_};
    if (found)
      made_.*where = std::move(*found);
  }

private:
  std::mutex guard_;
  node_figures made_;
  std::function<void(node_figures)> done_;
};

template <class Request, class T>
void ask(api::service& of, time_point deadline, const std::shared_ptr<gathering>& all,
         std::optional<T> node_figures::* where) {
  of.call(Request{}, deadline,
          [all, where](api::reply<T> found) { all->put(where, std::move(found)); });
}

} // namespace

void gather(api::service& of, time_point deadline, std::function<void(node_figures)> done) {
  const auto all = std::make_shared<gathering>(of.is_ready(), std::move(done));
  ask<v1::TreeRequest>(of, deadline, all, &node_figures::tree);
  ask<v1::FiguresRequest>(of, deadline, all, &node_figures::measured);
  ask<v1::StatusRequest>(of, deadline, all, &node_figures::status);
  ask<v1::ListNodesRequest>(of, deadline, all, &node_figures::nodes);
  ask<v1::ListGroupsRequest>(of, deadline, all, &node_figures::groups);
  ask<v1::ListLinksRequest>(of, deadline, all, &node_figures::links);
  ask<v1::ListAcquirersRequest>(of, deadline, all, &node_figures::acquirers);
  ask<v1::ListExceptionsRequest>(of, deadline, all, &node_figures::exceptions);
  ask<v1::ListDeadLettersRequest>(of, deadline, all, &node_figures::dead_letters);
  ask<v1::AvailabilityRequest>(of, deadline, all, &node_figures::availability);
}

} // namespace ducat::metrics
