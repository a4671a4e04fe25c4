/// A node that cannot commit says so on every port, though each of its actors runs.

#include "api/grpc_server.hpp"
#include "api/http_server.hpp"
#include "api/node_service.hpp"
#include "api/raw_grpc_stream.hpp"
#include "node_command.hpp"

#include <ducat/testing.hpp>

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <future>
#include <thread>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;

/// HealthCheckResponses; a HealthCheckRequest for the server as a whole is empty.
const std::string serving("\x08\x01", 2);
const std::string not_serving("\x08\x02", 2);

class Readiness : public ::testing::Test {
protected:
  ~Readiness() override { disarm_fault(hanging); }

  void arm() {
    ASSERT_TRUE(arm_fault(hanging, {.kind = fault_kind::hang, .lease = fault_lease_max}));
  }

  /// Begins a change, which the ledger will hang with.
  std::future<reply<v1::AccountReply>> begin_to_open_account() {
    v1::CreateAccountRequest request;
    request.set_id("alice");
    request.set_currency("EUR");
    const auto answered = std::make_shared<std::promise<reply<v1::AccountReply>>>();
    service_->call(request, std::chrono::steady_clock::now() + 10min,
                   respond<v1::AccountReply>{[answered](auto r) { answered->set_value(r); }});
    return answered->get_future();
  }

  int status_of(const char* path) const {
    httplib::Client client{"127.0.0.1", http_->port()};
    const auto answer = client.Get(path);
    return answer ? answer->status : 0;
  }

  void wait_for(const char* path, int status) const {
    while (status_of(path) != status)
      std::this_thread::yield();
  }

  static constexpr auto hanging = "log.before_write";
  ducat::testing::local_node node_{[](node& n) { cli::describe_payment_node(n, {.size = 1}); }};
  std::unique_ptr<service> service_ = make_node_service(node_.get(), {});
  std::unique_ptr<http_server> http_ =
      http_server::start(*service_, {.address = "127.0.0.1:0"}).value();
  std::unique_ptr<grpc_server> grpc_ =
      grpc_server::start(*service_, {.address = "127.0.0.1:0"}).value();
};

TEST_F(Readiness, EndsWhileTheLedgerHangsAndComesBack) {
  wait_for("/readyz", 200);
  arm();
  auto opened = begin_to_open_account();
  wait_for("/readyz", 503);
  EXPECT_EQ(status_of("/healthz"), 200) << "the process answers";
  EXPECT_NE(node_.get().find("ledger").incarnation(), 0u) << "its life is not over";
  disarm_fault(hanging);
  wait_for("/readyz", 200);
  EXPECT_TRUE(opened.get()) << "it was slow, and nothing else";
}

TEST_F(Readiness, IsToldToThoseWhoWatchTheHealthOfGrpc) {
  wait_for("/readyz", 200);
  ducat::testing::raw_grpc_stream health{
      grpc::CreateChannel("127.0.0.1:" + std::to_string(grpc_->port()),
                          grpc::InsecureChannelCredentials()),
      "/grpc.health.v1.Health/Watch"};
  health.send("");
  std::string told = health.receive();
  while (told == not_serving) // It may not have been told of the first answer.
    told = health.receive();
  EXPECT_EQ(told, serving);
  arm();
  auto opened = begin_to_open_account();
  EXPECT_EQ(health.receive(), not_serving);
  disarm_fault(hanging);
  EXPECT_EQ(health.receive(), serving);
  EXPECT_TRUE(opened.get());
}

} // namespace
} // namespace ducat::api
