/// Two links to one acquirer's process: the one that fails is followed by the other, nothing is
/// sent without a grant, and afterwards the acquirer's journal and our log say the same.

#include "acquiring/paying_node.hpp"
#include "grey_proxy.hpp"
#include "support/temporary_directory.hpp"

#include <ducat/acquiring/acquirer_actor.hpp>
#include <ducat/acquiring/late_approval_actor.hpp>
#include <ducat/acquiring/link_group_actor.hpp>
#include <ducat/acquiring/saf_actor.hpp>
#include <ducat/device/link.hpp>
#include <ducat/payment/deadline_actor.hpp>

#include <caf/send.hpp>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace ducat::acquiring::test {
namespace {

struct redundancy {
  std::vector<std::uint16_t> ports; ///< The preferred one first: "link1", "link2" ...
  bool takeover = false;
};

device::link_config link_to(std::uint16_t port, const std::string& name, const handle& listener) {
  device::link_config link{.name = name, .host = "127.0.0.1", .port = port, .plain = true};
  link.dialect = *iso8583::find_dialect("ascii87");
  link.listener = listener;
  link.options.answer_timeout = 1s;
  link.options.sign_on_timeout = 1s;
  link.options.backoff = {.initial = 10ms, .max = 50ms, .jitter_percent = 0};
  link.options.grey = {
      .sample = 10, .timeouts_max = 2, .silence = 1h, .silence_timeouts = 1'000, .pause = 100ms};
  return link;
}

class linked_node : public paying_node {
public:
  explicit linked_node(const redundancy& with)
      : paying_node{[with](node& n) { describe(n, with); }} {}

  group_figures group() { return ask<group_figures>("group", query_group{}).value(); }

  void wait_until_granted(const std::string& link) {
    while (group().grant.link != link)
      std::this_thread::yield();
  }

  /// Until the group knows that all links could carry payments.
  void wait_until_all_are_seen_signed_on() {
    const auto is_seen = [](const link_figures_shown& each) {
      return each.seen.state == device::link_state::signed_on;
    };
    while (!std::ranges::all_of(group().links, is_seen))
      std::this_thread::yield();
  }

  void wait_until(const std::string& link, device::link_state state) {
    while (ask<device::link_figures>(link, device::query_link{}).value().state != state)
      std::this_thread::yield();
  }

private:
  static void describe(node& n, const redundancy& with) {
    const profile known_as{.terminal = "TERM0001", .merchant = "MERCHANT0000001"};
    const handle ledger = n.replicate("ledger", payment::make_machine);
    std::vector<child_spec> children;
    std::vector<carrier> carriers;
    for (std::size_t i = 0; i < with.ports.size(); ++i) {
      const std::string name = "link" + std::to_string(i + 1);
      carriers.push_back({.name = name, .link = n.find(name)});
      children.push_back(
          {.id = name,
           .start = device::acquirer_link(link_to(with.ports[i], name, n.find("group")))});
    }
    const payment::card_routes routes{
        .links = {{.link = "acme", .acquirer = n.find("acme"), .has_plan = true}},
        .answer_timeout = 2s,
        .by = n.id(),
        .node = n.id()};
    children.push_back(
        {.id = "acme",
         .start = ducat::start(
             acquirer_route,
             route_options{.known_as = known_as,
                           .links = carriers,
                           .group = with.ports.size() > 1 ? n.find("group") : handle{},
                           .breaker = {.failures_max = 5, .pause = std::chrono::minutes{10}}})});
    children.push_back(
        {.id = "late",
         .start = ducat::start(late_approval_actor, ledger, late_options{.acquirer = "acme"})});
    children.push_back({.id = "group",
                        .start = ducat::start(link_group_actor, ledger,
                                              group_options{.acquirer = "acme",
                                                            .node = n.id(),
                                                            .by = n.id(),
                                                            .links = carriers,
                                                            .route = n.find("acme"),
                                                            .late = n.find("late"),
                                                            .saf = n.find("saf"),
                                                            .deciding = {.takeover = with.takeover,
                                                                         .takeover_after = 0s},
                                                            .look_every = 20ms})});
    children.push_back({.id = "payments",
                        .start = ducat::start(payment::card_payment_actor, ledger, routes),
                        .pool = pool_spec{.size = 2, .policy = route::round_robin}});
    children.push_back(
        {.id = "saf",
         .start = ducat::start(
             saf_actor, ledger,
             saf_actor_options{
                 .lines = {{.link = "acme", .acquirer = n.find("acme")}},
                 .look_every = 20ms,
                 .answer_timeout = 2s,
                 .saf = {.backoff = {.initial = 10ms, .max = 50ms, .jitter_percent = 0}}})});
    children.push_back({.id = "deadlines",
                        .start = ducat::start(payment::deadline_actor, ledger,
                                              payment::deadline_options{.look_every = 20ms})});
    n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 10s},
                std::move(children));
  }
};

