/// A payment that one node of a cluster takes and another one makes is one trace: `ducat up` with
/// real nodes, and a fake receiver of traces.

#include "cluster_fixture.hpp"
#include "traces/fake_receiver.hpp"

#include <ducat/payment/records.hpp>
#include <ducat/v1/payment.grpc.pb.h>

#include <grpcpp/create_channel.h>
#include <signal.h>

namespace ducat::cli {
namespace {

using traces::test::only;
using traces::test::received_span;

/// Before the cluster, which knows its address.
class WithReceiver {
protected:
  traces::test::fake_receiver receiver_;
};

class ClusterTraces : WithReceiver, public ClusterProgram {
protected:
  ClusterTraces() : ClusterProgram{"primary_backup", "", receiver_.url()} {}

  using WithReceiver::receiver_;

  /// Returns the node whose workers make payments, other than `not_this`.
  std::string wait_for_serving(const std::string& not_this = "") const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < end) {
      const json serving =
          run_at(endpoints_without(not_this), {"groups"}).document()["groups"][0]["serving"];
      if (serving.size() == 1 && serving[0] != not_this)
        return serving[0];
    }
    ADD_FAILURE() << "nobody serves";
    return {};
  }

  static std::string another_than(const std::string& node) {
    return node == "node1" ? "node2" : "node1";
  }

  /// Pays at that node, as part of the client's trace if there is one.
  grpc::Status pay_at_node(const std::string& node, const std::string& key,
                           const std::string& traceparent = "") const {
    const auto channel =
        grpc::CreateChannel(cluster_->endpoint(node), grpc::InsecureChannelCredentials());
    v1::CreatePaymentRequest request;
    request.set_idempotency_key(key);
    request.set_from("world");
    request.set_to("shop");
    request.set_amount(1);
    request.set_currency("EUR");
    grpc::ClientContext context;
    if (!traceparent.empty())
      context.AddMetadata("traceparent", traceparent);
    v1::PaymentReply reply;
    return v1::Payments::NewStub(channel)->CreatePayment(&context, request, &reply);
  }
};

TEST_F(ClusterTraces, APaymentIsOneTreeWhicheverNodeMakesIt) {
  open_accounts();
  const std::string server = wait_for_serving();
  const std::string edge = another_than(server);
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const auto paid = pay_at_node(edge, "k1", "00-" + trace + "-00f067aa0ba902b7-01");
  ASSERT_TRUE(paid.ok()) << paid.error_message();
  const auto all = receiver_.wait_for(trace, 5);
  const auto call = only(all, "ducat.v1.Payments/CreatePayment");
  EXPECT_EQ(call.parent, "00f067aa0ba902b7");
  EXPECT_EQ(call.instance, edge);
  const auto made = only(all, "run create_payment");
  EXPECT_EQ(made.parent, call.id);
  EXPECT_EQ(made.instance, server);
  for (const char* step :
       {"commit create_payment", "commit authorize_payment", "commit capture_payment"}) {
    EXPECT_EQ(only(all, step).parent, made.id) << step;
    EXPECT_EQ(only(all, step).instance, server) << step;
  }
}

// Nothing of a trace is in the log: whoever makes the payment next finds its trace by its id.
TEST_F(ClusterTraces, ARepetitionOnAnotherNodeFindsThePaymentsTrace) {
  open_accounts();
  const std::string first = wait_for_serving();
  const std::string edge = another_than(first);
  const std::string trace = payment::payment_id_of("k1").substr(4);
  ASSERT_TRUE(pay_at_node(edge, "k1").ok());
  const auto once = receiver_.wait_for(trace, 5);
  EXPECT_EQ(only(once, "run create_payment").instance, first);
  cluster_->signal(first, SIGKILL);
  const std::string second = wait_for_serving(first);
  ASSERT_TRUE(pay_at_node(edge, "k1").ok());
  const auto is_of_second = [&](const received_span& each) {
    return each.trace == trace && each.name == "run create_payment" && each.instance == second;
  };
  ASSERT_TRUE(
      receiver_.wait([&](const auto& all) { return std::ranges::any_of(all, is_of_second); }));
}

} // namespace
} // namespace ducat::cli
