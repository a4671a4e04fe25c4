#include "alerts/notice_post.hpp"

#include <nlohmann/json.hpp>

namespace ducat::alerts {

namespace {

using json = nlohmann::ordered_json;

/// What others have written need not be UTF-8.
std::string text_of(const json& what) {
  return what.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

std::string body_of(const notice& what, const teller& from) {
  const alert& about = what.about;
  const std::string subject = about.subject.empty() ? from.node : about.subject;
  return text_of({{"type", "alert." + std::string{to_string(what.what)}},
                  {"node", from.node},
                  {"cluster", from.cluster},
                  {"dedup_key", from.cluster + "/" + about.rule + "/" + subject},
                  {"rule", about.rule},
                  {"subject", about.subject},
                  {"severity", to_string(about.how)},
                  {"text", about.text},
                  {"action", about.action},
                  {"since_ns", about.since.nanoseconds},
                  {"fired_at_ns", about.fired_at.nanoseconds},
                  {"acknowledged_by", about.acknowledged_by}});
}

std::string heartbeat_body(const teller& from, log_time now) {
  return text_of({{"type", "alert.heartbeat"},
                  {"node", from.node},
                  {"cluster", from.cluster},
                  {"at_ns", now.nanoseconds}});
}

} // namespace ducat::alerts
