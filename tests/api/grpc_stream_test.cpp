/// Streams over gRPC: what happens reaches a client that stays.

#include "api/fake_service.hpp"
#include "api/grpc_server.hpp"

#include <ducat/v1/event.grpc.pb.h>

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

namespace ducat::api {
namespace {

class GrpcStream : public ::testing::Test {
protected:
  GrpcStream()
      : server(grpc_server::start(to, {.address = "127.0.0.1:0"}).value()),
        events(v1::Events::NewStub(grpc::CreateChannel(
            "127.0.0.1:" + std::to_string(server->port()), grpc::InsecureChannelCredentials()))) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  }

  fake_service to;
  std::unique_ptr<grpc_server> server;
  std::unique_ptr<v1::Events::Stub> events;
  grpc::ClientContext context;
};

TEST_F(GrpcStream, FollowsEventsAfterTheLastOneThatTheClientHad) {
  to.happen("evt_1", "payment.created");
  to.happen("evt_2", "payment.created");
  v1::FollowEventsRequest request;
  request.set_after("evt_1");
  const auto reader = events->FollowEvents(&context, request);
  v1::Event event;
  ASSERT_TRUE(reader->Read(&event));
  EXPECT_EQ(event.id(), "evt_2");
  for (int i = 1000; i < 1250; ++i)
    to.happen("evt_3" + std::to_string(i), "payment.captured");
  for (int i = 1000; i < 1250; ++i) {
    ASSERT_TRUE(reader->Read(&event));
    EXPECT_EQ(event.id(), "evt_3" + std::to_string(i));
  }
}

TEST_F(GrpcStream, WatchesAPaymentFromTheRowThatTheClientHas) {
  to.add_row("pay_1", "created");
  to.add_row("pay_1", "authorized");
  v1::WatchPaymentRequest request;
  request.set_id("pay_1");
  request.set_after(1);
  const auto reader = events->WatchPayment(&context, request);
  v1::PaymentEvent row;
  ASSERT_TRUE(reader->Read(&row));
  EXPECT_EQ(row.what(), "authorized");
  to.add_row("pay_1", "captured");
  ASSERT_TRUE(reader->Read(&row));
  EXPECT_EQ(row.what(), "captured");
}

TEST_F(GrpcStream, IsRefusedWithATypedError) {
  v1::WatchPaymentRequest request;
  request.set_id("none");
  const auto reader = events->WatchPayment(&context, request);
  v1::PaymentEvent row;
  EXPECT_FALSE(reader->Read(&row));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(GrpcStream, EndsWhenTheServerStops) {
  to.add_row("pay_1", "created");
  v1::WatchPaymentRequest request;
  request.set_id("pay_1");
  const auto reader = events->WatchPayment(&context, request);
  v1::PaymentEvent row;
  ASSERT_TRUE(reader->Read(&row));
  server->stop();
  EXPECT_FALSE(reader->Read(&row));
}

} // namespace
} // namespace ducat::api
