#include <ducat/iso8583/mti.hpp>

#include <gtest/gtest.h>

namespace ducat::iso8583 {

TEST(Mti, HasAVersionAClassAFunctionAndAnOrigin) {
  const mti repeat = parse_mti("0421").value();
  EXPECT_EQ(repeat, (mti{.version = '0',
                         .kind = message_class::reversal,
                         .function = message_function::advice,
                         .origin = message_origin::acquirer,
                         .is_repeat = true}));
  EXPECT_EQ(parse_mti("1203")->origin, message_origin::issuer);
  EXPECT_EQ(parse_mti("1203")->version, '1');
  EXPECT_EQ(to_string(*parse_mti("1203")), "1203");
}

TEST(Mti, IsRefusedIfADigitIsReserved) {
  for (const char* const digits : {"", "020", "02000", "0x00", "0000", "0900", "0250", "0206"})
    EXPECT_FALSE(parse_mti(digits)) << digits;
}

TEST(Mti, OfARequestOrItsRepeatHasOneResponse) {
  const std::pair<const char*, const char*> pairs[] = {
      {"0100", "0110"}, {"0101", "0110"}, {"0120", "0130"}, {"0121", "0130"}, {"0200", "0210"},
      {"0201", "0210"}, {"0220", "0230"}, {"0221", "0230"}, {"0400", "0410"}, {"0401", "0410"},
      {"0420", "0430"}, {"0421", "0430"}, {"0500", "0510"}, {"0501", "0510"}, {"0520", "0530"},
      {"0521", "0530"}, {"0800", "0810"}, {"0801", "0810"}, {"0202", "0212"}, {"0203", "0212"}};
  for (const auto& [request, response] : pairs)
    EXPECT_EQ(response_to(std::string_view{request}), response) << request;
}

TEST(Mti, OfAResponseOrANotificationHasNoResponse) {
  for (const char* const digits : {"0110", "0130", "0430", "0810", "0240", "hello"})
    EXPECT_EQ(response_to(std::string_view{digits}), std::nullopt) << digits;
}

TEST(Mti, OfARequestIsRepeatedUnderTheOddNumber) {
  EXPECT_EQ(repeat_of(std::string_view{"0420"}), "0421");
  EXPECT_EQ(repeat_of(std::string_view{"0421"}), "0421");
  EXPECT_EQ(repeat_of(std::string_view{"0202"}), "0203");
  EXPECT_EQ(repeat_of(std::string_view{"0430"}), std::nullopt);
}

TEST(Mti, SaysWhoOwesAnAnswer) {
  EXPECT_TRUE(parse_mti("0100")->wants_answer());
  EXPECT_TRUE(parse_mti("0421")->wants_answer());
  EXPECT_FALSE(parse_mti("0430")->wants_answer());
  EXPECT_TRUE(parse_mti("0430")->is_answer());
  EXPECT_FALSE(parse_mti("0240")->is_answer());
}

} // namespace ducat::iso8583
