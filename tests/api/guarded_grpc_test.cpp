/// gRPC for other machines.
#include "access/role_table.hpp"
#include "api/grpc_server.hpp"
#include "api/guarded_world.hpp"

#include <ducat/v1/event.grpc.pb.h>
#include <ducat/v1/node.grpc.pb.h>
#include <ducat/v1/payment.grpc.pb.h>

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <future>

namespace ducat::api::test {
namespace {

using security::role;

class GuardedGrpc : public ::testing::Test {
protected:
  GuardedGrpc() {
    server = grpc_server::start(w.to, {.address = "127.0.0.1:0", .guarded = w.guarded}).value();
  }

  std::shared_ptr<grpc::ChannelCredentials>
  tls(const std::optional<security::issued_files>& own = std::nullopt) const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = text_of(w.ours.ca());
    if (own) {
      options.pem_cert_chain = text_of(own->certificate);
      options.pem_private_key = text_of(own->key);
    }
    return grpc::SslCredentials(options);
  }

  std::shared_ptr<grpc::Channel> by(const std::shared_ptr<grpc::ChannelCredentials>& how) const {
    grpc::ChannelArguments apart;
    apart.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server->port()), how, apart);
  }

  std::shared_ptr<grpc::Channel> by(role who, const std::string& name) const {
    return by(tls(w.ours.of(who, name)));
  }

  std::shared_ptr<grpc::Channel> by_token(const std::string& token) const {
    return by(grpc::CompositeChannelCredentials(tls(), grpc::AccessTokenCredentials(token)));
  }

  static grpc::Status status(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{30});
    v1::StatusReply reply;
    return v1::Node::NewStub(channel)->Status(&context, {}, &reply);
  }

  static std::string code_in(const grpc::Status& status) {
    v1::Error why;
    return why.ParseFromString(status.error_details()) ? why.code() : "";
  }

  /// Calls a method with an empty request.
  static grpc::Status call(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& method) {
    grpc::GenericStub stub{channel};
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{30});
    const grpc::ByteBuffer request{nullptr, 0};
    grpc::ByteBuffer reply;
    std::promise<grpc::Status> ended;
    stub.UnaryCall(&context, method, {}, &request, &reply,
                   [&](grpc::Status status) { ended.set_value(std::move(status)); });
    return ended.get_future().get();
  }

  guarded_world w;
  std::unique_ptr<grpc_server> server;
};

TEST_F(GuardedGrpc, TellsTheServiceWhoCalls) {
  const auto done = status(by(role::viewer, "anna"));
  EXPECT_TRUE(done.ok()) << done.error_message();
  EXPECT_EQ(w.to.last_caller(), (access::principal{role::viewer, "anna"}));
  EXPECT_TRUE(status(by_token(w.token(role::admin, "root"))).ok());
  EXPECT_EQ(w.to.last_caller(), (access::principal{role::admin, "root"}));
}

TEST_F(GuardedGrpc, AnswersNobodyWhomItDoesNotKnow) {
  for (const auto& channel : {by(tls()), by_token("x.y.z"), by(tls(w.ours.node("node2")))}) {
    const auto refused = status(channel);
    EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAUTHENTICATED) << refused.error_message();
    EXPECT_EQ(code_in(refused), "unauthenticated");
  }
}

TEST_F(GuardedGrpc, DoesNotSpeakToCertificatesOfOthersNorInTheClear) {
  const authority other_cluster{"other"};
  for (const auto& own : {w.theirs.of(role::admin, "root"), other_cluster.of(role::admin, "root"),
                          w.ours.of(role::admin, "late", today() - std::chrono::days{2})})
    EXPECT_EQ(status(by(tls(own))).error_code(), grpc::StatusCode::UNAVAILABLE) << own.certificate;
  EXPECT_EQ(status(by(grpc::InsecureChannelCredentials())).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

/// Every method of every service with each role, whatever the request says.
TEST_F(GuardedGrpc, RefusesByTheTableOfRoles) {
  const auto* const pool = google::protobuf::DescriptorPool::generated_pool();
  const std::map<std::string, std::string> asks = {{"FollowEventsRequest", "ListEventsRequest"},
                                                   {"WatchPaymentRequest", "GetTimelineRequest"}};
  int calls = 0;
  for (const role each : security::all_roles) {
    if (each == role::node)
      continue;
    const auto channel = by(each, std::string{to_string(each)});
    for (const char* name : {"Payments", "Accounts", "Acquirers", "Node", "Events", "Webhooks",
                             "Settlements", "Alerts", "Audit", "Changes"}) {
      const auto* const service = pool->FindServiceByName("ducat.v1." + std::string{name});
      ASSERT_NE(service, nullptr) << name;
      for (int i = 0; i < service->method_count(); ++i) {
        const auto* const method = service->method(i);
        std::string asked = method->input_type()->name();
        if (const auto other = asks.find(asked); other != asks.end())
          asked = other->second;
        if (std::string{name} == "Settlements" && asked != "ListSettlementExceptionsRequest")
          asked = method->name().starts_with("List") || method->name().starts_with("Get")
                      ? "SettlementQuestion"
                  : method->name().find("Exception") != std::string::npos
                      ? "SettlementExceptionCommand"
                      : "SettlementCommand";
        if (method->server_streaming() && access::may_ask(each, asked))
          continue; // It would not end.
        const auto ended = call(channel, "/ducat.v1." + std::string{name} + '/' + method->name());
        EXPECT_EQ(ended.error_code() == grpc::StatusCode::PERMISSION_DENIED,
                  !access::may_ask(each, asked))
            << method->full_name() << " by " << to_string(each) << ": " << ended.error_message();
        ++calls;
      }
    }
  }
  EXPECT_GT(calls, 300);
}

} // namespace
} // namespace ducat::api::test
