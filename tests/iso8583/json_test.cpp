/// Messages as JSON.

#include "iso8583/bytes.hpp"
#include "iso8583/json_documents.hpp"
#include "iso8583/message_json.hpp"
#include "iso8583/random_message.hpp"
#include "routing/seed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ducat::cli {

namespace {

using iso8583::message;
using nlohmann::ordered_json;
using ::testing::HasSubstr;

const iso8583::dialect& ascii87() {
  return *iso8583::find_dialect("ascii87");
}

std::string complaint_about(const std::string& text) {
  const auto read = message_of(ascii87(), ordered_json::parse(text));
  return read ? "nothing" : read.error();
}

} // namespace

TEST(MessageJson, HasTheFieldsByNumberAndBytesInHexadecimal) {
  message what{"0200"};
  what.set_tpdu("\x60\x01");
  what.set(41, "TERM \"1\"");
  what.set(4, "000000001000");
  what.set_bytes(52, test::from_hex("0123456789abcdef"));
  EXPECT_EQ(json_of(ascii87(), what, card_data::clear).dump(),
            R"({"mti":"0200","tpdu":"6001","fields":{"4":"000000001000","41":"TERM \"1\"",)"
            R"("52":"0123456789ABCDEF"}})");
  EXPECT_EQ(json_of(ascii87(), what, card_data::masked).dump(),
            R"({"mti":"0200","tpdu":"6001","masked":true,"fields":{"4":"000000001000",)"
            R"("41":"TERM \"1\"","52":"<secret, 8 bytes>"}})");
}

TEST(MessageJson, IsNotMaskedIfThereIsNothingToHide) {
  message what{"0800"};
  what.set(70, "301");
  const auto document = json_of(ascii87(), what, card_data::masked);
  EXPECT_EQ(document.dump(), R"({"mti":"0800","fields":{"70":"301"}})");
  EXPECT_EQ(message_of(ascii87(), document).value(), what);
}

TEST(MessageJson, ComesBackAsItWent) {
  const auto seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::randomness random{seed};
  for (const iso8583::dialect& with : iso8583::shipped_dialects())
    for (int i = 0; i < 100; ++i) {
      const message what = test::random_message(random, with);
      const std::string text = json_of(with, what, card_data::clear).dump();
      EXPECT_TRUE(message_of(with, ordered_json::parse(text)).value() == what) << text;
    }
}

TEST(MessageJson, IsRefusedIfItIsMasked) {
  EXPECT_EQ(complaint_about(R"({"mti":"0200","masked":true,"fields":{"48":"<secret, 8 bytes>"}})"),
            "it is masked: decode it with --clear to encode it again");
}

TEST(MessageJson, IsRefusedIfItIsNotOfThisForm) {
  const std::pair<const char*, const char*> wrong[] = {
      {"[]", "not an object"},
      {R"({"mti":"0200"})", "needs \"mti\" and \"fields\""},
      {R"({"mti":200,"fields":{}})", "\"mti\" must be a string"},
      {R"({"mti":"0200","fields":[]})", "\"fields\" must be an object"},
      {R"({"mti":"0200","fields":{"4":1000}})", "field 4 must be a string"},
      {R"({"mti":"0200","fields":{"04":"1"}})", "not the number of a field"},
      {R"({"mti":"0200","fields":{"amount":"1"}})", "not the number of a field"},
      {R"({"mti":"0200","fields":{"52":"012"}})", "field 52 must be hexadecimal"},
      {R"({"mti":"0200","fields":{"52":"xx"}})", "field 52 must be hexadecimal"},
      {R"({"mti":"0200","fields":{},"tpdu":"6"})", "\"tpdu\" must be"},
      {R"({"mti":"0200","fields":{},"header":""})", "a key that is not known"},
  };
  for (const auto& [text, said] : wrong)
    EXPECT_THAT(complaint_about(text), HasSubstr(said)) << text;
}

TEST(JsonDocuments, AreReadOneAfterTheOther) {
  std::istringstream in{"{\"a\": \"}{\\\"\"}\n\n{\n  \"b\": {\n  }\n}{\"c\":1}\n"};
  EXPECT_EQ(next_object(in).value()->dump(), R"({"a":"}{\""})");
  EXPECT_EQ(next_object(in).value()->dump(), R"({"b":{}})");
  EXPECT_EQ(next_object(in).value()->dump(), R"({"c":1})");
  EXPECT_EQ(next_object(in).value(), std::nullopt);
}

TEST(JsonDocuments, AreRefusedIfTheyAreNone) {
  const std::pair<std::string, const char*> wrong[] = {
      {"0800", "begins with {"},
      {"{\"a\":1", "no JSON, at byte 7"},
      {"{\"a\":}", "no JSON, at byte 6"},
      {R"({"a":1,"a":2})", "twice"},
      {R"({"a":{"b":1,"b":2}})", "twice"},
      {"{\"a\":\"\xFF\"}", "no JSON"},
      {std::string(100'000, '{'), "no JSON"},
  };
  for (const auto& [text, said] : wrong) {
    std::istringstream in{text};
    const auto read = next_object(in);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error(), HasSubstr(said)) << text;
  }
}

} // namespace ducat::cli
