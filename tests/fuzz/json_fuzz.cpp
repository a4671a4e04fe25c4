/// Bodies of requests. What is read is written as JSON that reads the same.

#include "api/json.hpp"
#include "fuzz/input.hpp"

#include <ducat/v1/account.pb.h>
#include <ducat/v1/node.pb.h>
#include <ducat/v1/payment.pb.h>
#include <ducat/v1/webhook.pb.h>

#include <google/protobuf/util/message_differencer.h>

#include <memory>

namespace {

using namespace ducat;

std::unique_ptr<google::protobuf::Message> chosen(std::size_t which) {
  switch (which) {
  case 0:
    return std::make_unique<v1::CreatePaymentRequest>();
  case 1:
    return std::make_unique<v1::CreateAccountRequest>();
  case 2:
    return std::make_unique<v1::CreateWebhookRequest>();
  case 3:
    return std::make_unique<v1::RefundPaymentRequest>();
  default:
    return std::make_unique<v1::ArmFaultRequest>();
  }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const auto asked = chosen(in.choose(5));
  if (!api::parse_json(in.rest(), *asked))
    return 0;
  const auto written = api::to_json(*asked);
  DUCAT_CHECK(written.has_value());
  const std::unique_ptr<google::protobuf::Message> again{asked->New()};
  DUCAT_CHECK(api::parse_json(*written, *again).has_value());
  DUCAT_CHECK(google::protobuf::util::MessageDifferencer::Equals(*asked, *again));
  return 0;
}
