/// Exceptions against a node: each that is open has an actor, whatever crashes.

#include <ducat/durable.hpp>
#include <ducat/node.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/settlement/exception_watch.hpp>
#include <ducat/testing.hpp>
#include <ducat/v1/journal.pb.h>
#include <ducat/v1/machine.pb.h>
#include <ducat/wall_clock.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace ducat::settlement::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t hours_later_ns = std::uint64_t{3} * 3'600 * 1'000'000'000;

/// What the node's exceptions are told of the world.
struct watched_world {
  std::atomic<bool> is_later = false;
  std::atomic<bool> is_elsewhere = false;
};

/// For its exceptions it is hours later as soon as the test says so.
class watching_node : public ducat::testing::local_node {
public:
  explicit watching_node(duration look_every = 5ms)
      : watching_node{look_every, std::make_shared<watched_world>()} {}

  void let_hours_pass() { world_->is_later = true; }

  /// Another node watches from now on, or no more.
  void watch_elsewhere(bool is_so) { world_->is_elsewhere = is_so; }

  v1::SettlementException open_exception(v1::SettlementExceptionRule rule) {
    v1::Command command;
    v1::OpenSettlementExceptions& open = *command.mutable_settlement_exception()->mutable_open();
    open.set_currency("EUR");
    open.set_rule(rule);
    open.set_due_hours(1);
    v1::SettlementDifference& what = *open.add_differences();
    what.set_leg(v1::SettlementDifference::ACQUIRER);
    what.set_what(v1::SettlementDifference::MISSING_EXTERNAL);
    what.set_reference("r");
    what.set_window(1);
    what.mutable_internal()->set_amount(100);
    what.mutable_internal()->set_currency("EUR");
    return commit(command).settlement_exceptions().data(0);
  }

  void dispose(const std::string& id) {
    v1::Command command;
    v1::DisposeOfSettlementException& how =
        *command.mutable_settlement_exception()->mutable_dispose();
    how.set_id(id);
    how.set_how(v1::CORRECTED);
    how.set_reason("a test");
    how.set_by("clerk");
    commit(command);
  }

  v1::SettlementException show(const std::string& id) {
    v1::Question question;
    question.mutable_settlement_exceptions()->set_id(id);
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        local_node::ask<answer>("ledger", query{question.SerializeAsString()}).value().text));
    return outcome.settlement_exceptions().data(0);
  }

  static std::string path_of(const v1::SettlementException& of) {
    return "exceptions/open/" + of.id();
  }

  bool has_actor(const v1::SettlementException& of) const {
    return get().find(path_of(of)).current() != nullptr;
  }

  /// Waits until it is so; ctest ends a test that waits for ever.
  template <class Condition>
  static void wait_until(Condition is_so) {
    while (!is_so())
      std::this_thread::yield();
  }

private:
  watching_node(duration look_every, const std::shared_ptr<watched_world>& world)
      : local_node{[=](node& n) { describe(n, look_every, world); }}, world_{world} {
    v1::Command command;
    auto& terms = *command.mutable_settlement()->mutable_configure();
    terms.set_currency("EUR");
    terms.set_model(v1::NET_MULTILATERAL_DEFERRED);
    terms.set_business_date(20'261'102);
    EXPECT_FALSE(commit(command).has_error());
  }

  static void describe(node& n, duration look_every, const std::shared_ptr<watched_world>& world) {
    const handle ledger = n.replicate("ledger", payment::make_machine);
    const exception_watch_options options{.look_every = look_every,
                                          .now =
                                              [world] {
                                                log_time now = wall_clock();
                                                if (world->is_later)
                                                  now.nanoseconds += hours_later_ns;
                                                return now;
                                              },
                                          .watches_here = [world] { return !world->is_elsewhere; }};
    n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 10s},
                {exceptions_child("exceptions", ledger, options,
                                  [&n](const std::string& path) { return n.find(path); })});
  }

  v1::Outcome commit(const v1::Command& command) {
    v1::Outcome outcome;
    EXPECT_TRUE(outcome.ParseFromString(
        local_node::ask<committed>("ledger", ducat::commit{command.SerializeAsString()})
            .value()
            .reply));
    EXPECT_FALSE(outcome.has_error()) << outcome.error().code();
    return outcome;
  }

  std::shared_ptr<watched_world> world_;
};

} // namespace

