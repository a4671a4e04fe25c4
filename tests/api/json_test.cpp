#include "api/json.hpp"

#include <ducat/v1/payment.pb.h>
#include <ducat/v1/settlement_journal.pb.h>
#include <ducat/v1/webhook.pb.h>

#include <gtest/gtest.h>

#include <limits>
#include <ostream>

namespace ducat::api {

namespace {

/// Returns "CODE PARAM" of the error that `text` leads to; "" if it is a right request.
std::string error_in(std::string_view text) {
  v1::CreatePaymentRequest request;
  const auto parsed = parse_json(text, request);
  return parsed ? "" : parsed.error().code() + " " + parsed.error().param();
}

struct wrong_body {
  std::string_view text;
  std::string error;
};

std::ostream& operator<<(std::ostream& out, const wrong_body& body) {
  return out << body.text;
}

class WrongBody : public testing::TestWithParam<wrong_body> {};

} // namespace

TEST_P(WrongBody, IsRefusedWithACodeAndTheField) {
  EXPECT_EQ(error_in(GetParam().text), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Json, WrongBody,
    testing::Values(
        wrong_body{"{", "json_malformed "}, wrong_body{"", "json_malformed "},
        wrong_body{"{\"amount\":1,}", "json_malformed "},
        wrong_body{"{amount:1}", "json_malformed "}, wrong_body{"{'amount':1}", "json_malformed "},
        wrong_body{"{\"amount\":01}", "json_malformed "},
        wrong_body{"{\"amount\":NaN}", "json_malformed "}, wrong_body{"{}{}", "json_malformed "},
        wrong_body{"{\"from\":\"\xff\"}", "json_malformed "},
        wrong_body{"{\"from\":\"\\ud800\"}", "json_malformed "},
        wrong_body{"{\"amount\":1e999}", "json_malformed "},
        wrong_body{"[]", "json_not_an_object "}, wrong_body{"7", "json_not_an_object "},
        wrong_body{"null", "json_not_an_object "}, wrong_body{"\"a\"", "json_not_an_object "},
        wrong_body{"[[[[[[[[", "json_not_an_object "},
        wrong_body{"{\"balance\":1}", "field_unknown balance"},
        wrong_body{"{\"captureMethod\":\"MANUAL\"}", "field_unknown captureMethod"},
        wrong_body{"{\"amount\":1,\"amount\":2}", "field_repeated amount"},
        wrong_body{"{\"amount\":1.5}", "field_wrong_type amount"},
        wrong_body{"{\"amount\":1e3}", "field_wrong_type amount"},
        wrong_body{"{\"amount\":null}", "field_wrong_type amount"},
        wrong_body{"{\"amount\":true}", "field_wrong_type amount"},
        wrong_body{"{\"amount\":\"\"}", "field_wrong_type amount"},
        wrong_body{"{\"amount\":[1]}", "field_wrong_type amount"},
        wrong_body{"{\"amount\":{\"a\":1}}", "field_wrong_type amount"},
        wrong_body{"{\"amount\":9223372036854775808}", "field_wrong_type amount"},
        wrong_body{"{\"amount\":\"-9223372036854775809\"}", "field_wrong_type amount"},
        wrong_body{"{\"amount\":18446744073709551616}", "field_wrong_type amount"},
        wrong_body{"{\"from\":5}", "field_wrong_type from"},
        wrong_body{"{\"metadata\":\"a\"}", "field_wrong_type metadata"},
        wrong_body{"{\"metadata\":1}", "field_wrong_type metadata"},
        wrong_body{"{\"metadata\":[]}", "field_wrong_type metadata"},
        wrong_body{"{\"metadata\":null}", "field_wrong_type metadata"},
        wrong_body{"{\"metadata\":{\"a\":1}}", "field_wrong_type metadata"},
        wrong_body{"{\"metadata\":{\"a\":null}}", "field_wrong_type metadata"},
        wrong_body{"{\"metadata\":{\"a\":true}}", "field_wrong_type metadata"},
        wrong_body{"{\"metadata\":{\"a\":[]}}", "field_wrong_type metadata"},
        wrong_body{"{\"metadata\":{\"a\":{}}}", "field_wrong_type metadata"},
        wrong_body{"{\"metadata\":{\"a\":\"\",\"a\":\"\"}}", "field_repeated metadata"},
        wrong_body{"{\"metadata\":{},\"metadata\":{}}", "field_repeated metadata"},
        wrong_body{"{\"metadata\":{\"a\":\"\xff\"}}", "json_malformed "},
        wrong_body{"{\"capture_method\":\"LATER\"}", "field_wrong_type capture_method"}));

TEST(Json, TakesIntegersAsNumbersAndAsStrings) {
  for (const char* text :
       {R"({"amount":9223372036854775807})", R"({"amount":"9223372036854775807"})"}) {
    v1::CreatePaymentRequest request;
    ASSERT_TRUE(parse_json(text, request));
    EXPECT_EQ(request.amount(), std::numeric_limits<std::int64_t>::max());
  }
}

TEST(Json, TakesListsOfTextsAndNothingElseInThem) {
  v1::CreateWebhookRequest request;
  ASSERT_TRUE(parse_json(R"({"types":["a","b"],"url":"u"})", request));
  EXPECT_EQ(request.types_size(), 2);
  EXPECT_EQ(request.url(), "u");
  EXPECT_TRUE(parse_json(R"({"types":[]})", request));
  for (const char* wrong :
       {R"({"types":"a"})", R"({"types":[1]})", R"({"types":[["a"]]})", R"({"types":[{}]})",
        R"({"types":[null]})", R"({"types":null})", R"({"types":{"a":"b"}})", R"({"types":1})"}) {
    const auto refused = parse_json(wrong, request);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code(), "field_wrong_type") << wrong;
    EXPECT_EQ(refused.error().param(), "types") << wrong;
  }
}

// An object, a list in it, and objects in that.
TEST(Json, TakesWhatIsAsDeepAsTheSchemaAndNoDeeper) {
  v1::PresentCaptures request;
  EXPECT_TRUE(parse_json(R"({"items":[]})", request));
  ASSERT_TRUE(parse_json(R"({"items":[{"reference":"a"}]})", request));
  EXPECT_EQ(request.items(0).reference(), "a");
  for (const char* deeper : {R"({"items":[{"reference":{}}]})", R"({"items":[{"reference":[]}]})",
                             R"({"items":[[{}]]})"}) {
    const auto refused = parse_json(deeper, request);
    ASSERT_FALSE(refused) << deeper;
    EXPECT_EQ(refused.error().code(), "field_wrong_type") << deeper;
  }
}

TEST(Json, PrintsTheSchemasNamesAndAlsoZeroes) {
  v1::Payment payment;
  payment.set_amount(5);
  const std::string text = to_json(payment).value();
  EXPECT_NE(text.find(R"("amount":"5")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("capture_method":"AUTOMATIC")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("refunds":[])"), std::string::npos) << text;
}

TEST(Json, PrintsErrorsWithTheirTypeInLowerCase) {
  EXPECT_EQ(error_json(make_error(v1::Error::UNKNOWN_OUTCOME, "c", "m\n\"", "p")),
            R"({"error":{"type":"unknown_outcome","code":"c","message":"m\n\"","param":"p",)"
            R"("retry":"same_key"}})");
}

