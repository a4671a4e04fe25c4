/// Traces of a real node: a client with a trace of its own pays by card, and whoever is told of
/// traces sees one tree, from the edge to the acquirer.

#include "acquirer/acquirer_process.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"
#include "traces/fake_receiver.hpp"

#include <ducat/payment/records.hpp>
#include <ducat/v1/account.grpc.pb.h>
#include <ducat/v1/node.grpc.pb.h>
#include <ducat/v1/payment.grpc.pb.h>

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>

#include <fstream>
#include <optional>
#include <set>
#include <stdexcept>

namespace ducat::cli {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using traces::test::fake_receiver;
using traces::test::only;
using traces::test::received_span;

constexpr const char* trace_of_client = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr const char* span_of_client = "00f067aa0ba902b7";
/// The call, the run, and a commit each of what creates, authorises and captures.
constexpr std::size_t spans_of_payment = 5;
constexpr const char* pan = "4111111111111111";

enum class told { yes, no };

std::string traceparent(told how = told::yes) {
  return std::string{"00-"} + trace_of_client + '-' + span_of_client +
         (how == told::yes ? "-01" : "-00");
}

std::string payment_json(bool by_card) {
  return std::string{R"({"from": "world", "to": "shop", "amount": 250, "currency": "EUR")"} +
         (by_card ? std::string{R"(, "card": {"number": ")"} + pan + R"(", "security_code": "123"})"
                  : "") +
         "}";
}

/// Returns the trace that a payment has if its client says nothing.
std::string own_trace(const std::string& key) {
  return payment::payment_id_of(key).substr(4);
}

class TracesProgram : public ::testing::Test {
protected:
  TracesProgram() { start("1"); }

  /// Starts a node, and waits until it can take card payments.
  void start(const std::string& sampled, const std::string& to = {}, const std::string& more = {}) {
    node_.reset();
    std::ofstream{config_} << "node = \"node1\"\n"
                           << "data = \"" << (place_.path() / "data").string() << "\"\n"
                           << "[listen]\ngrpc = \"127.0.0.1:0\"\nhttp = \"127.0.0.1:0\"\n"
                           << "[[acquirer]]\nname = \"acme\"\nplain = true\n"
                           << "address = \"127.0.0.1:" << host_.port() << "\"\n"
                           << "terminal = \"TERM0001\"\nmerchant = \"MERCHANT0000001\"\n"
                           << "answer_timeout_ms = " << answer_timeout_ms_ << '\n'
                           << "[traces]\nto = \"" << (to.empty() ? receiver_.url() : to)
                           << "\"\nevery_ms = 1\nsampled = \"" << sampled << "\"\n"
                           << more;
    node_.emplace(testing::child_program_options{
        .words = {DUCAT_PROGRAM, "node", "--config", config_.string()},
        .error_file = place_.path() / "node.err"});
    const std::string ready = node_->read_line().value_or("");
    if (ready.find("grpc=") == std::string::npos)
      throw std::runtime_error("the node is not ready: " + ready);
    grpc_ = grpc::CreateChannel(address_in(ready, "grpc="), grpc::InsecureChannelCredentials());
    http_.emplace("http://" + address_in(ready, "http="));
    open_account("world");
    open_account("shop");
    wait_for_link();
  }

  static std::string address_in(const std::string& ready, const std::string& name) {
    const auto at = ready.find(name) + name.size();
    return ready.substr(at, ready.find(' ', at) - at);
  }

  void open_account(const std::string& id) const {
    v1::CreateAccountRequest request;
    request.set_id(id);
    request.set_currency("EUR");
    request.set_overdraft(true);
    grpc::ClientContext context;
    v1::AccountReply reply;
    const auto status = v1::Accounts::NewStub(grpc_)->CreateAccount(&context, request, &reply);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  void wait_for_link() const {
    v1::ListLinksReply links;
    while (links.acquirers_size() == 0 || links.acquirers(0).holder().empty()) {
      grpc::ClientContext context;
      ASSERT_TRUE(v1::Node::NewStub(grpc_)->ListLinks(&context, {}, &links).ok());
    }
  }

  v1::TraceFigures figures() const {
    grpc::ClientContext context;
    v1::FiguresReply reply;
    EXPECT_TRUE(v1::Node::NewStub(grpc_)->Figures(&context, {}, &reply).ok());
    return reply.traces();
  }

  /// Posts, and returns the status of the answer.
  int post(const std::string& path, const std::string& body, httplib::Headers headers,
           const std::string& key) {
    headers.emplace("Idempotency-Key", key);
    const auto answer = http_->Post(path, headers, body, "application/json");
    return answer ? answer->status : 0;
  }

  int pay(const std::string& key, const httplib::Headers& headers, bool by_card = false) {
    return post("/v1/payments", payment_json(by_card), headers, key);
  }

  v1::CreatePaymentRequest payment(const std::string& key) const {
    v1::CreatePaymentRequest request;
    request.set_idempotency_key(key);
    request.set_from("world");
    request.set_to("shop");
    request.set_amount(250);
    request.set_currency("EUR");
    return request;
  }

  int answer_timeout_ms_ = 20'000; ///< Of the acquirer.
  ducat::testing::temporary_directory place_;
  std::filesystem::path config_ = place_.path() / "node.toml";
  fake_receiver receiver_;
  acquirer::testing::acquirer_process host_{place_.path() / "journal"};
  std::optional<ducat::testing::child_program> node_;
  std::shared_ptr<grpc::Channel> grpc_;
  std::optional<httplib::Client> http_;
};

TEST_F(TracesProgram, ACardPaymentIsOneTreeBelowItsClient) {
  ASSERT_EQ(pay("k1", {{"traceparent", traceparent()}}, true), 201);
  const auto all = receiver_.wait_for(trace_of_client, 6);
  ASSERT_EQ(all.size(), 6u) << ::testing::PrintToString(all);
  const auto server = only(all, "POST /v1/payments");
  EXPECT_EQ(server.parent, span_of_client);
  EXPECT_EQ(server.kind, 2);
  EXPECT_EQ(server.at("http.request.method"), "POST");
  EXPECT_EQ(server.at("http.route"), "/v1/payments");
  EXPECT_EQ(server.at("http.response.status_code"), "201");
  EXPECT_EQ(server.linked_trace, own_trace("k1"));
  const auto run = only(all, "run create_payment");
  EXPECT_EQ(run.parent, server.id);
  EXPECT_EQ(run.at("ducat.outcome"), "done");
  EXPECT_EQ(run.at("ducat.payment.state"), "captured");
  for (const char* step :
       {"commit create_payment", "commit send_attempt", "commit resolve_attempt"}) {
    EXPECT_EQ(only(all, step).parent, run.id) << step;
    EXPECT_EQ(only(all, step).at("ducat.outcome"), "committed") << step;
    EXPECT_NE(only(all, step).at("ducat.log.index"), "") << step;
  }
  const auto acquirer = only(all, "acquirer acme");
  EXPECT_EQ(acquirer.parent, run.id);
  EXPECT_EQ(acquirer.kind, 3);
  EXPECT_EQ(acquirer.at("ducat.outcome"), "approved");
  EXPECT_EQ(acquirer.at("ducat.response_code"), "00");
  for (const received_span& each : all) {
    EXPECT_EQ(each.instance, "node1");
    EXPECT_EQ(each.at("ducat.node.id"), "node1");
    EXPECT_LE(each.begun_ns, each.ended_ns);
    EXPECT_FALSE(each.is_error) << each;
  }
  EXPECT_EQ(server.at("ducat.payment.id"), "pay_" + own_trace("k1"));
}

TEST_F(TracesProgram, NothingOfACardIsTold) {
  ASSERT_EQ(pay("k1", {{"traceparent", traceparent()}}, true), 201);
  for (const received_span& each : receiver_.wait_for(trace_of_client, 6))
    for (const auto& [key, value] : each.attributes)
      for (const char* secret : {pan, "411111", "1111", "123", "250"})
        EXPECT_THAT(value, Not(HasSubstr(secret))) << key;
  for (const std::string& body : receiver_.bodies())
    EXPECT_THAT(body, Not(HasSubstr(pan)));
}

TEST_F(TracesProgram, WhatFollowsIsInTheTraceOfWhoeverAsks) {
  ASSERT_EQ(pay("k1", {}), 201);
  const std::string path = "/v1/payments/pay_" + own_trace("k1");
  ASSERT_EQ(post(path + "/refunds", "{}", {{"traceparent", traceparent()}}, "r1"), 201);
  const auto refund = receiver_.wait_for(trace_of_client, 3);
  const auto server = only(refund, "POST /v1/payments/{id}/refunds");
  EXPECT_EQ(server.parent, span_of_client);
  EXPECT_EQ(only(refund, "run refund_payment").parent, server.id);
  const auto own = receiver_.wait_for(own_trace("k1"), spans_of_payment);
  EXPECT_EQ(only(own, "POST /v1/payments").parent, "") << "a root";
  EXPECT_EQ(server.linked_trace, own_trace("k1"));
  EXPECT_EQ(server.linked_span, only(own, "run create_payment").id) << "the link leads somewhere";
  EXPECT_EQ(only(own, "commit create_payment").parent, server.linked_span);
}

// Without a client's trace each request is a tree in the payment's own.
TEST_F(TracesProgram, EveryRequestWithoutATraceIsInThePaymentsOwn) {
  ASSERT_EQ(pay("k1", {}), 201);
  ASSERT_EQ(pay("k1", {}), 201);
  ASSERT_EQ(post("/v1/payments/pay_" + own_trace("k1") + "/void", "{}", {}, "v1"), 409);
  const auto all = receiver_.wait_for(own_trace("k1"), spans_of_payment + 3 + 3);
  const auto voided = only(all, "POST /v1/payments/{id}/void");
  EXPECT_EQ(voided.parent, "");
  EXPECT_EQ(voided.at("http.response.status_code"), "409");
  EXPECT_EQ(voided.at("ducat.outcome"), "refused");
  EXPECT_NE(voided.at("error.type"), "");
  EXPECT_FALSE(voided.is_error) << "the client is wrong, not the node";
  std::set<std::string> ids;
  for (const received_span& each : all)
    EXPECT_TRUE(ids.insert(each.id).second) << "a repetition has an id of its own: " << each;
}

TEST_F(TracesProgram, TakesTheMetadataOfGrpc) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", traceparent());
  v1::PaymentReply reply;
  const auto status = v1::Payments::NewStub(grpc_)->CreatePayment(&context, payment("k1"), &reply);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const auto all = receiver_.wait_for(trace_of_client, spans_of_payment);
  const auto server = only(all, "ducat.v1.Payments/CreatePayment");
  EXPECT_EQ(server.parent, span_of_client);
  EXPECT_EQ(server.at("rpc.system.name"), "grpc");
  EXPECT_EQ(server.at("rpc.method"), "ducat.v1.Payments/CreatePayment");
  EXPECT_EQ(server.at("rpc.response.status_code"), "OK");
  EXPECT_EQ(only(all, "run create_payment").parent, server.id);
}

// A header that is no good refuses no payment.
TEST_F(TracesProgram, ABadHeaderIsAsNone) {
  ASSERT_EQ(pay("k1", {{"traceparent", "00-XYZ"}}), 201);
  ASSERT_EQ(pay("k2", {{"traceparent", traceparent()}, {"traceparent", traceparent()}}), 201);
  for (const char* key : {"k1", "k2"})
    EXPECT_EQ(
        only(receiver_.wait_for(own_trace(key), spans_of_payment), "POST /v1/payments").parent, "");
}

TEST_F(TracesProgram, AClientThatSaysNoIsNotTraced) {
  ASSERT_EQ(pay("k1", {{"traceparent", traceparent(told::no)}}), 201);
  ASSERT_EQ(pay("k2", {}), 201);
  for (const received_span& each : receiver_.wait_for(own_trace("k2"), spans_of_payment))
    EXPECT_EQ(each.trace, own_trace("k2"));
  for (const received_span& each : receiver_.spans())
    EXPECT_EQ(each.trace, own_trace("k2")) << each;
}

TEST_F(TracesProgram, ARatioOfZeroTellsOnlyWhatClientsAskFor) {
  start("0");
  ASSERT_EQ(pay("k1", {}), 201);
  ASSERT_EQ(pay("k2", {{"traceparent", traceparent()}}), 201);
  (void)receiver_.wait_for(trace_of_client, spans_of_payment);
  for (const received_span& each : receiver_.spans())
    EXPECT_EQ(each.trace, trace_of_client) << each;
}

TEST_F(TracesProgram, PaymentsGoOnWhileNobodyListens) {
  start("1", std::make_unique<fake_receiver>()->url(), "waiting_max = 3\n"); // It is gone.
  for (const char* key : {"k1", "k2", "k3", "k4"})
    ASSERT_EQ(pay(key, {}), 201);
  v1::TraceFigures now;
  while (now.spans_dropped() == 0)
    now = figures();
  EXPECT_EQ(now.spans_sent(), 0u);
  EXPECT_LE(now.spans_waiting(), 3u);
}

// What cannot be known is called unknown, and is no success.
TEST_F(TracesProgram, APaymentInDoubtIsUnknown) {
  host_.arm("drop_answer:mti=0200");
  answer_timeout_ms_ = 100;
  start("1");
  ASSERT_EQ(pay("k1", {{"traceparent", traceparent()}}, true), 201);
  const auto all = receiver_.wait_for(trace_of_client, 6);
  for (const char* name : {"POST /v1/payments", "run create_payment", "acquirer acme"}) {
    EXPECT_EQ(only(all, name).at("ducat.outcome"), "unknown") << name;
    EXPECT_TRUE(only(all, name).is_error) << name;
  }
  EXPECT_EQ(only(all, "POST /v1/payments").at("ducat.payment.state"), "in_doubt");
  EXPECT_EQ(only(all, "commit resolve_attempt").at("ducat.outcome"), "committed")
      << "that it is not known is known";
}

} // namespace
} // namespace ducat::cli
