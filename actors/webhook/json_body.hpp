/// What is posted of an event.
#pragma once

#include <ducat/v1/event.pb.h>

#include <string>

namespace ducat::webhook {

/// Returns {"type", "timestamp", "data"}: the event's type, when it occurred in RFC 3339, and the
/// event as the API shows it. The same event is always the same text; empty if it has no JSON form.
std::string body_of(const v1::Event& event);

} // namespace ducat::webhook
