#include "load/order.hpp"
#include "load/payments_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ducat::testing {

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string complaint_about(const std::string& line) {
  const auto parsed = cli::parse_operation(line);
  return parsed ? "none" : parsed.error().message;
}

} // namespace

TEST(PaymentsFile, HoldsAccounts) {
  const auto parsed =
      cli::parse_operation(R"({"account":{"id":"alice","currency":"EUR","overdraft":true}})");
  const auto& request = std::get<v1::CreateAccountRequest>(parsed->request);
  EXPECT_EQ(request.id(), "alice");
  EXPECT_TRUE(request.overdraft());
}

TEST(PaymentsFile, HoldsPayments) {
  const auto parsed = cli::parse_operation(
      R"({"payment":{"idempotency_key":"k1","from":"a","to":"b","amount":1250,)"
      R"("currency":"EUR","manual_capture":true,"description":"x"}})");
  const auto& request = std::get<v1::CreatePaymentRequest>(parsed->request);
  EXPECT_EQ(request.amount(), 1250);
  EXPECT_EQ(request.capture_method(), v1::MANUAL);
  EXPECT_EQ(parsed->id.key, "k1");
}

TEST(PaymentsFile, NamesPaymentsByTheirKey) {
  const auto parsed = cli::parse_operation(
      R"({"refund":{"idempotency_key":"r1","payment_key":"k1","amount":250}})");
  const auto& request = std::get<v1::RefundPaymentRequest>(parsed->request);
  EXPECT_EQ(request.id(), cli::payment_id_of("k1"));
  EXPECT_EQ(request.amount(), 250);
}

TEST(PaymentsFile, LetsOperationsWithOneKeyGoOneAfterTheOther) {
  const std::vector<std::string> lines{
      R"({"payment":{"idempotency_key":"k","from":"a","to":"b","amount":1,"currency":"EUR"}})",
      R"({"refund":{"idempotency_key":"k","payment_key":"p1"}})",
      R"({"capture":{"idempotency_key":"k","payment_key":"p2"}})"};
  cli::operation_order order;
  for (std::uint64_t id = 0; id < lines.size(); ++id) {
    const auto parsed = cli::parse_operation(lines[id]).value();
    order.admit(id, parsed.needs, parsed.touches);
  }
  for (std::uint64_t id = 0; id < lines.size(); ++id) {
    EXPECT_EQ(order.take_ready(), id);
    EXPECT_EQ(order.take_ready(), std::nullopt);
    order.finish(id);
  }
}

TEST(PaymentsFile, SaysWhatIsWrongWithALine) {
  const std::string payment =
      R"({"payment":{"idempotency_key":"k","from":"a","to":"b","currency":"EUR","amount":)";
  for (
      const auto& [line, complaint] : std::vector<std::pair<std::string, std::string>>{
          {"{", "not JSON"},
          {"[]", "one operation is expected"},
          {"{}", "one operation is expected"},
          {R"({"account":{},"void":{}})", "one operation is expected"},
          {R"({"pay":{}})", "the operation pay is not known"},
          {R"({"void":7})", "an object is expected"},
          {R"({"account":{"id":"a"}})", "currency is missing"},
          {R"({"account":{"id":"a","currency":"eur"}})", "currency must be"},
          {R"({"account":{"id":"a b","currency":"EUR"}})", "id must be 1 to 64"},
          {R"({"account":{"id":7,"currency":"EUR"}})", "id must be a string"},
          {R"({"account":{"id":"a","currency":"EUR","overdraft":1}})", "must be true or false"},
          {R"({"account":{"id":"a","currency":"EUR","limit":1}})", "the field limit is not known"},
          {R"({"void":{"idempotency_key":"","payment_key":"k"}})", "1 to 255 printable"},
          {R"({"void":{"idempotency_key":"k"}})", "payment_key is missing"},
          {R"({"void":{"idempotency_key":"k","payment_key":"p","amount":1}})", "amount is not"},
          {payment + "0}}", "amount must be a positive integer"},
          {payment + "-1}}", "amount must be a positive integer"},
          {payment + "12.5}}", "amount must be a positive integer"},
          {payment + "1e3}}", "amount must be a positive integer"},
          {payment + "\"1\"}}", "amount must be a positive integer"},
          {payment + "9223372036854775808}}", "amount must be a positive integer"},
          {payment + "9223372036854775807}}", "none"},
          {R"({"payment":{"idempotency_key":"k","from":"a","to":"a","amount":1,"currency":"EUR"}})",
           "different accounts"}})
    EXPECT_THAT(complaint_about(line), HasSubstr(complaint)) << line;
}

TEST(PaymentsFile, NamesTheMalformedLine) {
  std::istringstream in{"{\"account\":{\"id\":\"a\",\"currency\":\"EUR\"}}\n\nnonsense\n"};
  const auto counted = cli::count_operations(in);
  EXPECT_EQ(counted.error().code, errc::invalid_argument);
  EXPECT_EQ(counted.error().message, "line 3: this is not JSON");
}

TEST(PaymentsFile, MayEndWithoutANewline) {
  std::istringstream in{"\n  \r\n{\"account\":{\"id\":\"a\",\"currency\":\"EUR\"}}"};
  EXPECT_EQ(cli::count_operations(in).value(), 1u);
}

} // namespace ducat::testing
