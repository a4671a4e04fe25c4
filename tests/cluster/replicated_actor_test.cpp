/// The actor around a machine on a shared log, and the way to it from other threads.

#include "cluster/replicated_actor.hpp"
#include "fake_shared_log.hpp"
#include "word_machine.hpp"

#include <ducat/durable.hpp>
#include <ducat/spawn.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace ducat::cluster {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;

/// One life of the actor, on a log of its own. It ends with this object.
class life {
public:
  life(caf::actor_system& system, std::shared_ptr<replicated_port> port) : port_{std::move(port)} {
    const child_start start = replicated_child(
        {.node = "a", .path = "ledger", .log = log_, .post = {}, .ask = {}},
        {.log = nullptr,
         .machine = [settled =
                         settled_] { return std::make_unique<word_machine>(settled, false); }},
        port_);
    actor_ = spawn_function<caf::detached>(
        system, [start](caf::event_based_actor* self) { return start.body(self, {}); });
  }

  ~life() { end(); }

  life(const life&) = delete;
  life& operator=(const life&) = delete;

  const caf::actor& actor() const { return actor_; }

  fake_shared_log& log() { return *log_; }

  /// Returns when its machine is no more.
  void end() {
    caf::anon_send_exit(actor_, caf::exit_reason::kill);
    actor_ = nullptr;
    while (log_.use_count() > 1)
      std::this_thread::yield();
  }

private:
  std::shared_ptr<replicated_port> port_;
  std::shared_ptr<settled_entries> settled_ = std::make_shared<settled_entries>();
  std::shared_ptr<fake_shared_log> log_ =
      std::make_shared<fake_shared_log>(std::make_shared<log_store>(), "a");
  caf::actor actor_;
};

class ReplicatedActor : public ::testing::Test {
protected:
  /// Runs `what` in the life that the port leads to, and returns what it returned; nothing if there
  /// is none.
  template <class What>
  auto run(What what) -> std::optional<decltype(what(std::declval<replicated&>()))> {
    using returned = decltype(what(std::declval<replicated&>()));
    auto known = std::make_shared<std::promise<returned>>();
    auto coming = known->get_future();
    if (!port_->post([known, what](replicated& machine) { known->set_value(what(machine)); }))
      return std::nullopt;
    return coming.get();
  }

  /// Returns when there is a life.
  void wait_for_life() {
    while (!run([](replicated&) { return true; }))
      std::this_thread::yield();
  }

  /// Returns what the port would say `later`.
  std::optional<node_progress> progress(duration later = {}) {
    ahead_ = later;
    const auto found = port_->progress();
    ahead_ = duration{};
    return found;
  }

  std::atomic<duration> ahead_{};

  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  std::shared_ptr<replicated_port> port_ = std::make_shared<replicated_port>(
      [this] { return std::chrono::steady_clock::now() + ahead_.load(); });
};

TEST_F(ReplicatedActor, CommitsWhatItIsAsked) {
  life one{system_, port_};
  wait_for_life();
  ASSERT_EQ(run([](replicated& machine) {
              machine.on_turn({});
              return machine.is_leading();
            }),
            true);
  const std::function<void(replicated&)> complete = [&](replicated&) {
    if (one.log().appends_under_way() == 0)
      port_->post(complete);
    else
      one.log().complete_append();
  };
  port_->post(complete);
  caf::scoped_actor self{system_};
  self->request(one.actor(), 30s, commit{"x"})
      .receive([](const committed& done) { EXPECT_EQ(done.reply, "new"); },
               [](const caf::error& why) { ADD_FAILURE() << caf::to_string(why); });
}

TEST_F(ReplicatedActor, TellsWhoWaitsWhenItsLifeEnds) {
  life one{system_, port_};
  wait_for_life();
  caf::scoped_actor self{system_};
  auto asked = self->request(one.actor(), 30s, commit{"x"}); // Nobody holds the log.
  one.end();
  asked.receive(
      [](const committed&) { ADD_FAILURE() << "it was committed"; },
      [](const caf::error& why) { EXPECT_EQ(static_cast<errc>(why.code()), errc::unavailable); });
}

TEST_F(ReplicatedActor, IsNotReachedWithoutALife) {
  EXPECT_FALSE(port_->post([](replicated&) { FAIL(); }));
  {
    const life one{system_, port_};
    wait_for_life();
  }
  EXPECT_FALSE(port_->post([](replicated&) { FAIL(); }));
}

TEST_F(ReplicatedActor, HasAppliedNothingBeforeItsFirstLife) {
  EXPECT_EQ(progress(), node_progress{});
}

// One that replays for long, or gets a state, keeps the log from nobody who is ready.
TEST_F(ReplicatedActor, DoesNotGetOnWhileItsFirstLifeTakesLongToBegin) {
  port_->note_beginning();
  EXPECT_EQ(progress(2s), node_progress{});
  EXPECT_EQ(progress(6s), std::nullopt);
}

TEST_F(ReplicatedActor, DoesNotGetOnWithoutALife) {
  {
    const life one{system_, port_};
    wait_for_life();
    EXPECT_EQ(progress(), node_progress{});
  }
  EXPECT_EQ(progress(), std::nullopt);
}

TEST_F(ReplicatedActor, DoesNotGetOnIfItDoesNotComeToItsMessages) {
  const life one{system_, port_};
  wait_for_life();
  EXPECT_EQ(progress(), node_progress{});
  EXPECT_EQ(progress(2s), std::nullopt) << "it may come to one until now";
}

// A life that hangs is replaced while it still exists. When it ends at last, the next one is
// reached as before.
TEST_F(ReplicatedActor, IsReachedAfterALifeThatWasGivenUpHasEnded) {
  life given_up{system_, port_};
  wait_for_life();
  const replicated* const old = *run([](replicated& machine) { return &machine; });
  const life next{system_, port_};
  while (run([](replicated& machine) { return &machine; }) == old)
    std::this_thread::yield();
  given_up.end();
  EXPECT_TRUE(run([](replicated&) { return true; }));
  EXPECT_EQ(progress(), node_progress{});
}

} // namespace
} // namespace ducat::cluster
