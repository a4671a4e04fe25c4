/// The service of a real node: what each call answers, also while its actors are crashed.

#include "api/gateway.hpp"
#include "api/node_service.hpp"
#include "node_command.hpp"

#include <ducat/ask.hpp>
#include <ducat/durable.hpp>
#include <ducat/dynamic_children.hpp>
#include <ducat/fault.hpp>
#include <ducat/inject.hpp>
#include <ducat/lint.hpp>
#include <ducat/router.hpp>
#include <ducat/testing.hpp>
#include <ducat/v1/machine.pb.h>

#include <caf/event_based_actor.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;

class NodeService : public ::testing::Test {
protected:
  NodeService() {
    open("world", true);
    open("alice", false);
  }

  template <class Reply, class Request>
  static reply<Reply> call(service& to, Request request) {
    std::promise<reply<Reply>> answered;
    to.call(std::move(request), std::chrono::steady_clock::now() + 10s,
            respond<Reply>{[&](reply<Reply> r) { answered.set_value(std::move(r)); }});
    return answered.get_future().get();
  }

  template <class Reply, class Request>
  reply<Reply> call(Request request) {
    return call<Reply>(*service_, std::move(request));
  }

  reply<v1::AccountReply> open(const std::string& id, bool overdraft) {
    v1::CreateAccountRequest request;
    request.set_id(id);
    request.set_currency("EUR");
    request.set_overdraft(overdraft);
    return call<v1::AccountReply>(request);
  }

  static v1::CreatePaymentRequest payment(const std::string& key, std::int64_t amount) {
    v1::CreatePaymentRequest request;
    request.set_idempotency_key(key);
    request.set_from("world");
    request.set_to("alice");
    request.set_amount(amount);
    request.set_currency("EUR");
    return request;
  }

  reply<v1::PaymentReply> pay(const std::string& key, std::int64_t amount) {
    return call<v1::PaymentReply>(payment(key, amount));
  }

  static v1::CrashRequest crash(const std::string& path, std::uint32_t times = 1) {
    v1::CrashRequest request;
    request.set_path(path);
    request.set_times(times);
    return request;
  }

  ducat::testing::local_node node_{[](node& n) { cli::describe_payment_node(n, {.size = 2}); }};
  std::unique_ptr<service> service_ = make_node_service(node_.get(), {.faults_allowed = true});
};

TEST_F(NodeService, AnswersAPaymentWithTheReceiptOfItsLastEffect) {
  const auto paid = pay("k1", 250);
  ASSERT_TRUE(paid);
  EXPECT_EQ(paid->payment().state(), v1::Payment::CAPTURED);
  EXPECT_EQ(paid->receipt().index(), 5u) << "two accounts, then three steps";
  EXPECT_EQ(paid->receipt().hash().size(), 64u);
}

TEST_F(NodeService, AnswersAReplayWithTheSameReceipt) {
  const auto first = pay("k1", 250);
  const auto again = pay("k1", 250);
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(again->receipt().index(), first->receipt().index());
  EXPECT_EQ(again->receipt().hash(), first->receipt().hash());
}

TEST_F(NodeService, RefusesAKeyThatWasUsedForAnotherBody) {
  ASSERT_TRUE(pay("k1", 250));
  EXPECT_EQ(pay("k1", 251).error().type(), v1::Error::IDEMPOTENCY);
}

TEST_F(NodeService, RefusesAChangeWithoutAKey) {
  const auto paid = pay("k1", 250);
  v1::RefundPaymentRequest refund;
  refund.set_id(paid->payment().id());
  EXPECT_EQ(call<v1::PaymentReply>(refund).error().code(), "idempotency_key_missing");
  v1::CapturePaymentRequest capture;
  capture.set_id(paid->payment().id());
  EXPECT_EQ(call<v1::PaymentReply>(capture).error().code(), "idempotency_key_missing");
}