class RedundantLinks : public ::testing::Test {
protected:
  std::string next_key() { return "k" + std::to_string(++paid_); }

  /// Pays until a payment goes over `link`, and returns that one.
  v1::Payment pay_until_over(linked_node& over, const std::string& link) {
    for (;;) {
      const v1::Payment paid = over.pay(next_key());
      if (paid.attempts_size() != 0 && paid.attempts().rbegin()->carrier() == link)
        return paid;
    }
  }

  void expect_agreement(linked_node& of) {
    expect_both_sides_agree(of.wait_until_known(), place_.path() / "journal");
  }

  ducat::testing::temporary_directory place_;
  acquirer_process host_{place_.path() / "journal"};
  grey_proxy way_{host_.port()};
  int paid_ = 0;
};

TEST_F(RedundantLinks, ThePreferredOneCarriesPaymentsUnderTheFirstGrant) {
  linked_node node{{.ports = {way_.port(), host_.port()}}};
  node.wait_until_granted("link1");
  const auto paid = node.pay("k");
  EXPECT_EQ(paid.state(), v1::Payment::CAPTURED);
  EXPECT_EQ(paid.attempts(0).carrier(), "link1");
  EXPECT_EQ(paid.attempts(0).epoch(), 1u);
}

// Grey failure: its echoes are answered.
TEST_F(RedundantLinks, OneThatIsHalfDeadIsFollowedByItsBackupAndBothSidesAgree) {
  linked_node node{{.ports = {way_.port(), host_.port()}}};
  node.wait_until_granted("link1");
  way_.set_half_dead(true);
  EXPECT_GE(pay_until_over(node, "link2").attempts().rbegin()->epoch(), 2u);
  for (int captured = 0; captured < 10;)
    captured += node.pay(next_key()).state() == v1::Payment::CAPTURED ? 1 : 0;
  auto states = expect_both_sides_agree(node.wait_until_known(), place_.path() / "journal");
  EXPECT_GE(states["REVERSED"], 2u) << "what was under way is reversed";
  EXPECT_EQ(states["FAILED"], 0u);
}

TEST_F(RedundantLinks, TheOldHolderThatIsBackSendsNothingWithoutAGrant) {
  linked_node node{{.ports = {way_.port(), host_.port()}}};
  node.wait_until_granted("link1");
  way_.set_half_dead(true);
  (void)pay_until_over(node, "link2");
  way_.set_half_dead(false);
  node.wait_until("link1", device::link_state::signed_on);
  for (int i = 0; i < 10; ++i) {
    const v1::Attempt attempt = node.pay(next_key()).attempts(0);
    EXPECT_TRUE(attempt.carrier() == "link2" || attempt.epoch() > 2) << attempt.carrier();
  }
  expect_agreement(node);
}

TEST_F(RedundantLinks, ThePreferredOneTakesOverIfThatIsAskedFor) {
  linked_node node{{.ports = {way_.port(), host_.port()}, .takeover = true}};
  node.wait_until_granted("link1");
  way_.cut();
  (void)pay_until_over(node, "link1");
  node.wait_until_granted("link1");
  EXPECT_EQ(node.pay(next_key()).state(), v1::Payment::CAPTURED);
  expect_agreement(node);
}

// No payment fails because of it: what was not sent goes over the other link.
TEST_F(RedundantLinks, OneThatIsDrainedIsFollowedWithoutALoss) {
  linked_node node{{.ports = {way_.port(), host_.port()}}};
  node.wait_until_granted("link1");
  node.wait_until_all_are_seen_signed_on();
  (void)node.ask<device::link_figures>("link1", device::drain_link{}).value();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(node.pay(next_key()).state(), v1::Payment::CAPTURED);
  EXPECT_EQ(node.group().grant.link, "link2");
  expect_agreement(node);
}

