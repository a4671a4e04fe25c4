/// Spans from their begin until somebody takes them.

#include <ducat/tracer.hpp>

#include <gmock/gmock.h>

#include <set>
#include <thread>

namespace ducat::trace {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const context caller{.trace = *parse_trace_id("4bf92f3577b34da6a3ce929d0e0e4736"),
                     .span = *parse_span_id("00f067aa0ba902b7"),
                     .is_sampled = true};

TEST(SpanQueue, LetsTheNewestGoWhenItIsFull) {
  span_queue queue{2};
  EXPECT_TRUE(queue.put({.name = "a"}));
  EXPECT_TRUE(queue.put({.name = "b"}));
  EXPECT_FALSE(queue.put({.name = "c"}));
  const auto taken = queue.take(9);
  ASSERT_THAT(taken, SizeIs(2));
  EXPECT_EQ(taken[0].name, "a");
  EXPECT_EQ(taken[1].name, "b");
  EXPECT_TRUE(queue.put({.name = "d"})) << "there is room again";
}

TEST(SpanQueue, GivesTheOldestFirstAndNoMoreThanAsked) {
  span_queue queue{9};
  for (const char* name : {"a", "b", "c"})
    ASSERT_TRUE(queue.put({.name = name}));
  EXPECT_THAT(queue.take(2), SizeIs(2));
  EXPECT_EQ(queue.waiting(), 1u);
  EXPECT_EQ(queue.take(2).at(0).name, "c");
  EXPECT_THAT(queue.take(2), IsEmpty());
}

class Tracer : public ::testing::Test {
protected:
  /// Of the only span that has ended since.
  span ended() {
    auto all = tracer_->take(9);
    EXPECT_THAT(all, SizeIs(1));
    return all.empty() ? span{} : all.front();
  }

  log_time now_{1'000};
  std::shared_ptr<tracer> tracer_ = std::make_shared<tracer>(
      tracer_options{.node = "n1", .waiting_max = 3, .seed = 7, .clock = [this] { return now_; }});
};

TEST_F(Tracer, ASpanIsPartOfItsCallersTrace) {
  open_span work{tracer_, "work", span_kind::server, caller};
  now_ = {1'500};
  work.set("answer", std::int64_t{42});
  work.end();
  const span done = ended();
  EXPECT_EQ(done.name, "work");
  EXPECT_EQ(done.kind, span_kind::server);
  EXPECT_EQ(done.at.trace, caller.trace);
  EXPECT_EQ(done.parent, caller.span);
  EXPECT_NE(done.at.span, caller.span);
  EXPECT_TRUE(done.at.is_sampled) << "what goes on from it is told, too";
  EXPECT_EQ(done.begun_at, log_time{1'000});
  EXPECT_EQ(done.ended_at, log_time{1'500});
  EXPECT_FALSE(done.problem);
  EXPECT_THAT(done.attributes, Contains(attribute{"answer", std::int64_t{42}}));
  EXPECT_THAT(done.attributes, Contains(attribute{"ducat.node.id", "n1"}));
}

TEST_F(Tracer, ARootHasNoParent) {
  open_span{tracer_, "work", span_kind::internal, caller.trace}.end();
  EXPECT_EQ(ended().parent, span_id{});
}

TEST_F(Tracer, AChildHasTheNameThatItsParentHasWhenItEnds) {
  const auto parent =
      std::make_shared<open_span>(tracer_, "whole", span_kind::internal, caller.trace);
  open_span child{parent, "part", span_kind::internal};
  parent->rename(caller.span);
  child.end();
  EXPECT_EQ(ended().parent, caller.span);
  parent->end();
  EXPECT_EQ(ended().at.span, caller.span);
}

TEST_F(Tracer, EndsOnce) {
  {
    open_span work{tracer_, "work", span_kind::internal, caller};
    work.end("it went wrong");
    work.end();
  }
  EXPECT_EQ(ended().problem, "it went wrong");
}

// Of an actor that went down nobody says how it has ended.
TEST_F(Tracer, WhatNobodyEndsIsUnknown) {
  {
    const open_span work{tracer_, "work", span_kind::internal, caller};
  }
  const span done = ended();
  EXPECT_TRUE(done.problem);
  EXPECT_THAT(done.attributes, Contains(attribute{"ducat.outcome", "unknown"}));
}

TEST_F(Tracer, NoSpanEndsBeforeItHasBegun) {
  open_span work{tracer_, "work", span_kind::internal, caller};
  now_ = {900};
  work.end();
  EXPECT_EQ(ended().ended_at, log_time{1'000});
}

TEST_F(Tracer, CountsWhatIsDropped) {
  for (int i = 0; i < 5; ++i)
    tracer_->put({.name = "work"});
  tracer_->note_sent(10);
  EXPECT_EQ(tracer_->figures().waiting, 3u);
  EXPECT_EQ(tracer_->figures().dropped, 2u);
  EXPECT_EQ(tracer_->figures().sent, 10u);
}

TEST_F(Tracer, NoTwoIdsAreTheSame) {
  std::set<span_id> all;
  for (int i = 0; i < 10'000; ++i)
    all.insert(tracer_->fresh_span_id());
  EXPECT_THAT(all, SizeIs(10'000));
  EXPECT_THAT(all, ::testing::Not(Contains(span_id{})));
  tracer other{{.seed = 123'456'789, .clock = [] { return log_time{}; }}};
  EXPECT_THAT(all, ::testing::Not(Contains(other.fresh_span_id()))) << "another life, another seed";
}

TEST_F(Tracer, TakesSpansFromAnyThread) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([this] {
      for (int j = 0; j < 1'000; ++j)
        open_span{tracer_, "work", span_kind::internal, caller}.end();
    });
  std::size_t taken = 0;
  for (int i = 0; i < 1'000; ++i)
    taken += tracer_->take(2).size();
  for (std::thread& each : threads)
    each.join();
  const auto figures = tracer_->figures();
  EXPECT_EQ(taken + figures.dropped + figures.waiting, 4'000u);
}

} // namespace
} // namespace ducat::trace
