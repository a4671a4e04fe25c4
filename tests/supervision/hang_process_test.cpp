// Real threads: a handler that does not return is given up, and what it still does has no effect.
#include "supervision/virtual_system.hpp"

#include <ducat/ask.hpp>
#include <ducat/child_figures.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>

namespace ducat {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr auto budget = 50ms;

/// The handlers that hang until the test lets them go on.
struct gate {
  std::promise<void> promise;
  std::shared_future<void> open = promise.get_future().share();
};

/// 0: hangs until the gate opens, then tells `peer`, then answers. Anything else: answers at once.
caf::behavior hanger(caf::event_based_actor* self, const std::shared_ptr<gate>& held,
                     const handle& peer) {
  return {[=](int value) {
    if (value == 0) {
      held->open.wait();
      self->send(peer.current(), std::string{"late"});
    }
    return value;
  }};
}

/// Counts what it is told.
caf::behavior listener(caf::event_based_actor*) {
  auto heard = std::make_shared<int>(0);
  return {[=](const std::string&) { *heard += 1; }, [=](int) { return *heard; }};
}

class HangTest : public ::testing::Test {
protected:
  HangTest() { spdlog::set_level(spdlog::level::off); }

  void start(std::vector<child_spec> children) {
    children.push_back({.id = "peer", .start = ducat::start(listener)});
    supervisor_options options{.directory = names_};
    options.observer = [this](const supervision_event& event) {
      const std::lock_guard lock{guard_};
      events_.push_back(event);
      changed_.notify_all();
    };
    options.on_exhausted = [this] { exhausted_.set_value(); };
    root_ = start_tree(system_, {.flags = {.restarts_max = 9}, .children = std::move(children)},
                       options)
                .value();
  }

  child_spec hanging(const std::string& id, std::chrono::milliseconds limit = budget) {
    return {.id = id,
            .start = ducat::start(hanger, held_, names_->find("peer")),
            .handler_budget = limit};
  }

  void await(supervision_event::kind what) {
    std::unique_lock lock{guard_};
    changed_.wait(lock,
                  [&] { return std::ranges::count(events_, what, &supervision_event::what); });
  }

  void hang(const std::string& id) { caf::anon_send(names_->find(id).current(), 0); }

  ~HangTest() override {
    if (root_)
      stop_tree(system_, root_);
  }

  std::shared_ptr<gate> held_ = std::make_shared<gate>();
  std::shared_ptr<directory> names_ = std::make_shared<directory>();
  std::mutex guard_;
  std::condition_variable changed_;
  std::vector<supervision_event> events_; // Needs the guard.
  std::promise<void> exhausted_;
  test::sharing_policy config_; // Two threads.
  caf::actor_system system_{config_};
  caf::actor root_;
};

TEST_F(HangTest, IsReplacedWhileItHangs) { // X1
  start({hanging("a")});
  hang("a");
  await(supervision_event::kind::restart);
  EXPECT_EQ(ask_until_known<int>(system_, names_->find("a"), 10s, 7), 7);
  EXPECT_EQ(names_->find("a").incarnation(), 2u);
  held_->promise.set_value();
  await(supervision_event::kind::zombie_ended);
  std::vector<std::string> texts;
  for (const supervision_event& event : events_)
    if (event.path == "a" && event.what != supervision_event::kind::restart)
      texts.emplace_back(std::string{to_string(event.what)} + " #" +
                         std::to_string(event.incarnation));
  EXPECT_THAT(texts,
              ElementsAre("started #1", "zombie #1", "down #1", "started #2", "zombie_ended #1"));
}

TEST_F(HangTest, IsCountedAsLongAsItExists) {
  start({hanging("a")});
  EXPECT_EQ(figures_of(names_->find("")).zombies, 0u);
  hang("a");
  await(supervision_event::kind::zombie);
  await(supervision_event::kind::restart); // The supervisor has put it down by then.
  EXPECT_EQ(figures_of(names_->find("")).zombies, 1u);
  held_->promise.set_value();
  await(supervision_event::kind::zombie_ended);
  EXPECT_EQ(figures_of(names_->find("")).zombies, 0u);
}

TEST_F(HangTest, CannotReachAnybodyAnyMore) { // X2
  start({hanging("a")});
  hang("a");
  await(supervision_event::kind::zombie);
  held_->promise.set_value();
  await(supervision_event::kind::zombie_ended);
  EXPECT_EQ(ask_until_known<int>(system_, names_->find("peer"), 10s, 0), 0);
}

TEST_F(HangTest, AnswersNobodyInTheTreeAnyMore) { // X2: its reply is refused
  std::promise<error> answer;
  const auto caller = [&](caf::event_based_actor* self, const handle& whom) -> caf::behavior {
    return {[=, &answer](const std::string&) {
      self->request(whom.current(), caf::infinite, 0)
          .then([&](int) { answer.set_value({errc::io, "it answered"}); },
                [&](const caf::error& why) { answer.set_value(error_of(why)); });
    }};
  };
  start({hanging("a"), {.id = "caller", .start = ducat::start(caller, names_->find("a"))}});
  caf::anon_send(names_->find("caller").current(), std::string{"go"});
  await(supervision_event::kind::zombie);
  held_->promise.set_value();
  EXPECT_EQ(answer.get_future().get().code, errc::outcome_unknown);
}

TEST_F(HangTest, IsNotReplacedIfNobodyWatches) {
  auto watched = hanging("b");
  watched.start.detached = true;
  start({hanging("a", 0ms), watched});
  hang("a");
  hang("b");
  await(supervision_event::kind::zombie); // That is b; the watchdog has looked at a for as long.
  held_->promise.set_value();
  EXPECT_EQ(ask_until_known<int>(system_, names_->find("a"), 10s, 7), 7);
  EXPECT_EQ(names_->find("a").incarnation(), 1u);
}

TEST_F(HangTest, IsTheEndOfAProcessAllOfWhoseThreadsAreHeld) {
  start({hanging("a"), hanging("b")});
  hang("a");
  hang("b");
  exhausted_.get_future().wait();
  held_->promise.set_value();
}

TEST_F(HangTest, DoesNotHoldUpTheStopOfItsTreeForLong) { // X1, S26
  auto child = hanging("a", 0ms);
  child.shutdown = 1ms;
  start({child});
  hang("a");
  stop_tree(system_, std::exchange(root_, nullptr)); // Returns though the handler does not.
  await(supervision_event::kind::zombie);
  held_->promise.set_value();
}

} // namespace
} // namespace ducat