// Whoever decided before the grant and commits after it: the machine says no.
TEST_F(RedundantLinks, AnAttemptThatWasDecidedUnderAnOldGrantIsRefusedByTheLog) {
  linked_node node{{.ports = {way_.port(), host_.port()}}};
  node.wait_until_granted("link1");
  (void)node.ask<device::link_figures>("link1", device::drain_link{}).value();
  node.wait_until_granted("link2");
  auto created = ducat::testing::create_card_payment("k", amount);
  const std::string id = node.commit(created).payment().id();
  const auto refused = node.commit(ducat::testing::send_over(id, "link1", 1, node.get().id()));
  EXPECT_EQ(refused.error().code(), "link_grant_superseded");
  EXPECT_EQ(node.show(id).state(), v1::Payment::CREATED);
}

TEST_F(RedundantLinks, BothSidesAgreeWhateverCrashes) {
  linked_node node{{.ports = {way_.port(), host_.port()}}};
  node.wait_until_granted("link1");
  for (const char* fault : {"drop_answer:percent=5", "disconnect:percent=3", "garble:percent=3"})
    host_.arm(fault);
  const std::vector<std::string> victims{"group", "acme", "link1", "late", "link2", "payments/w1"};
  for (int i = 0; i < 60; ++i) {
    (void)node.pay(next_key());
    if (i % 5 == 3)
      node.crash(victims[static_cast<std::size_t>(i / 5) % victims.size()]);
    if (i == 20 || i == 40)
      way_.set_half_dead(i == 20);
  }
  host_.control({"fault", "clear"});
  const auto ours = node.wait_until_known();
  auto states = expect_both_sides_agree(ours, place_.path() / "journal");
  EXPECT_EQ(ours.size(), 60u);
  EXPECT_GT(states["CAPTURED"], 20u);
}

// Late approvals ----------------------------------------------------------------------------------

iso8583::message approval_of(const v1::Attempt& attempt) {
  std::string stan = std::to_string(attempt.stan());
  stan.insert(0, 6 - stan.size(), '0');
  iso8583::message answer{"0210"};
  answer.set(4, "000000000100");
  answer.set(11, stan);
  answer.set(37, attempt.rrn());
  answer.set(38, "A1B2C3");
  answer.set(39, "00");
  return answer;
}

// As far as we know the reversal undid it. It is asked for once more, and nothing is held or paid.
TEST_F(RedundantLinks, AnApprovalAfterTheReversalIsReversedAgain) {
  linked_node node{{.ports = {host_.port()}}};
  node.wait_until("link1", device::link_state::signed_on);
  host_.arm("drop_answer:mti=0200,times=1");
  const std::string id = node.pay("k").id();
  (void)node.wait_until_known();
  caf::anon_send(
      node.get().find("group").current(),
      device::link_unmatched{.link = "link1",
                             .message = {.kind = device::unmatched_kind::late,
                                         .what = approval_of(node.show(id).attempts(0))}});
  while (!node.show(id).attempts(0).reversed_again())
    std::this_thread::yield();
  expect_agreement(node);
  const auto shown = node.show(id);
  EXPECT_EQ(shown.state(), v1::Payment::REVERSED);
  EXPECT_EQ(shown.attempts(0).state(), v1::Attempt::REVERSED);
  EXPECT_EQ(shown.attempts(0).approved_amount(), amount);
}

// Before the reversal is accepted, or after: it is noted, and nobody pays.
TEST_F(RedundantLinks, AnApprovalThatOnlyTheLinkHearsIsInTheLog) {
  linked_node node{{.ports = {host_.port()}}};
  node.wait_until("link1", device::link_state::signed_on);
  host_.arm("delay:after=1500ms,mti=0200,times=1");
  const std::string id = node.pay("k").id();
  while (!node.show(id).attempts(0).late_approval())
    std::this_thread::yield();
  expect_agreement(node);
  EXPECT_EQ(node.show(id).state(), v1::Payment::REVERSED);
  EXPECT_EQ(join({node.show(id)}, place_.path() / "journal").neither, 1u);
}

// The breaker -------------------------------------------------------------------------------------

TEST_F(RedundantLinks, ARouteThatDoesNotAnswerIsPassedByWithoutAnAttempt) {
  linked_node node{{.ports = {host_.port()}}};
  node.wait_until("link1", device::link_state::signed_on);
  host_.program().signal(SIGKILL);
  node.wait_until("link1", device::link_state::failed);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(node.pay(next_key()).attempts(0).state(), v1::Attempt::NOT_SENT);
  const auto passed_by = node.pay(next_key());
  EXPECT_EQ(passed_by.state(), v1::Payment::FAILED);
  EXPECT_EQ(passed_by.attempts_size(), 0);
  EXPECT_EQ(passed_by.failure_reason(), "acme: its breaker is open");
}

} // namespace
} // namespace ducat::acquiring::test
