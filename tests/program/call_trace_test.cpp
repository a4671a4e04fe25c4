/// Spans of a node in this process, while its workers crash: nobody says that a payment has failed
/// of which nothing is known.

#include "api/node_service.hpp"
#include "node_command.hpp"

#include <ducat/fault.hpp>
#include <ducat/payment/records.hpp>
#include <ducat/payment/trace.hpp>
#include <ducat/testing.hpp>
#include <ducat/wall_clock.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <future>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using trace::attribute;

class CallTrace : public ::testing::Test {
protected:
  CallTrace() {
    for (const char* id : {"world", "alice"}) {
      v1::CreateAccountRequest request;
      request.set_id(id);
      request.set_currency("EUR");
      request.set_overdraft(true);
      EXPECT_TRUE(call<v1::AccountReply>(request));
    }
  }

  template <class Reply, class Request>
  reply<Reply> call(Request request, const arrival& from = {}) {
    std::promise<reply<Reply>> answered;
    call_context by{std::chrono::steady_clock::now() + 10s};
    by.from = from;
    service_->call(std::move(request), by,
                   respond<Reply>{[&](reply<Reply> r) { answered.set_value(std::move(r)); }});
    return answered.get_future().get();
  }

  reply<v1::PaymentReply> pay(const std::string& key, const arrival& from = {}) {
    v1::CreatePaymentRequest request;
    request.set_idempotency_key(key);
    request.set_from("world");
    request.set_to("alice");
    request.set_amount(250);
    request.set_currency("EUR");
    return call<v1::PaymentReply>(request, from);
  }

  /// Waits for so many spans, and returns them in the order in which they ended.
  std::vector<trace::span> ended(std::size_t count) {
    const time_point end = std::chrono::steady_clock::now() + 60s;
    while (tracer_->figures().waiting < count && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    return tracer_->take(1'000);
  }

  static std::vector<std::string> names_of(const std::vector<trace::span>& all) {
    std::vector<std::string> names;
    std::ranges::transform(all, std::back_inserter(names), &trace::span::name);
    return names;
  }

  static trace::span find(const std::vector<trace::span>& all, const std::string& name) {
    const auto found = std::ranges::find(all, name, &trace::span::name);
    EXPECT_NE(found, all.end()) << name;
    return found == all.end() ? trace::span{} : *found;
  }

  std::shared_ptr<trace::tracer> tracer_ = std::make_shared<trace::tracer>(
      trace::tracer_options{.node = "n1",
                            .sampled = trace::sampling_ratio::parse("1").value(),
                            .seed = 7,
                            .clock = wall_clock});
  /// Nobody is told: what has ended is taken here.
  traces::trace_options telling_{.from = {}, .spans = tracer_, .url = {}, .every = 24h};
  ducat::testing::local_node node_{
      [this](node& n) { cli::describe_payment_node(n, {.size = 2}, {}, {.traces = telling_}); }};
  std::unique_ptr<service> service_ = make_node_service(node_.get(), {.traces = tracer_});
};

TEST_F(CallTrace, HasASpanForEachStep) {
  ASSERT_TRUE(pay("k1"));
  const auto all = ended(5);
  EXPECT_THAT(names_of(all), ElementsAre("commit create_payment", "commit authorize_payment",
                                         "commit capture_payment", "run create_payment",
                                         "ducat.v1.Payments/CreatePayment"));
  for (const trace::span& each : all)
    EXPECT_EQ("pay_" + trace::to_hex(each.at.trace), payment::payment_id_of("k1"));
}

TEST_F(CallTrace, ARepetitionCommitsNothing) {
  ASSERT_TRUE(pay("k1"));
  const auto first = ended(5);
  ASSERT_TRUE(pay("k1"));
  const auto again = ended(3);
  const trace::span commit = find(again, "commit create_payment");
  EXPECT_THAT(commit.attributes, Contains(attribute{"ducat.outcome", "repeated"}));
  const auto own = payment::own_trace_of(payment::payment_id_of("k1"));
  EXPECT_EQ(find(first, "run create_payment").at.span, own->span) << "it has made the payment";
  EXPECT_NE(find(again, "run create_payment").at.span, own->span);
}

// After the payment was created its worker dies: nobody knows what has become of the request.
TEST_F(CallTrace, AWorkerThatDiesLeavesASpanThatSaysSo) {
  ASSERT_TRUE(arm_fault("payment.after_create", {.times = 1}));
  const auto answer = pay("k1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().type(), v1::Error::UNKNOWN_OUTCOME);
  const auto all = ended(3);
  EXPECT_THAT(names_of(all), UnorderedElementsAre("commit create_payment", "run create_payment",
                                                  "ducat.v1.Payments/CreatePayment"));
  const trace::span run = find(all, "run create_payment");
  const trace::span call = find(all, "ducat.v1.Payments/CreatePayment");
  for (const trace::span& each : {run, call}) {
    EXPECT_THAT(each.attributes, Contains(attribute{"ducat.outcome", "unknown"})) << each.name;
    EXPECT_TRUE(each.problem) << each.name;
  }
  EXPECT_EQ(run.parent, call.at.span);
  EXPECT_EQ(find(all, "commit create_payment").parent, run.at.span);
  ASSERT_TRUE(pay("k1")) << "the rest of it";
  EXPECT_THAT(names_of(ended(5)), Contains("commit capture_payment"));
}

TEST_F(CallTrace, WhatTheCallerDoesNotWantToldIsNot) {
  const char* const untold = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
  ASSERT_TRUE(pay("k1", arrived(edge::http, 1, untold)));
  ASSERT_TRUE(pay("k2"));
  for (const trace::span& each : ended(5))
    EXPECT_EQ("pay_" + trace::to_hex(each.at.trace), payment::payment_id_of("k2"));
}

TEST(Arrival, TakesOneHeaderThatIsGood) {
  const char* const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  EXPECT_TRUE(arrived(edge::grpc, 1, good).caller);
  EXPECT_FALSE(arrived(edge::grpc, 2, good).caller) << "nobody knows which one is meant";
  EXPECT_FALSE(arrived(edge::http, 0, "").caller);
  EXPECT_FALSE(arrived(edge::http, 1, "00-XYZ").caller);
}

TEST_F(CallTrace, ShowsHowManySpansWait) {
  ASSERT_TRUE(pay("k1"));
  const auto figures = call<v1::FiguresReply>(v1::FiguresRequest{});
  ASSERT_TRUE(figures->has_traces());
  EXPECT_EQ(figures->traces().spans_waiting(), 5u);
}

} // namespace
} // namespace ducat::api