TEST_F(NodeService, RefusesACaptureMethodThatItDoesNotKnow) {
  auto request = payment("k1", 250);
  request.set_capture_method(static_cast<v1::CaptureMethod>(2));
  EXPECT_EQ(call<v1::PaymentReply>(request).error().code(), "capture_method_unknown");
}

TEST_F(NodeService, ShowsTheRefundThatWasAskedFor) {
  const auto paid = pay("k1", 250);
  v1::RefundPaymentRequest refund;
  refund.set_id(paid->payment().id());
  refund.set_idempotency_key("r1");
  refund.set_amount(50);
  const auto refunded = call<v1::PaymentReply>(refund);
  ASSERT_TRUE(refunded);
  EXPECT_EQ(refunded->refund().amount(), 50);
  EXPECT_EQ(refunded->payment().refunded(), 50);
}

TEST_F(NodeService, OpensAnAccountOnce) {
  const auto first = open("bob", false);
  const auto again = open("bob", false);
  EXPECT_FALSE(first->replayed());
  EXPECT_TRUE(again->replayed());
  EXPECT_EQ(again->receipt().hash(), first->receipt().hash());
  EXPECT_EQ(open("bob", true).error().code(), "account_exists");
}

TEST_F(NodeService, PagesAndFinds) {
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(pay("k" + std::to_string(i), 1 + i));
  v1::ListPaymentsRequest list;
  list.set_limit(2);
  const auto page = call<v1::ListPaymentsReply>(list);
  EXPECT_EQ(page->data_size(), 2);
  EXPECT_TRUE(page->has_more());
  v1::GetPaymentRequest get;
  get.set_id(page->data(1).id());
  EXPECT_EQ(call<v1::Payment>(get)->amount(), 2);
  get.set_id("pay_none");
  EXPECT_EQ(call<v1::Payment>(get).error().type(), v1::Error::NOT_FOUND);
}

TEST_F(NodeService, ReportsItsStatusAndItsTree) {
  ASSERT_TRUE(pay("k1", 250));
  const auto status = call<v1::StatusReply>(v1::StatusRequest{});
  ASSERT_TRUE(status);
  EXPECT_EQ(status->log_index(), 5u);
  EXPECT_EQ(status->payments(), 1u);
  EXPECT_TRUE(status->totals(0).in_balance());
  EXPECT_EQ(call<v1::TreeReply>(v1::TreeRequest{})->children_size(), 11);
  EXPECT_TRUE(service_->is_ready());
}

TEST_F(NodeService, TellsWhatItMeasuresOfItself) {
  ASSERT_TRUE(pay("k1", 250));
  const auto found = call<v1::FiguresReply>(v1::FiguresRequest{});
  ASSERT_TRUE(found);
  const auto of = [&](const std::string& path) {
    return *std::ranges::find(found->children(), path, &v1::ChildFigures::path);
  };
  EXPECT_EQ(found->children_size(), 12) << "the tree, and its root";
  EXPECT_EQ(of("").restarts_left(), 50u);
  EXPECT_EQ(of("").zombies(), 0u);
  EXPECT_TRUE(of("ledger").has_age_ms());
  EXPECT_TRUE(of("ledger").has_waiting());
  EXPECT_FALSE(of("ledger").has_restarts_left());
  EXPECT_TRUE(of("payments").has_restarts_left());
  ASSERT_EQ(found->pools_size(), 3) << "with the places of payments, and of those by card";
  EXPECT_EQ(found->pools(0).pool(), "payments");
  EXPECT_EQ(found->pools(0).workers_able(), 2u);
  EXPECT_GE(found->entries_appended(), 5u) << "two accounts, then three steps";
  EXPECT_GE(found->append().count(), 5u);
  EXPECT_GE(found->sync().count(), found->append().count());
  EXPECT_GE(found->commit().count(), 5u);
  EXPECT_LE(found->append().buckets().rbegin()->count(), found->append().count());
}

