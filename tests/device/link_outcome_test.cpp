#include <ducat/device/link_options.hpp>
#include <ducat/device/link_outcome.hpp>
#include <ducat/device/saf_core.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <sstream>
#include <utility>
#include <vector>

namespace ducat::device {
namespace {

using namespace std::chrono_literals;

std::string printed(const outcome& what) {
  std::ostringstream out;
  out << what;
  return out.str();
}

TEST(LinkOutcome, PrintsNoByteOfAMessage) {
  iso8583::message answer{"0210"};
  answer.set(2, "4111111111111111");
  EXPECT_EQ(printed(answered{answer}), "answered 0210");
  EXPECT_EQ(printed(not_sent{not_sent_reason::suspect, "2 echoes missed"}),
            "not_sent suspect: 2 echoes missed");
  EXPECT_EQ(printed(unknown{unknown_reason::link_ended}), "unknown link_ended");
}

TEST(LinkOptions, TheDefaultsAreGood) {
  EXPECT_TRUE(check(link_options{}));
  EXPECT_TRUE(check(saf_options{}));
}

TEST(LinkOptions, EachFieldIsChecked) {
  const std::vector<std::pair<std::string, std::function<void(link_options&)>>> wrong{
      {"answer_timeout", [](link_options& o) { o.answer_timeout = 0s; }},
      {"echo_every", [](link_options& o) { o.echo_every = -1s; }},
      {"echoes_missed_suspect", [](link_options& o) { o.echoes_missed_suspect = 4; }},
      {"echoes_missed_suspect", [](link_options& o) { o.echoes_missed_suspect = 0; }},
      {"backoff", [](link_options& o) { o.backoff.initial = 0ms; }},
      {"backoff", [](link_options& o) { o.backoff.max = 1ms; }},
      {"backoff.jitter_percent", [](link_options& o) { o.backoff.jitter_percent = 101; }},
      {"match.required", [](link_options& o) { o.match.required.clear(); }},
      {"match", [](link_options& o) { o.match.required = {11, 2}; }},
      {"match", [](link_options& o) { o.match.if_echoed = {35}; }},
      {"match", [](link_options& o) { o.match.if_echoed = {129}; }},
      {"grey", [](link_options& o) { o.grey.timeouts_max = 21; }},
      {"in_flight_max", [](link_options& o) { o.in_flight_max = 0; }},
      {"garbled_max", [](link_options& o) { o.garbled_max = 0; }},
      {"kept_max", [](link_options& o) { o.kept_max = 0; }},
      {"network_stans", [](link_options& o) { o.network_stans = {.first = 2, .last = 1}; }},
      {"network_stans", [](link_options& o) { o.network_stans = {.first = 1, .last = 1'000'000}; }},
  };
  for (const auto& [field, spoil] : wrong) {
    link_options options;
    spoil(options);
    const auto checked = check(options);
    ASSERT_FALSE(checked) << field;
    EXPECT_EQ(checked.error().message.substr(0, field.size() + 1), field + " ");
  }
}

} // namespace
} // namespace ducat::device
