/// What a stream shows, one portion after the other. Pure.
#pragma once

#include "api/http_call.hpp"
#include "api/service.hpp"

#include <string>

namespace ducat::api {

/// Makes server-sent events of answers of the service. A portion is what one answer has: at most a
/// page of events, or the rows that a timeline got.
class event_source {
public:
  explicit event_source(stream_request what) : what_{std::move(what)} {}

  bool is_timeline() const noexcept { return !what_.payment_id.empty(); }

  /// The next question: one of the two, by is_timeline().
  v1::GetTimelineRequest timeline_question() const;
  v1::ListEventsRequest events_question() const;

  /// Returns the portion, empty if there is nothing new, and goes on after it.
  std::string take(const v1::TimelineReply& found);
  std::string take(const v1::ListEventsReply& found);

  /// Returns whether the next portion is there already.
  bool has_more() const noexcept { return has_more_; }

private:
  stream_request what_;
  bool has_more_ = false;
};

} // namespace ducat::api