TEST_F(NodeService, TellsItWhileTheLedgerCrashesAndHowManyRestartsThatLeaves) {
  ASSERT_TRUE(call<v1::CrashReply>(crash("ledger", 3)));
  const auto found = call<v1::FiguresReply>(v1::FiguresRequest{});
  ASSERT_TRUE(found);
  EXPECT_LE(found->children(0).restarts_left(), 48u) << "the third may be under way";
}

// But that some children never end the tree, as they are not to take payments down, and that
// exceptions have no actors before there are any.
TEST_F(NodeService, RunsATreeOfWhichItsLinterFindsNothing) {
  const lint_report report = lint(node_.get().spec());
  std::vector<std::pair<std::string, lint_code>> found;
  for (const auto& each : report.findings)
    found.emplace_back(each.path, each.code);
  EXPECT_EQ(found, (std::vector<std::pair<std::string, lint_code>>{
                       {"webhooks", lint_code::backoff_outlasts_window},
                       {"settlement", lint_code::backoff_outlasts_window},
                       {"exceptions/open", lint_code::supervisor_without_children},
                       {"exceptions/desk", lint_code::backoff_outlasts_window}}));
  ASSERT_NE(report.starts_before_root_gives_up(), nullptr);
  EXPECT_EQ(report.starts_before_root_gives_up()->path, "payments/w1");
  EXPECT_EQ(report.starts_before_root_gives_up()->starts, 51u * 101u);
}

TEST_F(NodeService, TellsTheSpecOfItsTree) {
  const auto tree = call<v1::TreeReply>(v1::TreeRequest{});
  ASSERT_EQ(tree->spec().children_size(), 6);
  EXPECT_EQ(tree->spec().restarts_max(), 50u);
  EXPECT_EQ(tree->spec().children(1).id(), "payments");
  EXPECT_EQ(tree->spec().children(1).pool().size(), 2u);
  EXPECT_EQ(tree->spec().children(3).id(), "webhooks");
  EXPECT_EQ(tree->spec().children(4).id(), "settlement");
  EXPECT_EQ(tree->spec().children(5).id(), "exceptions");
}

TEST_F(NodeService, TakesExceptionsOfReconciliationAndListsThem) {
  v1::SettlementCommand configure;
  configure.mutable_configure()->set_currency("EUR");
  configure.mutable_configure()->set_model(v1::NET_MULTILATERAL_DEFERRED);
  configure.mutable_configure()->set_business_date(20261102);
  ASSERT_TRUE(call<v1::SettlementReply>(configure));
  v1::SettlementExceptionCommand open;
  open.mutable_open()->set_currency("EUR");
  v1::SettlementDifference& missing = *open.mutable_open()->add_differences();
  missing.set_leg(v1::SettlementDifference::ACQUIRER);
  missing.set_what(v1::SettlementDifference::MISSING_EXTERNAL);
  missing.set_reference("r1");
  missing.set_window(1);
  missing.mutable_internal()->set_amount(100);
  missing.mutable_internal()->set_currency("EUR");
  const auto opened = call<v1::SettlementReply>(open);
  ASSERT_TRUE(opened);
  const v1::SettlementException& made = opened->exceptions().data(0);
  EXPECT_EQ(made.suspense(0).amount(), 100);
  EXPECT_EQ(opened->receipt().index(), made.opened_index());
  EXPECT_TRUE(call<v1::SettlementReply>(open)->replayed());
  v1::SettlementExceptionCommand assign;
  assign.mutable_assign()->set_id(made.id());
  assign.mutable_assign()->set_owner("ann");
  EXPECT_EQ(call<v1::SettlementReply>(assign)->exceptions().data(0).owner(), "ann");
  assign.mutable_assign()->set_id("exc_0");
  EXPECT_EQ(call<v1::SettlementReply>(assign).error().type(), v1::Error::NOT_FOUND);
  v1::ListSettlementExceptionsRequest list;
  list.set_only_open(true);
  EXPECT_EQ(call<v1::ListSettlementExceptionsReply>(list)->data(0).owner(), "ann");
}

