/// The testing kit as the tests of the runtime itself use it, which look behind it.
#pragma once

#include <ducat/spawn.hpp>
#include <ducat/supervisor.hpp>
#include <ducat/testing/virtual_system.hpp>
#include <ducat/testing/virtual_tree.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace ducat::test {

struct sharing_policy : caf::actor_system_config {
  sharing_policy() {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2u);
    set("scheduler.max-throughput", 100u);
  }
};

/// A virtual system whose scheduler a test drives by hand.
class virtual_system {
public:
  virtual_system() : own_{std::make_unique<testing::virtual_system>()}, system_{*own_} {}

  explicit virtual_system(testing::virtual_system& system) : system_{system} {}

  caf::actor_system& get() { return system_.get(); }

  auto& scheduler() { return dynamic_cast<caf::scheduler::test_coordinator&>(get().scheduler()); }

  time_point now() { return system_.now(); }

  void run() { system_.run(); }

  void advance(duration by) { system_.advance(by); }

  void run_to_the_end() { system_.run_to_the_end(); }

  /// Asks `to` with `args`; the answer is there once somebody has run the system.
  template <class Answer, class... Args>
  std::shared_ptr<std::optional<result<Answer>>> ask(const caf::actor& to, Args... args) {
    auto answer = std::make_shared<std::optional<result<Answer>>>();
    spawn_function(get(), [=](caf::event_based_actor* self) {
      self->request(to, caf::infinite, args...)
          .then([=](const Answer& value) { *answer = value; },
                [=](const caf::error& why) { *answer = tl::unexpected{error_of(why)}; });
    });
    return answer;
  }

private:
  std::unique_ptr<testing::virtual_system> own_; // Null if it is somebody else's.
  testing::virtual_system& system_;
};

/// A virtual tree whose root, system and events a test takes apart.
class virtual_tree : public testing::virtual_tree {
public:
  using testing::virtual_tree::virtual_tree;

  virtual_system& system() { return system_; }

  const caf::actor& root() const { return root_; }

  std::vector<std::string> take_events() {
    std::istringstream text{testing::virtual_tree::take_events()};
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);)
      lines.push_back(line);
    return lines;
  }

private:
  virtual_system system_{testing::virtual_tree::system()};
  caf::actor root_ = outcome().value_or(caf::actor{});
};

} // namespace ducat::test
