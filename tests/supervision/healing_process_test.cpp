// Real threads: whatever is crashed, and however often, the tree is whole again in the end.
#include "supervision/virtual_system.hpp"

#include <ducat/inject.hpp>
#include <ducat/router.hpp>
#include <ducat/spawn.hpp>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <random>

namespace ducat {
namespace {

using namespace std::chrono_literals;

caf::behavior doubler(caf::event_based_actor*) {
  return {[](int value) { return value * 2; }};
}

/// Counts the children that run, from the events, and lets a thread wait for a number of starts.
class census {
public:
  void on_event(const supervision_event& event) {
    const std::lock_guard lock{guard_};
    if (event.what == supervision_event::kind::started)
      ++started_[event.path];
    changed_.notify_all();
  }

  /// Returns once `path` has been started more often than `times`.
  void await_more(const std::string& path, std::uint64_t times) {
    std::unique_lock lock{guard_};
    changed_.wait(lock, [&] { return started_[path] > times; });
  }

  std::uint64_t started(const std::string& path) {
    const std::lock_guard lock{guard_};
    return started_[path];
  }

private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::map<std::string, std::uint64_t> started_; // Lives, by path. Needs the guard.
};

supervisor_spec two_pools_and_a_detached_actor() {
  constexpr std::uint32_t many = 1'000'000;
  auto lone = start(doubler);
  lone.detached = true;
  auto inner = std::make_shared<const supervisor_spec>(
      supervisor_spec{.flags = {.restarts_max = many},
                      .children = {{.id = "pool",
                                    .start = start(doubler),
                                    .pool = pool_spec{.size = 3, .restarts_max = many}}}});
  return {.flags = {.restarts_max = many},
          .children = {
              {.id = "inner", .supervisor = inner},
              {.id = "pool",
               .start = start(doubler),
               .pool = pool_spec{.size = 4, .policy = route::least_requests, .restarts_max = many}},
              {.id = "lone", .start = lone}}};
}

class HealingTest : public ::testing::Test {
protected:
  HealingTest() {
    spdlog::set_level(spdlog::level::off);
    supervisor_options options;
    options.directory = names_;
    options.observer = [this](const supervision_event& event) { census_.on_event(event); };
    root_ = start_tree(system_, two_pools_and_a_detached_actor(), options).value();
  }

  ~HealingTest() override { stop_tree(system_, root_); }

  /// Crashes the life of `path` that runs now, and returns once there is another one.
  void crash(const std::string& path) {
    const std::uint64_t before = census_.started(path);
    if (inject(names_->find(path), fault_kind::crash, 0ms))
      census_.await_more(path, before);
  }

  test::sharing_policy config_;
  census census_; // Outlives the system, whose threads write it.
  std::shared_ptr<directory> names_ = std::make_shared<directory>();
  caf::actor_system system_{config_};
  caf::actor root_;
};

TEST_F(HealingTest, HealsAfterEachOfManyCrashesAnywhereInTheTree) {
  const char* const given = std::getenv("DUCAT_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                         : std::random_device{}();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  std::mt19937 random{seed};
  for (int i = 0; i < 2'000; ++i) {
    const auto all = names_->list();
    crash(all[random() % all.size()].path);
  }
  for (const child_status& child : names_->list())
    EXPECT_EQ(child.now, child_status::state::running) << child.path;
}

TEST_F(HealingTest, AnswersEveryRequestOfManyWhileWorkersCrash) {
  constexpr int requests = 5'000;
  std::atomic<int> answers{0};
  std::atomic<int> wrong{0};
  std::mutex guard;
  std::condition_variable done;
  const auto count = [&] {
    if (++answers == requests) {
      const std::lock_guard lock{guard};
      done.notify_all();
    }
  };
  std::mt19937 random{7};
  for (int i = 0; i < requests; ++i) {
    // Not through a handle that may be empty just now: a caller asks only a router that runs.
    caf::actor router;
    while (!(router = names_->find("pool").current()))
      std::this_thread::yield();
    spawn_function(system_, [&, i, router](caf::event_based_actor* self) {
      self->request(router, caf::infinite, make_routed(std::chrono::steady_clock::now() + 10s, i))
          .then(
              [&, i](int doubled) {
                wrong += doubled == i * 2 ? 0 : 1;
                count();
              },
              [&](const caf::error&) { count(); });
    });
    if (i % 10 == 0)
      std::ignore =
          inject(names_->find("pool/w" + std::to_string(1 + random() % 4)), fault_kind::crash, 0ms);
  }
  std::unique_lock lock{guard};
  done.wait(lock, [&] { return answers == requests; });
  EXPECT_EQ(wrong, 0);
}

TEST_F(HealingTest, StopsWithManyCrashesUnderWay) {
  for (int i = 0; i < 200; ++i)
    for (const char* const path : {"pool", "pool/w1", "inner/pool/w2", "lone"})
      std::ignore = inject(names_->find(path), fault_kind::crash, 0ms);
  stop_tree(system_, root_);
  for (const child_status& child : names_->list())
    EXPECT_NE(child.now, child_status::state::running) << child.path;
}

} // namespace
} // namespace ducat