TEST_F(NodeService, CrashesAsManyLivesAsItIsTold) {
  EXPECT_EQ(call<v1::CrashReply>(crash("payments/w1", 3))->crashed(), 3u);
  EXPECT_GE(node_.restarts("payments/w1"), 2u);
  EXPECT_TRUE(pay("k1", 250));
}

TEST_F(NodeService, CrashesItsOwnGateway) {
  EXPECT_EQ(call<v1::CrashReply>(crash("gateway", 2))->crashed(), 2u);
}

TEST_F(NodeService, GoesOnAfterEachOfItsPartsWasCrashed) {
  for (const char* path : {"payments", "ledger", "gateway", "payments/router", "payments/w1"}) {
    ASSERT_EQ(call<v1::CrashReply>(crash(path))->crashed(), 1u) << path;
    reply<v1::PaymentReply> paid;
    do {
      paid = pay(path, 10); // Slashes are fine in a key.
    } while (!paid && (paid.error().type() == v1::Error::UNAVAILABLE ||
                       paid.error().type() == v1::Error::UNKNOWN_OUTCOME));
    ASSERT_TRUE(paid) << path << ": " << paid.error().ShortDebugString();
    EXPECT_EQ(paid->payment().captured(), 10);
  }
}

TEST_F(NodeService, AnswersTheCallsThatItsGatewayHadWhenItCrashed) {
  ASSERT_TRUE(arm_fault("durable.before_append", {.kind = fault_kind::hang, .lease = 100ms}));
  std::promise<reply<v1::PaymentReply>> answered;
  service_->call(payment("k1", 250), std::chrono::steady_clock::now() + 10s,
                 respond<v1::PaymentReply>{[&](auto r) { answered.set_value(std::move(r)); }});
  ASSERT_TRUE(inject(node_.get().find("gateway"), fault_kind::crash, 0ms));
  const auto answer = answered.get_future().get();
  ASSERT_TRUE(disarm_fault("durable.before_append"));
  EXPECT_TRUE(answer || answer.error().type() == v1::Error::UNKNOWN_OUTCOME);
}

TEST_F(NodeService, RefusesWhatCannotBeCrashed) {
  EXPECT_EQ(call<v1::CrashReply>(crash("nobody")).error().type(), v1::Error::NOT_FOUND);
  v1::CrashRequest melt = crash("ledger");
  melt.set_fault("melt");
  EXPECT_EQ(call<v1::CrashReply>(melt).error().type(), v1::Error::INVALID_REQUEST);
  v1::CrashRequest cut;
  cut.set_link("node2");
  EXPECT_EQ(call<v1::CrashReply>(cut).error().type(), v1::Error::NOT_FOUND) << "it is alone";
  for (const char* fault : {"exit", "segv"}) {
    cut.set_fault(fault);
    EXPECT_EQ(call<v1::CrashReply>(cut).error().type(), v1::Error::INVALID_REQUEST) << fault;
  }
  cut.set_fault("hang");
  cut.set_path("ledger");
  EXPECT_EQ(call<v1::CrashReply>(cut).error().type(), v1::Error::INVALID_REQUEST);
  v1::ArmFaultRequest arm;
  arm.set_name("nowhere");
  EXPECT_EQ(call<v1::ArmFaultReply>(arm).error().type(), v1::Error::NOT_FOUND);
}

// Who may call is looked at where calls come in; here they say who they are.
class AuditedService : public NodeService {
protected:
  template <class Reply, class Request>
  reply<Reply> as(security::role role, Request request, duration within = 10s) {
    std::promise<reply<Reply>> answered;
    service_->call(std::move(request),
                   call_context{std::chrono::steady_clock::now() + within,
                                access::principal{.role = role, .name = "anna"}},
                   respond<Reply>{[&](reply<Reply> r) { answered.set_value(std::move(r)); }});
    return answered.get_future().get();
  }

