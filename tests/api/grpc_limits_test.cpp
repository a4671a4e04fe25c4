/// Each limit of the gRPC port with one less than it, with as much, and with one more.
#include "api/fake_service.hpp"
#include "api/grpc_server.hpp"
#include "api/raw_grpc_stream.hpp"

#include <ducat/v1/payment.grpc.pb.h>

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <memory>
#include <ranges>
#include <vector>

namespace ducat::api {
namespace {

constexpr const char* payment_call = "/ducat.v1.Payments/CreatePayment";

v1::CreatePaymentRequest good_payment() {
  v1::CreatePaymentRequest request;
  request.set_idempotency_key("k");
  request.set_amount(1);
  return request;
}

/// A payment that is under way.
class begun_payment {
public:
  explicit begun_payment(const std::shared_ptr<grpc::Channel>& channel)
      : payments_{v1::Payments::NewStub(channel)} {
    payments_->async()->CreatePayment(
        &context_, &request_, &reply_,
        [this](const grpc::Status& status) { ended_.set_value(status); });
  }

  bool is_made() { return ended_.get_future().get().ok(); }

private:
  std::unique_ptr<v1::Payments::Stub> payments_;
  grpc::ClientContext context_;
  const v1::CreatePaymentRequest request_ = good_payment();
  v1::PaymentReply reply_;
  std::promise<grpc::Status> ended_;
};

class GrpcLimits : public ::testing::Test {
protected:
  /// A connection of its own each time.
  std::shared_ptr<grpc::Channel> connect() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                     grpc::InsecureChannelCredentials(), arguments);
  }

  static grpc::StatusCode code_of_message(const std::shared_ptr<grpc::Channel>& channel,
                                          std::size_t bytes) {
    testing::raw_grpc_stream call{channel, payment_call};
    call.send(std::string(bytes, '\xff'));
    return call.wait_for_end().error_code();
  }

  /// Over a connection of its own: a refusal ends it.
  bool takes_metadata(std::size_t bytes) const {
    const auto payments = v1::Payments::NewStub(connect());
    grpc::ClientContext context;
    context.AddMetadata("x", std::string(bytes, 'a'));
    v1::PaymentReply reply;
    const auto status = payments->CreatePayment(&context, good_payment(), &reply);
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED)
        << status.error_message();
    return status.ok();
  }

  fake_service to_;
  std::unique_ptr<grpc_server> server_ =
      grpc_server::start(to_, {.address = "127.0.0.1:0"}).value();
};

TEST_F(GrpcLimits, AMessageHas64Kib) {
  const auto channel = connect();
  const auto unreadable = code_of_message(channel, 10); // These bytes are no request.
  ASSERT_NE(unreadable, grpc::StatusCode::RESOURCE_EXHAUSTED);
  for (const std::size_t taken : {65'535U, 65'536U})
    EXPECT_EQ(code_of_message(channel, taken), unreadable) << taken;
  EXPECT_EQ(code_of_message(channel, 65'537), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

/// Each field counts with 32 bytes more than its text (RFC 9113, 6.5.2), those of gRPC too.
TEST_F(GrpcLimits, MetadataHas8Kib) {
  const auto lengths = std::views::iota(std::size_t{7'000}, std::size_t{8'192});
  const auto refused = std::ranges::partition_point(
      lengths, [&](std::size_t length) { return takes_metadata(length); });
  ASSERT_NE(refused, lengths.begin());
  ASSERT_NE(refused, lengths.end());
  EXPECT_TRUE(takes_metadata(*refused - 2));
  EXPECT_TRUE(takes_metadata(*refused - 1));
  EXPECT_FALSE(takes_metadata(*refused));
  EXPECT_FALSE(takes_metadata(*refused + 1));
}

/// One more waits on the client's side until one of them ends.
TEST_F(GrpcLimits, AConnectionHas100Streams) {
  to_.hold();
  const auto channel = connect();
  std::vector<std::unique_ptr<begun_payment>> begun;
  for (std::size_t i = 1; i <= 100; ++i) {
    begun.push_back(std::make_unique<begun_payment>(channel));
    to_.wait_for_held(i);
  }
  begun.push_back(std::make_unique<begun_payment>(channel));
  begun.push_back(std::make_unique<begun_payment>(connect()));
  to_.wait_for_held(101);
  EXPECT_EQ(to_.held(), 101U) << "only that of the other connection";
  to_.release();
  for (const auto& each : begun)
    EXPECT_TRUE(each->is_made());
}

} // namespace
} // namespace ducat::api
