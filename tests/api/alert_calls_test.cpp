/// What may be asked of alerts, and what is refused.

#include "api/alert_calls.hpp"

#include <gtest/gtest.h>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t ns_per_ms = 1'000'000;
constexpr log_time now{1'000'000 * ns_per_ms};

class AlertCalls : public ::testing::Test {
protected:
  void fire(const char* subject) { board_.look({.holds = {{"Bad", subject, "it is bad"}}}, now); }

  static v1::SilenceAlertsRequest silence(const char* rule = "Bad") {
    v1::SilenceAlertsRequest made;
    made.set_rule(rule);
    made.set_for_ms(60'000);
    made.set_by("us");
    return made;
  }

  std::string refusal_of(const v1::SilenceAlertsRequest& request) {
    const auto made = silence_alerts(&board_, request, now);
    return made ? "none" : made.error().code();
  }

  alerts::alert_board board_{{{.name = "Bad", .how = alerts::severity::page, .action = "run"}}};
};

TEST_F(AlertCalls, ListWhatFires) {
  fire("a");
  const auto list = list_alerts(&board_, now);
  ASSERT_EQ(list.alerts_size(), 1);
  const v1::Alert& alert = list.alerts(0);
  EXPECT_EQ(alert.rule(), "Bad");
  EXPECT_EQ(alert.subject(), "a");
  EXPECT_EQ(alert.severity(), "page");
  EXPECT_EQ(alert.state(), "firing");
  EXPECT_EQ(alert.text(), "it is bad");
  EXPECT_EQ(alert.action(), "run");
  EXPECT_EQ(alert.began_at_ms(), 1'000'000u);
  EXPECT_EQ(alert.fired_at_ms(), 1'000'000u);
  EXPECT_EQ(list.looked_at_ms(), 1'000'000u);
}

TEST_F(AlertCalls, AcknowledgeWhatFires) {
  fire("a");
  v1::AcknowledgeAlertRequest request;
  request.set_rule("Bad");
  request.set_subject("a");
  EXPECT_EQ(acknowledge_alert(&board_, request).error().code(), "who_missing");
  request.set_by(std::string(101, 'x'));
  EXPECT_EQ(acknowledge_alert(&board_, request).error().code(), "text_too_long");
  request.set_by(std::string(100, 'x'));
  const auto done = acknowledge_alert(&board_, request);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->acknowledged_by(), request.by());
  request.set_subject("b");
  EXPECT_EQ(acknowledge_alert(&board_, request).error().type(), v1::Error::NOT_FOUND);
}

TEST_F(AlertCalls, SilenceWhatIsNamedAndNoMore) {
  const auto made = silence_alerts(&board_, silence(), now);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->until_ms(), 1'060'000u);
  fire("a");
  EXPECT_TRUE(list_alerts(&board_, now).alerts(0).silenced());
  EXPECT_EQ(list_alerts(&board_, now).silences(0).by(), "us");
  EXPECT_EQ(refusal_of(silence("")), "silence_of_what");
  auto everything = silence("");
  everything.set_everything(true);
  EXPECT_EQ(refusal_of(everything), "none");
  everything.set_rule("Bad");
  EXPECT_EQ(refusal_of(everything), "silence_of_what");
}

TEST_F(AlertCalls, SilencesEnd) {
  auto request = silence();
  request.set_for_ms(0);
  EXPECT_EQ(refusal_of(request), "silence_time_invalid");
  request.set_for_ms(7 * 24 * 3'600'000 + 1);
  EXPECT_EQ(refusal_of(request), "silence_time_invalid");
  request.set_for_ms(~std::uint64_t{0});
  EXPECT_EQ(refusal_of(request), "silence_time_invalid");
  request.set_for_ms(7 * 24 * 3'600'000);
  EXPECT_EQ(refusal_of(request), "none");
}

TEST_F(AlertCalls, TextsAreBounded) {
  auto request = silence();
  request.set_reason(std::string(501, 'x'));
  EXPECT_EQ(refusal_of(request), "text_too_long");
  request.set_reason(std::string(500, 'x'));
  EXPECT_EQ(refusal_of(request), "none");
  request.set_by(std::string(101, 'x'));
  EXPECT_EQ(refusal_of(request), "text_too_long");
  EXPECT_EQ(refusal_of(silence(std::string(501, 'x').c_str())), "text_too_long");
}

TEST_F(AlertCalls, SilencesAreFew) {
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(refusal_of(silence()), "none");
  EXPECT_EQ(refusal_of(silence()), "too_many_silences");
}

TEST_F(AlertCalls, LiftWhatIsThere) {
  const auto made = silence_alerts(&board_, silence(), now);
  v1::LiftSilenceRequest request;
  request.set_id(made->id());
  EXPECT_TRUE(lift_silence(&board_, request));
  EXPECT_EQ(lift_silence(&board_, request).error().code(), "silence_not_found");
}

TEST_F(AlertCalls, OfANodeThatDoesNotLookThereAreNone) {
  EXPECT_EQ(list_alerts(nullptr, now).looked_at_ms(), 0u);
  EXPECT_EQ(acknowledge_alert(nullptr, {}).error().code(), "alerts_not_looked_for");
  EXPECT_EQ(silence_alerts(nullptr, silence(), now).error().code(), "alerts_not_looked_for");
  EXPECT_EQ(lift_silence(nullptr, {}).error().code(), "alerts_not_looked_for");
}

} // namespace
} // namespace ducat::api