  /// Returns each entry as "action target outcome", as soon as there are `count`.
  std::vector<std::string> audit(int count) {
    v1::ListAuditRequest request;
    request.set_limit(100);
    reply<v1::ListAuditReply> found;
    do
      found = call<v1::ListAuditReply>(request);
    while (!found || found->data_size() < count);
    std::vector<std::string> all;
    for (const v1::AuditEntry& each : found->data()) {
      EXPECT_EQ(each.name(), "anna");
      EXPECT_EQ(each.node(), node_.get().id());
      all.push_back(each.action() + ' ' + each.target() + ' ' + each.outcome() +
                    (each.about() != 0 ? " of " + std::to_string(each.about()) : ""));
    }
    return all;
  }
};

TEST_F(AuditedService, WritesDownWhatIsAskedForAndWhatCameOfIt) {
  ASSERT_TRUE(as<v1::CrashReply>(security::role::chaos, crash("payments/w1")));
  v1::ArmFaultRequest arm;
  arm.set_name("nowhere");
  EXPECT_FALSE(as<v1::ArmFaultReply>(security::role::chaos, arm));
  v1::CreateAccountRequest account;
  account.set_id("till");
  account.set_currency("EUR");
  ASSERT_TRUE(as<v1::AccountReply>(security::role::admin, account));
  std::vector<std::string> found = audit(5);
  std::ranges::sort(found); // What came of something is written without waiting for it.
  EXPECT_EQ(found,
            (std::vector<std::string>{"arm_fault nowhere asked", "arm_fault nowhere not_found of 3",
                                      "crash payments/w1 asked", "crash payments/w1 done of 1",
                                      "open_account till done"}));
}