TEST(Json, PrintsWhatACallerMayDoAboutAnErrorAlsoIfAnOlderNodeDidNotSay) {
  v1::Error error;
  error.set_type(v1::Error::CONFLICT);
  EXPECT_NE(error_json(error).find(R"("retry":"new_attempt")"), std::string::npos);
  error.set_retry(v1::Error::NEVER);
  EXPECT_NE(error_json(error).find(R"("retry":"never")"), std::string::npos);
}

TEST(Json, ReadsMapsOfTexts) {
  v1::CreatePaymentRequest request;
  ASSERT_TRUE(parse_json(R"({"metadata":{"a":"1","from":""},"from":"x"})", request));
  EXPECT_EQ(request.metadata().at("a"), "1");
  EXPECT_EQ(request.metadata().at("from"), "");
  EXPECT_EQ(request.from(), "x");
  request.Clear();
  ASSERT_TRUE(parse_json(R"({"metadata":{}})", request));
  EXPECT_EQ(request.metadata().size(), 0U);
}

// The same answer is the same text: a replay's body is compared by callers.
TEST(Json, PrintsMapsByKey) {
  v1::Payment payment;
  for (int i = 99; i >= 10; --i)
    (*payment.mutable_metadata())["k" + std::to_string(i)] = "";
  const std::string text = to_json(payment).value();
  std::size_t before = 0;
  for (int i = 10; i < 100; ++i) {
    const auto at = text.find("\"k" + std::to_string(i));
    EXPECT_GT(at, before);
    before = at;
  }
}

TEST(Json, PrintsErrorsWhateverBytesTheyHold) {
  EXPECT_NE(error_json(make_error(v1::Error::INTERNAL, "c", "\xff")).find("\"code\":\"c\""),
            std::string::npos);
}

} // namespace ducat::api
