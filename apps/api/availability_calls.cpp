#include "api/availability_calls.hpp"

#include <chrono>

namespace ducat::api {

namespace {

std::uint64_t microseconds_of(duration value) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(value).count());
}

std::string state_of(const monitor::condition& now) {
  if (now.serving)
    return "serving";
  return now.in_order ? "stopped" : "failed";
}

void count(const monitor::measured& counted, v1::SubjectAvailability& view) {
  view.set_observed_us(microseconds_of(counted.observed));
  view.set_serving_us(microseconds_of(counted.serving));
  view.set_failed_us(microseconds_of(counted.failed));
  view.set_with_fault_us(microseconds_of(counted.with_fault));
  view.set_serving_with_fault_us(microseconds_of(counted.serving_with_fault));
  view.set_failures(counted.failures);
  view.set_repairs(counted.repairs);
  if (const auto share = availability_of(counted))
    view.set_availability(*share);
  if (const auto share = fault_tolerance_of(counted))
    view.set_fault_tolerance(*share);
  if (const auto mean = mtbf_of(counted))
    view.set_mtbf_us(microseconds_of(*mean));
  if (const auto mean = mttr_of(counted))
    view.set_mttr_us(microseconds_of(*mean));
}

v1::SubjectAvailability view_of(const monitor::subject_report& line) {
  v1::SubjectAvailability view;
  view.set_subject(line.about.name);
  view.set_kind(std::string{to_string(line.about.what)});
  view.set_state(state_of(line.now));
  view.set_fault_present(line.now.fault_present);
  count(line.counted, view);
  if (!line.predicted)
    return view;
  v1::AvailabilityPrediction& predicted = *view.mutable_predicted();
  predicted.set_mode(to_string(line.mode));
  predicted.set_availability(line.predicted->availability);
  predicted.set_unavailability(line.predicted->unavailability);
  if (line.predicted->fault_tolerance)
    predicted.set_fault_tolerance(*line.predicted->fault_tolerance);
  return view;
}

} // namespace

result<v1::AvailabilityReply> availability_of(const std::string& node,
                                              const node_service_options& observed,
                                              const v1::AvailabilityRequest& request) {
  if (observed.availability == nullptr)
    return fail(errc::unavailable, "this node does not observe its availability");
  const auto over = monitor::window_named(request.window().empty() ? "start" : request.window());
  if (!over)
    return fail(errc::invalid_argument, "a window is 1m, 1h, 1d or start");
  const auto lines = observed.availability->report(*over, request.subject());
  if (lines.empty() && !request.subject().empty())
    return fail(errc::not_found, "nothing of that name has served: " + request.subject());
  v1::AvailabilityReply reply;
  reply.set_node(node);
  reply.set_window(std::string{to_string(*over)});
  for (const monitor::subject_report& line : lines)
    *reply.add_subjects() = view_of(line);
  if (observed.followed != nullptr)
    reply.set_left_out(observed.followed->left_out());
  return reply;
}

} // namespace ducat::api
