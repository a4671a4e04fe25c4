/// Whoever is told of traces: a fake receiver in this process, which reads OTLP/HTTP and answers as
/// it is told.
#pragma once

#include <gtest/gtest.h>
#include <httplib.h>
#include <opentelemetry/proto/collector/trace/v1/trace_service.pb.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace ducat::traces::test {

/// A span as it came. Ids are hex digits.
struct received_span {
  std::string trace;
  std::string id;
  std::string parent; ///< Empty: it is a root.
  std::string name;
  int kind = 0;
  std::uint64_t begun_ns = 0;
  std::uint64_t ended_ns = 0;
  std::map<std::string, std::string> attributes; ///< Numbers as text.
  bool is_error = false;
  std::string problem;
  std::string linked_trace; ///< Empty: it has no link.
  std::string linked_span;
  std::string instance; ///< service.instance.id of who has told it.

  std::string at(const std::string& key) const {
    const auto found = attributes.find(key);
    return found == attributes.end() ? "" : found->second;
  }
};

inline std::ostream& operator<<(std::ostream& out, const received_span& what) {
  out << what.name << " of " << what.instance << " trace=" << what.trace << " id=" << what.id
      << " parent=" << what.parent;
  for (const auto& [key, value] : what.attributes)
    out << ' ' << key << '=' << value;
  return out << (what.is_error ? " problem=" + what.problem : "");
}

inline std::string hex_of(const std::string& bytes) {
  std::string text;
  for (const char each : bytes) {
    constexpr const char* digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(each);
    text += digits[byte >> 4];
    text += digits[byte & 0xf];
  }
  return text;
}

inline std::string text_of(const opentelemetry::proto::common::v1::AnyValue& value) {
  return value.has_string_value() ? value.string_value() : std::to_string(value.int_value());
}

/// Returns nothing of what cannot be read.
inline std::vector<received_span> spans_in(const std::string& body) {
  opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest request;
  std::vector<received_span> all;
  if (!request.ParseFromString(body))
    return all;
  for (const auto& of_node : request.resource_spans()) {
    std::map<std::string, std::string> resource;
    for (const auto& each : of_node.resource().attributes())
      resource[each.key()] = text_of(each.value());
    for (const auto& scope : of_node.scope_spans())
      for (const auto& span : scope.spans()) {
        received_span read{.trace = hex_of(span.trace_id()),
                           .id = hex_of(span.span_id()),
                           .parent = hex_of(span.parent_span_id()),
                           .name = span.name(),
                           .kind = span.kind(),
                           .begun_ns = span.start_time_unix_nano(),
                           .ended_ns = span.end_time_unix_nano(),
                           .attributes = {},
                           .is_error = span.status().code() == 2,
                           .problem = span.status().message(),
                           .linked_trace = {},
                           .linked_span = {},
                           .instance = resource["service.instance.id"]};
        for (const auto& each : span.attributes())
          read.attributes[each.key()] = text_of(each.value());
        for (const auto& each : span.links()) {
          read.linked_trace = hex_of(each.trace_id());
          read.linked_span = hex_of(each.span_id());
        }
        all.push_back(std::move(read));
      }
  }
  return all;
}

class fake_receiver {
public:
  using habit = std::function<void(httplib::Response&)>; ///< What it answers.

  fake_receiver() {
    server_.Post("/v1/traces", [this](const httplib::Request& request,
                                      httplib::Response& response) { take(request, response); });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { server_.listen_after_bind(); }};
    while (!server_.is_running())
      std::this_thread::yield();
  }

  ~fake_receiver() {
    server_.stop();
    thread_.join();
  }

  fake_receiver(const fake_receiver&) = delete;
  fake_receiver& operator=(const fake_receiver&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1/traces"; }

  void answer_with(habit what) {
    const std::lock_guard lock{guard_};
    habit_ = std::move(what);
  }

  /// Waits until `is_enough` says so of the spans that were taken; returns whether it did.
  bool wait(const std::function<bool(const std::vector<received_span>&)>& is_enough) {
    std::unique_lock lock{guard_};
    return more_.wait_for(lock, std::chrono::seconds{60}, [&] { return is_enough(spans_); });
  }

  /// Waits for all spans of that trace, `count` of them: those that come last can be of what began
  /// first. Returns them in the order in which they began.
  std::vector<received_span> wait_for(const std::string& trace, std::size_t count) {
    const auto of_trace = [&](const std::vector<received_span>& all) {
      std::vector<received_span> found;
      std::ranges::copy_if(all, std::back_inserter(found),
                           [&](const received_span& each) { return each.trace == trace; });
      std::ranges::stable_sort(found, {}, &received_span::begun_ns);
      return found;
    };
    const bool came = wait([&](const auto& all) { return of_trace(all).size() >= count; });
    EXPECT_TRUE(came) << "spans of " << trace << " to come: " << count;
    const auto found = of_trace(spans());
    EXPECT_EQ(found.size(), count) << "whoever waits for some of them only, may miss any";
    return found;
  }

  std::vector<received_span> spans() const {
    const std::lock_guard lock{guard_};
    return spans_;
  }

  std::size_t requests() const {
    const std::lock_guard lock{guard_};
    return bodies_.size();
  }

  /// What was posted, taken or not.
  std::vector<std::string> bodies() const {
    const std::lock_guard lock{guard_};
    return bodies_;
  }

private:
  void take(const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock{guard_};
    bodies_.push_back(request.body);
    EXPECT_EQ(request.get_header_value_count("Content-Type"), 1u);
    EXPECT_EQ(request.get_header_value("Content-Type"), "application/x-protobuf");
    if (habit_)
      habit_(response);
    const bool is_taken = response.status < 300; // Nobody has said: -1.
    for (received_span& each : is_taken ? spans_in(request.body) : std::vector<received_span>{})
      spans_.push_back(std::move(each));
    more_.notify_all();
  }

  httplib::Server server_;
  std::thread thread_;
  int port_ = 0;
  mutable std::mutex guard_;
  std::condition_variable more_;
  habit habit_;
  std::vector<received_span> spans_;
  std::vector<std::string> bodies_;
};

/// Returns the only span of that name.
inline received_span only(const std::vector<received_span>& all, const std::string& name) {
  std::vector<received_span> found;
  std::ranges::copy_if(all, std::back_inserter(found),
                       [&](const received_span& each) { return each.name == name; });
  EXPECT_EQ(found.size(), 1u) << name;
  return found.empty() ? received_span{} : found.front();
}

} // namespace ducat::traces::test
