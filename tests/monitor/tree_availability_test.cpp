/// A real supervision tree on a virtual clock, and what is counted of it.

#include "monitor/conditions.hpp"
#include "supervision/test_children.hpp"

#include <ducat/tree_availability.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace ducat::monitor {
namespace {

using namespace std::chrono_literals;

class TreeAvailability : public ::testing::Test {
protected:
  void start(std::vector<child_spec> children) {
    auto root = start_tree(system_.get(), {.flags = {.restarts_max = 10}, .children = children},
                           {.directory = directory_,
                            .observer = [this](const auto& event) { followed_.on_event(event); }});
    ASSERT_TRUE(root) << root.error();
    root_ = *root;
  }

  ~TreeAvailability() override {
    if (root_ != nullptr)
      stop_tree(system_.get(), root_);
  }

  void end(const std::string& path, const std::string& how) {
    caf::anon_send(directory_->find(path).current(), how);
    system_.run();
  }

  subject_report of(const std::string& name) const {
    const auto lines = board_.report(window::start, name);
    return lines.empty() ? subject_report{} : lines.front();
  }

  test::virtual_system system_;
  availability_board board_{[this] { return system_.now(); }};
  tree_availability followed_{board_, {.node = "n1"}};
  std::shared_ptr<directory> directory_ = std::make_shared<directory>();
  caf::actor root_;
};

TEST_F(TreeAvailability, CountsTheTimeFromACrashToTheNextLife) {
  start({{.id = "a",
          .start = ducat::start(test::mortal),
          .backoff = {.initial = 1s, .jitter_percent = 0}}});
  system_.advance(9s);
  end("a", "boom");
  system_.advance(1s);
  system_.advance(10s);
  const subject_report line = of("a");
  EXPECT_EQ(line.counted.observed, 20s);
  EXPECT_EQ(line.counted.serving, 19s);
  EXPECT_EQ(line.counted.failures, 1u);
  EXPECT_EQ(mttr_of(line.counted), 1s);
  EXPECT_EQ(fault_tolerance_of(line.counted), 0.0);
  EXPECT_TRUE(line.predicted);
}

TEST_F(TreeAvailability, CountsNoFailureOfAPoolThatHasAnotherWorker) {
  start({{.id = "p",
          .start = ducat::start(test::mortal),
          .pool = pool_spec{.size = 2},
          .backoff = {.initial = 1s, .jitter_percent = 0}}});
  system_.advance(10s);
  end("p/w1", "boom");
  system_.advance(10s);
  const subject_report pool = of("p");
  EXPECT_EQ(availability_of(pool.counted), 1.0);
  EXPECT_EQ(pool.counted.with_fault, 1s);
  EXPECT_EQ(fault_tolerance_of(pool.counted), 1.0);
  EXPECT_EQ(to_string(pool.mode), "active_active, 1 of 2");
  EXPECT_EQ(of("p/w1").counted.failures, 1u);
  EXPECT_EQ(of("n1").counted.failures, 0u) << "the pool did not fail";
  EXPECT_EQ(of("n1").counted.with_fault, 1s);
}

TEST_F(TreeAvailability, CountsTheTimeInWhichNoProcessRan) {
  const time_point ended = system_.now();
  system_.advance(3s);
  tree_availability restarted{board_, {.node = "n2", .failed_since = ended}};
  restarted.on_event({.what = supervision_event::kind::process_restarted, .path = ""});
  system_.advance(1s);
  restarted.on_event({.what = supervision_event::kind::started, .path = "a", .incarnation = 1});
  system_.advance(16s);
  const measured counted = of("n2").counted;
  EXPECT_EQ(counted.observed, 20s);
  EXPECT_EQ(counted.failures, 1u);
  EXPECT_EQ(mttr_of(counted), 4s);
}

TEST_F(TreeAvailability, CountsNoFailureWhenTheTreeIsStopped) {
  start({{.id = "a", .start = ducat::start(test::mortal)},
         {.id = "p", .start = ducat::start(test::mortal), .pool = pool_spec{.size = 2}},
         {.id = "b", .start = ducat::start(test::mortal), .shutdown = brutal_kill}});
  system_.advance(10s);
  stop_tree(system_.get(), std::exchange(root_, nullptr));
  system_.advance(10s);
  for (const subject_report& each : board_.report(window::start)) {
    EXPECT_EQ(each.counted.failures, 0u) << each.about.name;
    EXPECT_EQ(each.counted.failed, 0s) << each.about.name;
    EXPECT_TRUE(each.counted.serving == 10s || each.about.what == subject::kind::node)
        << each.about.name;
  }
}

} // namespace
} // namespace ducat::monitor
