#include "api/fake_service.hpp"
#include "api/grpc_server.hpp"
#include "api/raw_connection.hpp"
#include "api/raw_grpc_stream.hpp"

#include <ducat/v1/account.grpc.pb.h>
#include <ducat/v1/node.grpc.pb.h>
#include <ducat/v1/payment.grpc.pb.h>
#include <ducat/v1/settlement_api.grpc.pb.h>

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <future>
#include <random>

namespace ducat::api {

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class GrpcServer : public ::testing::Test {
protected:
  GrpcServer() { start({}); }

  void start(grpc_server_options options) {
    options.address = "127.0.0.1:0";
    server = grpc_server::start(to, std::move(options)).value();
    channel = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    payments = v1::Payments::NewStub(channel);
    accounts = v1::Accounts::NewStub(channel);
    node = v1::Node::NewStub(channel);
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(server->port()); }

  /// Creates a payment with `key`; `patience` is the client's deadline, none if 0.
  grpc::Status pay(const std::string& key, v1::PaymentReply& reply,
                   std::chrono::milliseconds patience = 0ms) {
    grpc::ClientContext context;
    if (patience != 0ms)
      context.set_deadline(std::chrono::system_clock::now() + patience);
    v1::CreatePaymentRequest request;
    request.set_idempotency_key(key);
    request.set_amount(2'500);
    return payments->CreatePayment(&context, request, &reply);
  }

  template <class Stub, class Request, class Reply>
  grpc::Status ask(Stub& stub,
                   grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                   const Request& request, Reply& reply) {
    grpc::ClientContext context;
    return (stub.*method)(&context, request, &reply);
  }

  void expect_service() {
    v1::PaymentReply reply;
    const auto status = pay("canary", reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  fake_service to;
  std::unique_ptr<grpc_server> server;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::Payments::Stub> payments;
  std::unique_ptr<v1::Accounts::Stub> accounts;
  std::unique_ptr<v1::Node::Stub> node;
};

/// A HealthCheckRequest or ServerReflectionRequest: one string field.
std::string one_string(char tag, const std::string& text) {
  return std::string{tag, static_cast<char>(text.size())} + text;
}

std::string health_of(const std::string& name) {
  return one_string('\x0a', name);
}

const std::string serving("\x08\x01", 2);
const std::string not_serving("\x08\x02", 2);

constexpr auto create_payment = "/ducat.v1.Payments/CreatePayment";

} // namespace

TEST_F(GrpcServer, CarriesAPaymentFromCreationToRefund) {
  v1::PaymentReply reply;
  ASSERT_TRUE(pay("1", reply).ok());
  EXPECT_EQ(reply.payment().id(), "pay_1");
  EXPECT_EQ(reply.receipt().index(), 7U);
  v1::CapturePaymentRequest capture;
  capture.set_id("pay_1");
  ASSERT_TRUE(ask(*payments, &v1::Payments::Stub::CapturePayment, capture, reply).ok());
  EXPECT_EQ(reply.payment().captured(), 2'500);
  v1::RefundPaymentRequest refund;
  refund.set_id("pay_1");
  refund.set_amount(100);
  ASSERT_TRUE(ask(*payments, &v1::Payments::Stub::RefundPayment, refund, reply).ok());
  EXPECT_EQ(reply.refund().amount(), 100);
  v1::VoidPaymentRequest cancel;
  cancel.set_id("pay_1");
  ASSERT_TRUE(ask(*payments, &v1::Payments::Stub::VoidPayment, cancel, reply).ok());
  v1::GetPaymentRequest get;
  get.set_id("pay_1");
  v1::Payment payment;
  ASSERT_TRUE(ask(*payments, &v1::Payments::Stub::GetPayment, get, payment).ok());
  EXPECT_EQ(payment.state(), v1::Payment::VOIDED);
  v1::ListPaymentsReply page;
  ASSERT_TRUE(
      ask(*payments, &v1::Payments::Stub::ListPayments, v1::ListPaymentsRequest{}, page).ok());
  EXPECT_EQ(page.data_size(), 1);
}

TEST_F(GrpcServer, ServesAccounts) {
  v1::CreateAccountRequest create;
  create.set_id("alice");
  v1::AccountReply made;
  ASSERT_TRUE(ask(*accounts, &v1::Accounts::Stub::CreateAccount, create, made).ok());
  EXPECT_EQ(made.account().id(), "alice");
  v1::GetAccountRequest get;
  get.set_id("alice");
  v1::Account account;
  ASSERT_TRUE(ask(*accounts, &v1::Accounts::Stub::GetAccount, get, account).ok());
  v1::ListAccountsReply page;
  ASSERT_TRUE(
      ask(*accounts, &v1::Accounts::Stub::ListAccounts, v1::ListAccountsRequest{}, page).ok());
  EXPECT_EQ(page.data(0).id(), "alice");
}

TEST_F(GrpcServer, ServesExceptionsOfReconciliation) {
  using stub = v1::Settlements::Stub;
  const auto settlements = v1::Settlements::NewStub(channel);
  v1::OpenSettlementExceptions open;
  open.set_currency("EUR");
  v1::SettlementReply done;
  ASSERT_TRUE(ask(*settlements, &stub::OpenExceptions, open, done).ok());
  EXPECT_EQ(done.exceptions().data(0).currency(), "EUR");
  v1::AssignSettlementException assign;
  assign.set_owner("ann");
  ASSERT_TRUE(ask(*settlements, &stub::AssignException, assign, done).ok());
  EXPECT_EQ(done.exceptions().data(0).owner(), "ann");
  v1::DisposeOfSettlementException dispose;
  dispose.set_how(v1::CORRECTED);
  ASSERT_TRUE(ask(*settlements, &stub::DisposeOfException, dispose, done).ok());
  EXPECT_EQ(done.exceptions().data(0).how(), v1::CORRECTED);
  EXPECT_EQ(done.receipt().index(), 7U);
  v1::ListSettlementExceptionsRequest list;
  list.set_currency("EUR");
  v1::ListSettlementExceptionsReply page;
  ASSERT_TRUE(ask(*settlements, &stub::ListExceptions, list, page).ok());
  EXPECT_EQ(page.data(0).currency(), "EUR");
}

TEST_F(GrpcServer, ServesTheNode) {
  v1::StatusReply status;
  ASSERT_TRUE(ask(*node, &v1::Node::Stub::Status, v1::StatusRequest{}, status).ok());
  EXPECT_EQ(status.node(), "node1");
  v1::TreeReply tree;
  ASSERT_TRUE(ask(*node, &v1::Node::Stub::Tree, v1::TreeRequest{}, tree).ok());
  EXPECT_EQ(tree.children_size(), 1);
  v1::CrashReply crashed;
  ASSERT_TRUE(ask(*node, &v1::Node::Stub::Crash, v1::CrashRequest{}, crashed).ok());
  EXPECT_EQ(crashed.crashed(), 1U);
  v1::ArmFaultRequest arm;
  arm.set_name("a.b");
  arm.set_fault("throw");
  v1::ArmFaultReply armed;
  ASSERT_TRUE(ask(*node, &v1::Node::Stub::ArmFault, arm, armed).ok());
  v1::ListFaultsReply faults;
  ASSERT_TRUE(ask(*node, &v1::Node::Stub::ListFaults, v1::ListFaultsRequest{}, faults).ok());
  EXPECT_EQ(faults.points(0).fault(), "throw");
  v1::DisarmFaultRequest disarm;
  disarm.set_name("a.b");
  v1::DisarmFaultReply disarmed;
  ASSERT_TRUE(ask(*node, &v1::Node::Stub::DisarmFault, disarm, disarmed).ok());
}

TEST_F(GrpcServer, GivesEveryTypeOfErrorItsCodeAndCarriesItWhole) {
  using enum grpc::StatusCode;
  const std::pair<v1::Error::Type, grpc::StatusCode> codes[] = {
      {v1::Error::INVALID_REQUEST, INVALID_ARGUMENT},
      {v1::Error::IDEMPOTENCY, ALREADY_EXISTS},
      {v1::Error::NOT_FOUND, NOT_FOUND},
      {v1::Error::CONFLICT, FAILED_PRECONDITION},
      {v1::Error::UNAVAILABLE, UNAVAILABLE},
      {v1::Error::UNKNOWN_OUTCOME, DEADLINE_EXCEEDED},
      {v1::Error::INTERNAL, INTERNAL},
      {v1::Error::PERMISSION, PERMISSION_DENIED},
      {v1::Error::TYPE_UNSPECIFIED, INTERNAL}};
  for (const auto& [type, code] : codes) {
    to.fail_with(make_error(type, "some_code", "some message", "some_param"));
    v1::PaymentReply reply;
    const auto status = pay("1", reply);
    EXPECT_EQ(status.error_code(), code) << v1::Error::Type_Name(type);
    EXPECT_EQ(status.error_message(), "some message");
    v1::Error details;
    ASSERT_TRUE(details.ParseFromString(status.error_details()));
    EXPECT_EQ(details.type(), type);
    EXPECT_EQ(details.code(), "some_code");
    EXPECT_EQ(details.param(), "some_param");
    EXPECT_EQ(details.retry(), payment::retry_of(type));
  }
}

TEST_F(GrpcServer, GivesTheServiceTheClientsDeadlineButThirtySecondsAtMost) {
  v1::PaymentReply reply;
  const std::pair<std::chrono::milliseconds, std::chrono::milliseconds> cases[] = {
      {0ms, 10s}, {5s, 5s}, {1h, 30s}};
  for (const auto& [asked, given] : cases) {
    ASSERT_TRUE(pay("1", reply, asked).ok());
    const auto left = to.last_deadline() - std::chrono::steady_clock::now();
    EXPECT_LE(left, given + 100ms); // Two clocks are converted into each other.
    EXPECT_GT(left, asked == 0ms ? 0s : given - asked);
  }
}

TEST_F(GrpcServer, CallsItAnUnknownOutcomeWhenTheServiceIsSilent) {
  to.hold();
  v1::PaymentReply reply;
  // A call may run out of time before it reaches the service; one of them does reach it.
  for (auto patience = 20ms; to.held() == 0; patience *= 2)
    EXPECT_EQ(pay("1", reply, patience).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  to.release(); // Nobody waits for it any more.
  expect_service();
}

TEST_F(GrpcServer, SurvivesClientsThatGiveUp) {
  to.hold();
  {
    testing::raw_grpc_stream call(channel, create_payment);
    call.send("");
    to.wait_for_held(1);
    EXPECT_EQ(call.finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  to.release();
  expect_service();
}

TEST_F(GrpcServer, LetsCallsInFlightFinishWhenItStops) {
  start({.address = {}, .stop_grace = 60s});
  to.hold();
  v1::PaymentReply reply;
  auto paid = std::async(std::launch::async, [&] { return pay("1", reply); });
  to.wait_for_held(1);
  auto stopped = std::async(std::launch::async, [&] { server->stop(); });
  to.release();
  EXPECT_TRUE(paid.get().ok());
  stopped.get();
}

TEST_F(GrpcServer, StopsEvenIfTheServiceNeverAnswers) {
  start({.address = {}, .stop_grace = 10ms});
  to.hold();
  v1::PaymentReply reply;
  auto paid = std::async(std::launch::async, [&] { return pay("1", reply); });
  to.wait_for_held(1);
  server->stop();
  EXPECT_FALSE(paid.get().ok());
  server.reset();
  to.release();
}

TEST_F(GrpcServer, TellsItsHealthAsReadinessChanges) {
  for (const char* name : {"", "ducat.v1.Payments", "ducat.v1.Accounts", "ducat.v1.Node"}) {
    testing::raw_grpc_stream check(channel, "/grpc.health.v1.Health/Check");
    check.send(health_of(name));
    EXPECT_EQ(check.receive(), serving) << name;
  }
  testing::raw_grpc_stream watch(channel, "/grpc.health.v1.Health/Watch");
  watch.send(health_of("ducat.v1.Payments"));
  EXPECT_EQ(watch.receive(), serving);
  to.ready = false;
  EXPECT_EQ(watch.receive(), not_serving);
  to.ready = true;
  EXPECT_EQ(watch.receive(), serving);
}

TEST_F(GrpcServer, IsNotHealthyBeforeItIsReady) {
  to.ready = false;
  start({});
  testing::raw_grpc_stream check(channel, "/grpc.health.v1.Health/Check");
  check.send(health_of(""));
  EXPECT_EQ(check.receive(), not_serving);
}

TEST_F(GrpcServer, KnowsNoHealthOfOthers) {
  testing::raw_grpc_stream check(channel, "/grpc.health.v1.Health/Check");
  check.send(health_of("ducat.v1.Nothing"));
  EXPECT_EQ(check.wait_for_end().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(GrpcServer, DescribesItsServices) {
  testing::raw_grpc_stream reflection(
      channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
  reflection.send(one_string('\x3a', "*"));
  const auto services = reflection.receive();
  for (const char* name : {"ducat.v1.Payments", "ducat.v1.Accounts", "ducat.v1.Node"})
    EXPECT_THAT(services, HasSubstr(name));
}

TEST_F(GrpcServer, RefusesBytesThatAreNoRequest) {
  std::mt19937 random(7);
  std::string noise(32 * 1024, '\xff');
  for (char& byte : noise)
    byte = static_cast<char>(random());
  for (const std::string& bytes :
       {noise, std::string(64 * 1024, '\xff'),
        std::string("\x0a\x05"
                    "ab"),               // Truncated.
        std::string("\x12\x02\xc3\x28"), // Not UTF-8.
        std::string("\x22\x01", 2), std::string("\x0b\x0b\x0b\x0b"), std::string("\x07")}) {
    testing::raw_grpc_stream call(channel, create_payment);
    call.send(bytes);
    EXPECT_FALSE(call.wait_for_end().ok());
    expect_service();
  }
}

TEST_F(GrpcServer, KnowsNoOtherMethods) {
  for (const char* method : {"/ducat.v1.Payments/Steal", "/nothing", "/ducat.v1.Payments/"}) {
    testing::raw_grpc_stream call(channel, method);
    call.send("");
    EXPECT_EQ(call.wait_for_end().error_code(), grpc::StatusCode::UNIMPLEMENTED) << method;
  }
}

TEST_F(GrpcServer, SurvivesBytesThatAreNoHttp2) {
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), std::string(32, '\0'),
        preface + std::string(64, '\xff'),
        preface + std::string("\0\0\0\4\0\0\0\0\0\xff\xff\xff\0\0\0\0\0\0\0", 19),
        std::string("\x16\x03\x01\x02\x00\x01", 6)}) {
    testing::raw_connection peer(server->port());
    peer.send(bytes);
    peer.end();
    peer.receive_all();
    expect_service();
  }
}

TEST_F(GrpcServer, NamesThePortThatIsInUse) {
  const auto second = grpc_server::start(to, {.address = address()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::in_use);
  EXPECT_THAT(second.error().message, HasSubstr(address()));
}

TEST_F(GrpcServer, ListensOnTheLoopbackOnly) {
  EXPECT_EQ(grpc_server::start(to, {.address = "0.0.0.0:0"}).error().code, errc::not_permitted);
  EXPECT_EQ(grpc_server::start(to, {.address = "7411"}).error().code, errc::invalid_argument);
}

} // namespace ducat::api