TEST(ExceptionWatch, HasAnActorForEachThatIsOpen) {
  watching_node node;
  const auto opened = node.open_exception(v1::NOTHING);
  node.wait_until([&] { return node.has_actor(opened); });
  EXPECT_EQ(node.show(opened.id()).alarmed_at_ns(), 0u);
  node.dispose(opened.id());
  node.wait_until([&] { return !node.has_actor(opened); });
}

TEST(ExceptionWatch, RaisesTheAlarmWhenItsTimeIsUp) {
  watching_node node;
  const auto opened = node.open_exception(v1::NOTHING);
  node.wait_until([&] { return node.has_actor(opened); });
  node.let_hours_pass();
  node.wait_until([&] { return node.show(opened.id()).alarmed_at_ns() != 0; });
  EXPECT_EQ(node.show(opened.id()).how(), v1::DISPOSITION_UNSPECIFIED);
}

TEST(ExceptionWatch, AcceptsWhenItsTimeIsUpIfThatIsItsRule) {
  watching_node node;
  const auto opened = node.open_exception(v1::ACCEPT_AT_DUE);
  node.let_hours_pass();
  node.wait_until([&] { return node.show(opened.id()).how() == v1::ACCEPTED; });
  EXPECT_NE(node.show(opened.id()).alarmed_at_ns(), 0u);
  EXPECT_EQ(node.show(opened.id()).by(), "rule");
  node.wait_until([&] { return !node.has_actor(opened); });
}

TEST(ExceptionWatch, GoesOnAfterItsActorOrTheDeskHasCrashed) {
  watching_node node;
  const auto opened = node.open_exception(v1::NOTHING);
  node.wait_until([&] { return node.has_actor(opened); });
  for (const std::string& path : {node.path_of(opened), std::string{"exceptions/desk"}}) {
    const auto life = node.crash(path);
    ASSERT_TRUE(node.wait_until_restarted(path, life));
    node.wait_until([&] { return node.has_actor(opened); });
  }
  node.let_hours_pass();
  node.wait_until([&] { return node.show(opened.id()).alarmed_at_ns() != 0; });
}

TEST(ExceptionWatch, HasActorsAgainAfterTheirSupervisorHasCrashed) {
  watching_node node;
  const auto opened = node.open_exception(v1::NOTHING);
  node.wait_until([&] { return node.has_actor(opened); });
  const auto life = node.crash("exceptions/open");
  ASSERT_TRUE(node.wait_until_restarted("exceptions/open", life));
  node.wait_until([&] { return node.has_actor(opened); });
}

TEST(ExceptionWatch, HasNoActorsWhereAnotherNodeWatches) {
  watching_node node;
  const auto opened = node.open_exception(v1::NOTHING);
  node.wait_until([&] { return node.has_actor(opened); });
  node.watch_elsewhere(true);
  node.wait_until([&] { return !node.has_actor(opened); });
  node.watch_elsewhere(false);
  node.wait_until([&] { return node.has_actor(opened); });
}

// The desk of this node looks only when it begins.
TEST(ExceptionWatch, EndsActorsThatADeskBeforeHasStarted) {
  watching_node node{1h};
  const auto opened = node.open_exception(v1::NOTHING);
  node.crash("exceptions/desk");
  node.wait_until([&] { return node.has_actor(opened); });
  node.dispose(opened.id());
  node.crash("exceptions/desk");
  node.wait_until([&] { return !node.has_actor(opened); });
}

} // namespace ducat::settlement::test
