#include "api/event_source.hpp"

#include "api/json.hpp"

namespace ducat::api {

namespace {

constexpr std::uint32_t page_size = 100;

/// JSON has no line breaks outside of its texts, where they are escaped.
std::string event_text(const std::string& id, const std::string& type,
                       const google::protobuf::Message& data) {
  const auto json = to_json(data);
  if (!json)
    return {};
  return "id: " + id + "\nevent: " + type + "\ndata: " + *json + "\n\n";
}

} // namespace

v1::GetTimelineRequest event_source::timeline_question() const {
  v1::GetTimelineRequest asked;
  asked.set_id(what_.payment_id);
  return asked;
}

v1::ListEventsRequest event_source::events_question() const {
  v1::ListEventsRequest asked = what_.events;
  asked.set_limit(what_.from_now ? 1 : page_size);
  return asked;
}

std::string event_source::take(const v1::TimelineReply& found) {
  std::string text;
  const auto rows = static_cast<std::uint32_t>(found.data_size());
  for (; what_.rows < rows; ++what_.rows) {
    const v1::PaymentEvent& row = found.data(static_cast<int>(what_.rows));
    text += event_text(std::to_string(what_.rows + 1), row.what(), row);
  }
  return text;
}

std::string event_source::take(const v1::ListEventsReply& found) {
  if (what_.from_now) { // The first answer only says where now is; there may be no event yet.
    what_.from_now = false;
    what_.events.set_after(found.newest());
    has_more_ = false;
    return {};
  }
  std::string text;
  for (const v1::Event& each : found.data())
    text += event_text(each.id(), each.type(), each);
  if (!found.next().empty())
    what_.events.set_after(found.next());
  has_more_ = found.has_more();
  return text;
}

} // namespace ducat::api