TEST_F(AuditedService, DoesNothingThatCannotBeWrittenDown) {
  const auto restarts = node_.restarts("payments/w1");
  ASSERT_TRUE(arm_fault("durable.before_append", {.kind = fault_kind::hang, .lease = 10s}));
  const auto refused = as<v1::CrashReply>(security::role::chaos, crash("payments/w1"), 50ms);
  ASSERT_TRUE(disarm_fault("durable.before_append"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "audit_not_written");
  EXPECT_EQ(refused.error().type(), v1::Error::UNAVAILABLE);
  EXPECT_EQ(audit(1), std::vector<std::string>{"crash payments/w1 asked"})
      << "it was asked for, and was not done";
  EXPECT_EQ(node_.restarts("payments/w1"), restarts);
}

TEST_F(AuditedService, WritesNothingOfWhomNobodyKnows) {
  ASSERT_TRUE(call<v1::CrashReply>(crash("payments/w1")));
  EXPECT_EQ(call<v1::ListAuditReply>(v1::ListAuditRequest{})->newest(), 0u);
}

TEST_F(NodeService, BreaksNothingOnANodeThatDoesNotAllowIt) {
  const auto careful = make_node_service(node_.get(), {.faults_allowed = false});
  v1::ArmFaultRequest arm;
  arm.set_name("durable.before_append");
  EXPECT_EQ(call<v1::ArmFaultReply>(*careful, arm).error().type(), v1::Error::PERMISSION);
  EXPECT_EQ(call<v1::CrashReply>(*careful, crash("ledger")).error().type(), v1::Error::PERMISSION);
  EXPECT_EQ(node_.restarts("ledger"), 0u);
}

TEST_F(NodeService, ArmsListsAndDisarms) {
  v1::ArmFaultRequest arm;
  arm.set_name("payment.after_void");
  arm.set_times(2);
  ASSERT_TRUE(call<v1::ArmFaultReply>(arm));
  const auto list = call<v1::ListFaultsReply>(v1::ListFaultsRequest{});
  const auto armed = std::ranges::find_if(list->points(),
                                          [](const auto& point) { return point.remaining() != 0; });
  ASSERT_NE(armed, list->points().end());
  EXPECT_EQ(armed->name(), "payment.after_void");
  EXPECT_EQ(armed->fault(), "throw");
  v1::DisarmFaultRequest disarm;
  disarm.set_name("payment.after_void");
  EXPECT_TRUE(call<v1::DisarmFaultReply>(disarm));
}

/// A ledger that knows every command, and not its receipts: asked for one it answers `why`.
caf::behavior forgetful_ledger(caf::event_based_actor*, errc why) {
  v1::Outcome replay;
  replay.mutable_account()->set_id("alice");
  replay.set_index(3);
  return {
      [bytes = replay.SerializeAsString()](const commit&) { return committed{bytes, {}}; },
      [why](const locate&) -> caf::result<log_position> { return to_caf({why, "no receipt"}); },
  };
}

reply<v1::AccountReply> opened_with_a_forgetful_ledger(errc why) {
  ducat::testing::local_node node{[why](ducat::node& n) {
    n.supervise({}, {{.id = "ledger", .start = start(forgetful_ledger, why)},
                     {.id = "gateway", .start = gateway()}});
  }};
  const auto service = make_node_service(node.get(), {});
  std::promise<reply<v1::AccountReply>> answered;
  service->call(v1::CreateAccountRequest{}, std::chrono::steady_clock::now() + 10s,
                respond<v1::AccountReply>{[&](auto r) { answered.set_value(std::move(r)); }});
  return answered.get_future().get();
}

TEST(NodeServiceOverAForgetfulLedger, NeverSaysOfAReplayThatNothingWasDone) {
  const auto opened = opened_with_a_forgetful_ledger(errc::unavailable);
  EXPECT_EQ(opened.error().type(), v1::Error::UNKNOWN_OUTCOME);
}

TEST(NodeServiceOverAForgetfulLedger, TellsWithoutAHashWhatStandsInATrimmedEntry) {
  const auto opened = opened_with_a_forgetful_ledger(errc::not_found);
  ASSERT_TRUE(opened) << opened.error().ShortDebugString();
  EXPECT_EQ(opened->account().id(), "alice");
  EXPECT_EQ(opened->receipt().index(), 3u);
  EXPECT_EQ(opened->receipt().hash(), "");
}

/// A pool whose workers crash with what they get until `*calm`, and then answer.
class NodeServiceOverDeadLetters : public ::testing::Test {
protected:
  NodeServiceOverDeadLetters() {
    // A letter is made as a caller makes one: with a request that no worker survives.
    const auto answer = ask_known_or_not();
    EXPECT_EQ(answer.error().code, errc::outcome_unknown) << answer.error();
  }

  static caf::behavior touchy(caf::event_based_actor*,
                              const std::shared_ptr<std::atomic<bool>>& calm) {
    return {[calm](int number) {
      if (!*calm)
        throw std::runtime_error("boom");
      return number * 2;
    }};
  }

  result<int> ask_known_or_not() {
    return ask<int>(node_.get().system(), node_.get().find("pool"), 10s,
                    make_routed(std::chrono::steady_clock::now() + 9s, 21));
  }

  template <class Reply, class Request>
  reply<Reply> call(std::uint64_t id) {
    Request request;
    if constexpr (requires { request.set_id(id); })
      request.set_id(id);
    std::promise<reply<Reply>> answered;
    service_->call(std::move(request), std::chrono::steady_clock::now() + 10s,
                   respond<Reply>{[&](reply<Reply> r) { answered.set_value(std::move(r)); }});
    return answered.get_future().get();
  }

  auto list() { return call<v1::ListDeadLettersReply, v1::ListDeadLettersRequest>(0).value(); }

  auto retry(std::uint64_t id) {
    return call<v1::RetryDeadLetterReply, v1::RetryDeadLetterRequest>(id);
  }

  /// The workers that it crashed may not be back yet: then it is refused, and kept.
  auto retry_until_taken(std::uint64_t id) {
    auto done = retry(id);
    while (done && done->outcome() == "refused")
      done = retry(id);
    return done;
  }

  std::shared_ptr<std::atomic<bool>> calm_ = std::make_shared<std::atomic<bool>>(false);
  ducat::testing::local_node node_{[this](ducat::node& n) {
    n.supervise({}, {{.id = "pool",
                      .start = start(touchy, calm_),
                      .pool = pool_spec{.size = 2, .retries_max = 1}}});
  }};
  std::unique_ptr<service> service_ = make_node_service(node_.get(), {});
};

TEST_F(NodeServiceOverDeadLetters, ShowsThem) {
  const auto all = list();
  ASSERT_EQ(all.letters_size(), 1);
  EXPECT_EQ(all.poison(), 1u);
  const auto one = call<v1::DeadLetter, v1::GetDeadLetterRequest>(1);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->path(), "pool");
  EXPECT_EQ(one->cause(), "poison");
  EXPECT_EQ(one->crashes(), 2u);
  EXPECT_EQ(one->last_crash(), "crashed: boom");
  EXPECT_EQ(one->text(), "(21)");
}

