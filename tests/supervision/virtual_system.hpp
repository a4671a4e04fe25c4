/// An actor system on one thread with a virtual clock.
#pragma once

#include <ducat/supervisor.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ducat::test {

struct testing_policy : caf::actor_system_config {
  testing_policy() { set("scheduler.policy", caf::atom("testing")); }
};

struct sharing_policy : caf::actor_system_config {
  sharing_policy() {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2u);
    set("scheduler.max-throughput", 100u);
  }
};

/// Nothing moves by itself: run() until nobody has anything to do.
class virtual_system {
public:
  caf::actor_system& get() { return system_; }

  auto& scheduler() { return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler()); }

  time_point now() { return scheduler().clock().now(); }

  void run() { scheduler().run(); }

  void advance(duration by) {
    scheduler().advance_time(by);
    run();
  }

  /// Runs everything, and the clock as far as anybody waits for it.
  void run_to_the_end() {
    do
      run();
    while (scheduler().trigger_timeout());
  }

  /// Asks `to` with `args`; the answer is there once somebody has run the system.
  template <class Answer, class... Args>
  std::shared_ptr<std::optional<result<Answer>>> ask(const caf::actor& to, Args... args) {
    auto answer = std::make_shared<std::optional<result<Answer>>>();
    system_.spawn([=](caf::event_based_actor* self) {
      self->request(to, caf::infinite, args...)
          .then([=](const Answer& value) { *answer = value; },
                [=](const caf::error& why) { *answer = tl::unexpected{error_of(why)}; });
    });
    return answer;
  }

private:
  testing_policy config_;
  caf::actor_system system_{config_};
};

/// A tree in a virtual system, with the events it has told since the last take_events().
class virtual_tree {
public:
  explicit virtual_tree(const supervisor_spec& spec) {
    supervisor_options options;
    options.directory = names_;
    options.observer = [this](const supervision_event& event) { events_.push_back(event); };
    outcome_ = start_tree(system_.get(), spec, options);
    if (outcome_)
      root_ = *outcome_;
  }

  virtual_tree(const virtual_tree&) = delete;
  virtual_tree& operator=(const virtual_tree&) = delete;

  ~virtual_tree() {
    if (root_)
      stop_tree(system_.get(), root_);
    system_.run_to_the_end();
  }

  virtual_system& system() { return system_; }

  const result<caf::actor>& outcome() const { return outcome_; }

  const caf::actor& root() const { return root_; }

  handle find(const std::string& path) { return names_->find(path); }

  std::vector<child_status> list() const { return names_->list(); }

  std::vector<std::string> take_events() {
    std::vector<std::string> texts;
    for (const supervision_event& event : std::exchange(events_, {}))
      texts.push_back(to_string(event));
    return texts;
  }

private:
  std::shared_ptr<directory> names_ = std::make_shared<directory>();
  std::vector<supervision_event> events_;
  virtual_system system_;
  result<caf::actor> outcome_ = fail(errc::unavailable, "not started");
  caf::actor root_;
};

} // namespace ducat::test
