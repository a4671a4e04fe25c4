/// Spans as OTLP has them, byte for byte.

#include "traces/fake_receiver.hpp"
#include "traces/span_message.hpp"

#include <gmock/gmock.h>

namespace ducat::traces {
namespace {

using test::received_span;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const trace::span sample{
    .at = {.trace = *trace::parse_trace_id("4bf92f3577b34da6a3ce929d0e0e4736"),
           .span = *trace::parse_span_id("00f067aa0ba902b7"),
           .is_sampled = true},
    .parent = *trace::parse_span_id("1234567890123456"),
    .name = "work",
    .kind = trace::span_kind::client,
    .begun_at = {1'000},
    .ended_at = {2'000},
    .attributes = {{"text", "a"}, {"number", std::int64_t{-1}}},
    .problem = "late",
    .link = trace::context{.trace = *trace::parse_trace_id("0af7651916cd43dd8448eb211c80319c"),
                           .span = *trace::parse_span_id("b7ad6b7169203331")}};

TEST(SpanMessage, SaysAllOfASpan) {
  const auto read = test::spans_in(message_of({sample}, {.node = "n1", .cluster = "c"}));
  ASSERT_EQ(read.size(), 1u);
  const received_span& span = read.front();
  EXPECT_EQ(span.trace, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(span.id, "00f067aa0ba902b7");
  EXPECT_EQ(span.parent, "1234567890123456");
  EXPECT_EQ(span.kind, 3);
  EXPECT_EQ(span.begun_ns, 1'000u);
  EXPECT_EQ(span.ended_ns, 2'000u);
  EXPECT_EQ(span.at("text"), "a");
  EXPECT_EQ(span.at("number"), "-1");
  EXPECT_TRUE(span.is_error);
  EXPECT_EQ(span.problem, "late");
  EXPECT_EQ(span.linked_trace, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(span.linked_span, "b7ad6b7169203331");
  EXPECT_EQ(span.instance, "n1");
}

// The message of the test above without its resource, as another implementation of OTLP reads it.
TEST(SpanMessage, HasTheNumbersOfOtlp) {
  const std::string all = test::hex_of(message_of({sample}, {.node = "n1"}));
  const std::string span =
      "0a104bf92f3577b34da6a3ce929d0e0e4736"                         // 1: trace_id
      "120800f067aa0ba902b7"                                         // 2: span_id
      "22081234567890123456"                                         // 4: parent_span_id
      "2a04776f726b"                                                 // 5: name
      "3003"                                                         // 6: kind
      "39e803000000000000"                                           // 7: start, fixed64
      "41d007000000000000"                                           // 8: end, fixed64
      "4a0b0a047465787412030a0161"                                   // 9: attributes, a string
      "4a150a066e756d626572120b18ffffffffffffffffff01"               // and a number
      "6a1c0a100af7651916cd43dd8448eb211c80319c1208b7ad6b7169203331" // 13: link
      "7a0812046c6174651802" // 15: status, 2: message, 3: code
      "850101000000";        // 16: flags, fixed32
  EXPECT_THAT(all, HasSubstr(span));
  EXPECT_THAT(all, HasSubstr("0a0c736572766963652e6e616d6512070a056475636174")) << "service.name";
}

// One text that is not UTF-8 would have all spans of a batch refused.
TEST(SpanMessage, WhatOthersHaveWrittenIsMadePrintable) {
  trace::span odd = sample;
  odd.name = "a\xff"
             "b\n";
  odd.attributes = {{"text", std::string("\xc3\xa4\0c", 4)}, {"long", std::string(10'000, 'x')}};
  odd.problem = "\x80";
  const auto read = test::spans_in(message_of({odd}, {.node = "n1"}));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read.front().name, "a?b?");
  EXPECT_EQ(read.front().at("text"), "???c");
  EXPECT_EQ(read.front().at("long").size(), 256u);
  EXPECT_EQ(read.front().problem, "?");
}

TEST(SpanMessage, ARootHasNoParentAndWhatWentWellNoStatus) {
  trace::span root = sample;
  root.parent = {};
  root.problem.reset();
  root.link.reset();
  const auto read = test::spans_in(message_of({root}, {.node = "n1"}));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_THAT(read.front().parent, IsEmpty());
  EXPECT_FALSE(read.front().is_error);
  EXPECT_THAT(read.front().linked_trace, IsEmpty());
}

} // namespace
} // namespace ducat::traces
