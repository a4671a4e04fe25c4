#include "traces/span_message.hpp"

#include <opentelemetry/proto/collector/trace/v1/trace_service.pb.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

namespace ducat::traces {

namespace {

namespace otlp = opentelemetry::proto;

template <class Id>
std::string bytes_of_id(const Id& id) {
  return {id.bytes.begin(), id.bytes.end()};
}

/// Who is told refuses all spans for one text that is not UTF-8, and acquirers send what they like.
std::string printable(std::string text) {
  constexpr std::size_t length_max = 256;
  text.resize(std::min(text.size(), length_max));
  std::ranges::replace_if(text, [](char each) { return each < ' ' || each > '~'; }, '?');
  return text;
}

void put(const trace::attribute& from, otlp::common::v1::KeyValue& into) {
  into.set_key(from.key);
  if (const auto* text = std::get_if<std::string>(&from.value))
    into.mutable_value()->set_string_value(printable(*text));
  else
    into.mutable_value()->set_int_value(std::get<std::int64_t>(from.value));
}

void describe(const teller& from, otlp::resource::v1::Resource& into) {
  put({"service.name", "ducat"}, *into.add_attributes());
  put({"service.version", DUCAT_VERSION}, *into.add_attributes());
  put({"service.instance.id", from.node}, *into.add_attributes());
  if (!from.cluster.empty())
    put({"service.namespace", from.cluster}, *into.add_attributes());
}

void put(const trace::span& from, otlp::trace::v1::Span& into) {
  into.set_trace_id(bytes_of_id(from.at.trace));
  into.set_span_id(bytes_of_id(from.at.span));
  if (from.parent != trace::span_id{})
    into.set_parent_span_id(bytes_of_id(from.parent));
  into.set_flags(from.at.is_sampled ? 1 : 0);
  into.set_name(printable(from.name));
  into.set_kind(static_cast<otlp::trace::v1::Span::SpanKind>(from.kind));
  into.set_start_time_unix_nano(from.begun_at.nanoseconds);
  into.set_end_time_unix_nano(from.ended_at.nanoseconds);
  for (const trace::attribute& each : from.attributes)
    put(each, *into.add_attributes());
  if (from.link) {
    into.add_links()->set_trace_id(bytes_of_id(from.link->trace));
    into.mutable_links(0)->set_span_id(bytes_of_id(from.link->span));
  }
  if (from.problem) {
    into.mutable_status()->set_code(otlp::trace::v1::Status::STATUS_CODE_ERROR);
    into.mutable_status()->set_message(printable(*from.problem));
  }
}

} // namespace

std::string message_of(const std::vector<trace::span>& spans, const teller& from) {
  otlp::collector::trace::v1::ExportTraceServiceRequest request;
  auto& of_node = *request.add_resource_spans();
  describe(from, *of_node.mutable_resource());
  auto& all = *of_node.add_scope_spans();
  all.mutable_scope()->set_name("ducat");
  all.mutable_scope()->set_version(DUCAT_VERSION);
  for (const trace::span& each : spans)
    put(each, *all.add_spans());
  return request.SerializeAsString();
}

} // namespace ducat::traces