TEST_F(NodeServiceOverDeadLetters, SendsOneAgain) {
  *calm_ = true;
  const auto done = retry_until_taken(1);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome(), "answered");
  EXPECT_EQ(done->detail(), "(42)");
  EXPECT_FALSE(done->kept());
  EXPECT_EQ(list().letters_size(), 0);
  EXPECT_EQ(retry(1).error().type(), v1::Error::NOT_FOUND);
}

TEST_F(NodeServiceOverDeadLetters, FilesOneAnewThatCrashesWorkersAgain) {
  const auto done = retry_until_taken(1);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome(), "unknown");
  ASSERT_EQ(list().letters_size(), 1);
  EXPECT_EQ(list().letters(0).id(), 2u);
}

TEST_F(NodeServiceOverDeadLetters, KeepsOneThatNobodyCouldTake) {
  caf::scoped_actor self{node_.get().system()};
  for (const char* const worker : {"w1", "w2"})
    self->request(node_.get().find("pool").own(), 10s, terminate_child(worker))
        .receive([](const change_reply&) {},
                 [](const caf::error& why) { ADD_FAILURE() << ducat::error_of(why); });
  const auto done = retry(1);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome(), "refused");
  EXPECT_TRUE(done->kept());
  EXPECT_EQ(list().letters(0).id(), 1u);
}

TEST_F(NodeServiceOverDeadLetters, ForgetsOneThatIsDiscarded) {
  EXPECT_TRUE((call<v1::DiscardDeadLetterReply, v1::DiscardDeadLetterRequest>(1)));
  EXPECT_EQ(list().letters_size(), 0);
  EXPECT_EQ((call<v1::DeadLetter, v1::GetDeadLetterRequest>(1)).error().type(),
            v1::Error::NOT_FOUND);
}

TEST_F(NodeService, SaysWhatTheBoardCounts) {
  time_point now{1h};
  monitor::availability_board board{[&] { return now; }};
  const monitor::subject link{monitor::subject::kind::group, "link"};
  board.set(link, {.serving = true});
  now += 9s;
  board.set(link, {.serving = false, .fault_present = true});
  now += 1s;
  const auto observing = make_node_service(node_.get(), {.availability = &board});
  v1::AvailabilityRequest request;
  request.set_window("1m");
  const auto said = call<v1::AvailabilityReply>(*observing, request);
  ASSERT_TRUE(said);
  ASSERT_EQ(said->subjects_size(), 1);
  const v1::SubjectAvailability& line = said->subjects(0);
  EXPECT_EQ(line.kind() + " " + line.subject() + " " + line.state(), "group link failed");
  EXPECT_EQ(line.availability(), 0.9);
  EXPECT_EQ(line.mtbf_us(), 9'000'000u);
  EXPECT_FALSE(line.has_mttr_us()) << "it is not repaired";
  EXPECT_FALSE(line.has_predicted());
  request.set_window("1w");
  EXPECT_EQ(call<v1::AvailabilityReply>(*observing, request).error().type(),
            v1::Error::INVALID_REQUEST);
}

TEST_F(NodeService, SaysThatNobodyObservesIt) {
  EXPECT_EQ(call<v1::AvailabilityReply>(v1::AvailabilityRequest{}).error().type(),
            v1::Error::UNAVAILABLE);
}

} // namespace
} // namespace ducat::api
