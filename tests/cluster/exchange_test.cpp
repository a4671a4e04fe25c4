/// The child "nodes" of one node, asked as another node asks it: no etcd and no links.

#include "cluster/exchange.hpp"
#include "group_world.hpp"
#include "link.pb.h"

#include <ducat/inject.hpp>

#include <atomic>
#include <future>

namespace ducat::cluster {
namespace {

using namespace ducat::testing;

constexpr std::uint64_t first_grant = 7;

/// Says "where" it is and how often it was granted the group; to "wait" it says nothing.
caf::behavior counting_worker(caf::event_based_actor* self) {
  const auto grants = std::make_shared<int>(0);
  const auto kept = std::make_shared<std::vector<caf::response_promise>>();
  return {
      [=](const granted&) { ++*grants; },
      [=](const say& what) {
        auto promise = self->make_response_promise();
        if (what.word == "wait")
          kept->push_back(promise);
        else
          promise.deliver(said{"n1", std::to_string(*grants)});
        return promise;
      },
  };
}

/// The node "n1" of the nodes "n1" and "n2": both are there, and one hot group is of both.
class exchange_world {
public:
  using answer = std::future<result<std::string>>;

  exchange_world() {
    node_options start{.id = "n1", .data = home_.path()};
    start.grants = grants_;
    start.others = [this](node& n) {
      return exchange_child(
          {.speaks = std::make_shared<const protocol>(protocol{}.add<say>()),
           .grants = grants_,
           .find = [&n](const std::string& path) { return n.find(path); },
           .spec = [&n] { return n.spec(); },
           .see = [] { return all_well(); },
           .ledger = [] { return std::string{"ledger"}; },
           .ask = [](const std::string&, const outgoing_ask&, time_point, const ask_callback&) {}},
          port_);
    };
    node_ = node::start(std::move(start), [](node& n) {
              n.supervise({.restarts_max = 5},
                          {{.id = "service",
                            .start = ducat::start(counting_worker),
                            .pool = pool_spec{.redundancy = redundancy_spec{
                                                  .nodes = {"n1", "n2"},
                                                  .mode = redundancy_mode::primary_backup,
                                                  .standby = standby_policy::hot}}}});
            }).value();
  }

  /// The log says so, and the child is not told yet.
  void grant_to(const std::string& node, std::uint64_t epoch) {
    grants_->note("service", {.node = node, .epoch = epoch});
  }

  void look() { port_->look(); }

  answer ask(const std::string& word, duration timeout = patience) {
    auto known = std::make_shared<std::promise<result<std::string>>>();
    port_->serve({.from = "n2",
                  .to = "service/w1",
                  .type = "test.say",
                  .body = word,
                  .deadline = std::chrono::steady_clock::now() + timeout},
                 [known](result<std::string> done) { known->set_value(std::move(done)); });
    return known->get_future();
  }

  /// Returns what the worker answers to `word`, as soon as it may be asked. As in a node, there is
  /// a look now and then.
  std::string ask_until_served(const std::string& word) {
    for (;; look())
      if (const auto done = ask(word).get()) {
        ducat::link::v1::ChildAnswer read;
        EXPECT_TRUE(read.ParseFromString(*done));
        return read.body();
      }
  }

  void crash_nodes() { crash("nodes"); }

  void crash_worker() { crash("service/w1"); }

private:
  void crash(const std::string& path) {
    const handle child = node_->find(path);
    const auto before = child.incarnation();
    ASSERT_TRUE(inject(child, fault_kind::crash, {}));
    while (child.incarnation() <= before)
      std::this_thread::yield();
  }

  static surroundings all_well() {
    surroundings seen{.me = "n1", .members = {}};
    for (const char* id : {"n1", "n2"})
      seen.members.push_back({.id = id, .now = member_status::state::alive, .is_linked = true});
    return seen;
  }

  temporary_directory home_;
  std::shared_ptr<grant_board> grants_ = std::make_shared<grant_board>("n1");
  std::shared_ptr<exchange_port> port_ = std::make_shared<exchange_port>();
  std::unique_ptr<node> node_;
};

// What a worker commits before it knows the grant would not be fenced.
TEST(Exchange, AsksNoWorkerThatIsNotToldOfTheGrantYet) {
  exchange_world world;
  EXPECT_EQ(code_of(world.ask("where").get()), errc::unavailable) << "it is a standby";
  world.grant_to("n1", first_grant);
  EXPECT_EQ(code_of(world.ask("where").get()), errc::unavailable);
  world.look();
  EXPECT_EQ(world.ask_until_served("where"), "n1/1");
}

TEST(Exchange, SaysThatNobodyKnowsWhatBecameOfAnAskWhenItCrashes) {
  exchange_world world;
  world.grant_to("n1", first_grant);
  world.look();
  EXPECT_EQ(world.ask_until_served("where"), "n1/1");
  auto lost = world.ask("wait");
  EXPECT_EQ(world.ask_until_served("where"), "n1/1") << "it has been asked by now";
  world.crash_nodes();
  ASSERT_EQ(lost.wait_for(patience), std::future_status::ready);
  EXPECT_EQ(code_of(lost.get()), errc::outcome_unknown);
}

// CAF drops the promises of an actor that ends.
TEST(Exchange, SaysThatNobodyKnowsWhatBecameOfAnAskWhenItsChildCrashes) {
  exchange_world world;
  world.grant_to("n1", first_grant);
  world.look();
  EXPECT_EQ(world.ask_until_served("where"), "n1/1");
  auto lost = world.ask("wait");
  EXPECT_EQ(world.ask_until_served("where"), "n1/1") << "it has it by now";
  world.crash_worker();
  ASSERT_EQ(lost.wait_for(patience / 2), std::future_status::ready);
  EXPECT_EQ(code_of(lost.get()), errc::outcome_unknown);
}

// The life of a worker outlasts that of the child.
TEST(Exchange, TellsALifeOfItsGrantOnce) {
  exchange_world world;
  world.grant_to("n1", first_grant);
  world.look();
  EXPECT_EQ(world.ask_until_served("where"), "n1/1");
  world.crash_nodes();
  EXPECT_EQ(world.ask_until_served("where"), "n1/1");
}

TEST(Exchange, EndsALifeWhoseGrantWentWhileNobodyLooked) {
  exchange_world world;
  world.grant_to("n1", first_grant);
  world.look();
  EXPECT_EQ(world.ask_until_served("where"), "n1/1");
  world.grant_to("n2", first_grant + 1);
  world.grant_to("n1", first_grant + 2);
  world.crash_nodes();
  EXPECT_EQ(world.ask_until_served("where"), "n1/1") << "another life, with a grant of its own";
}

// Else one slow request would take all others of that worker with it.
TEST(Exchange, AnAskThatIsLateIsAnsweredAndNotLost) {
  exchange_world world;
  world.grant_to("n1", first_grant);
  world.look();
  EXPECT_EQ(world.ask_until_served("where"), "n1/1");
  const auto late = world.ask("wait", 1ms).get();
  ASSERT_TRUE(late) << to_string(late.error());
  ducat::link::v1::ChildAnswer read;
  ASSERT_TRUE(read.ParseFromString(*late));
  EXPECT_EQ(read.error(), static_cast<std::uint32_t>(errc::outcome_unknown));
}

} // namespace
} // namespace ducat::cluster
