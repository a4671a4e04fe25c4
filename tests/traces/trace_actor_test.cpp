/// Spans reach whoever is told, over real HTTP, whatever it answers, and whenever the actor dies.

#include "traces/fake_receiver.hpp"
#include "traces/trace_actor.hpp"

#include <ducat/testing.hpp>
#include <ducat/wall_clock.hpp>

#include <gmock/gmock.h>

namespace ducat::traces {
namespace {

using namespace std::chrono_literals;
using test::fake_receiver;
using ::testing::IsEmpty;

class TraceActor : public ::testing::Test {
protected:
  void run(const std::string& url) {
    const trace_options with{.from = {.node = "n1", .cluster = "c"},
                             .spans = tracer_,
                             .url = payment::parse_webhook_url(url).value(),
                             .every = 1ms};
    node_.emplace([with](node& n) {
      n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 1s},
                  {{.id = "traces", .start = ducat::start(trace_actor, with)}});
    });
  }

  void end_spans(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      trace::open_span{tracer_, "work", trace::span_kind::internal, tracer_->fresh_trace_id()}
          .end();
  }

  /// Waits until the figures are so.
  bool wait_for(const std::function<bool(const trace::tracer_figures&)>& are_so) {
    const time_point end = std::chrono::steady_clock::now() + 60s;
    while (!are_so(tracer_->figures()) && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    return are_so(tracer_->figures());
  }

  bool receive(std::size_t count) {
    return receiver_.wait([&](const auto& all) { return all.size() >= count; });
  }

  fake_receiver receiver_;
  std::shared_ptr<trace::tracer> tracer_ = std::make_shared<trace::tracer>(
      trace::tracer_options{.node = "n1", .waiting_max = 2'000, .seed = 1, .clock = wall_clock});
  std::optional<ducat::testing::local_node> node_; ///< Gone before all of these.
};

TEST_F(TraceActor, TellsEachSpanOnce) {
  end_spans(1'200);
  run(receiver_.url());
  ASSERT_TRUE(receive(1'200));
  ASSERT_TRUE(wait_for([](const auto& now) { return now.sent == 1'200; }));
  EXPECT_EQ(receiver_.spans().size(), 1'200u);
  EXPECT_EQ(receiver_.requests(), 3u) << "512 at a time";
  EXPECT_EQ(tracer_->figures().dropped, 0u);
  EXPECT_EQ(tracer_->figures().waiting, 0u);
}

TEST_F(TraceActor, PostsAgainWhatMayBeTakenLater) {
  std::vector<int> answers{503, 429};
  receiver_.answer_with([&](httplib::Response& answer) {
    answer.status = answers.empty() ? 200 : answers.back();
    if (!answers.empty())
      answers.pop_back();
  });
  end_spans(1);
  run(receiver_.url());
  ASSERT_TRUE(receive(1));
  EXPECT_EQ(receiver_.requests(), 3u);
  const auto bodies = receiver_.bodies();
  EXPECT_EQ(bodies[0], bodies[2]) << "the same spans under the same ids";
  ASSERT_TRUE(wait_for([](const auto& now) { return now.sent == 1; }));
}

TEST_F(TraceActor, DropsWhatIsRefusedAndGoesOn) {
  bool refuses = true;
  receiver_.answer_with([&](httplib::Response& answer) {
    answer.status = std::exchange(refuses, false) ? 400 : 200;
  });
  end_spans(600);
  run(receiver_.url());
  ASSERT_TRUE(receive(88));
  ASSERT_TRUE(wait_for([](const auto& now) { return now.sent == 88; }));
  EXPECT_EQ(tracer_->figures().dropped, 512u);
}

TEST_F(TraceActor, KeepsALimitedNumberWhileNobodyListens) {
  run(std::make_unique<fake_receiver>()->url()); // It is gone by then.
  end_spans(1);
  ASSERT_TRUE(wait_for([](const auto& now) { return now.waiting == 0; })) << "it is under way";
  end_spans(3'000);
  const auto figures = tracer_->figures();
  EXPECT_EQ(figures.dropped, 1'000u);
  EXPECT_EQ(figures.waiting, 2'000u);
  EXPECT_EQ(figures.sent, 0u);
}

TEST_F(TraceActor, ItsNextLifeGoesOn) {
  receiver_.answer_with([](httplib::Response& answer) { answer.status = 503; });
  end_spans(1);
  run(receiver_.url());
  while (receiver_.requests() == 0)
    std::this_thread::yield();
  end_spans(1);
  const auto life = node_->crash("traces");
  ASSERT_TRUE(node_->wait_until_restarted("traces", life));
  receiver_.answer_with({});
  ASSERT_TRUE(receive(1));
  ASSERT_TRUE(wait_for([](const auto& now) { return now.sent == 1 && now.dropped == 1; }))
      << "what was under way is counted";
}

TEST_F(TraceActor, RefusesAuthoritiesThatItCannotRead) {
  const auto good = check({.from = {}, .spans = {}, .url = {}, .ca = "/nowhere/ca.crt"});
  ASSERT_FALSE(good);
  EXPECT_EQ(good.error().code, errc::invalid_argument);
}

} // namespace
} // namespace ducat::traces
