/// What a node shows of itself in figures.
#pragma once

#include "api/service.hpp"

#include <ducat/time.hpp>

#include <functional>
#include <optional>

namespace ducat::metrics {

/// What its service has told. What could not be told in time is not there: figures that are missing
/// say so to whoever watches.
struct node_figures {
  bool is_ready = false;
  std::optional<v1::TreeReply> tree{};
  std::optional<v1::FiguresReply> measured{};
  std::optional<v1::StatusReply> status{};
  std::optional<v1::ListNodesReply> nodes{};
  std::optional<v1::ListGroupsReply> groups{};
  std::optional<v1::ListLinksReply> links{};
  std::optional<v1::ListAcquirersReply> acquirers{};
  std::optional<v1::ListExceptionsReply> exceptions{};
  std::optional<v1::ListDeadLettersReply> dead_letters{};
  std::optional<v1::AvailabilityReply> availability{};
};

/// Asks `of` for all figures, and calls `done` once, on any thread, when each question was
/// answered, with an error or without. Does not block. `of` must outlive the call of `done`.
void gather(api::service& of, time_point deadline, std::function<void(node_figures)> done);

} // namespace ducat::metrics
