#include <ducat/iso8583/elements.hpp>

#include <gtest/gtest.h>

namespace ducat::iso8583 {

TEST(Amount, IsMinorUnitsInTwelveDigits) {
  EXPECT_EQ(amount_text(1000), "000000001000");
  EXPECT_EQ(amount_text(amount_minor_max), "999999999999");
  EXPECT_EQ(amount_text(amount_minor_max + 1), std::nullopt);
  EXPECT_EQ(amount_text(-1), std::nullopt);
  EXPECT_EQ(parse_amount("000000001000"), 1000);
  EXPECT_EQ(parse_amount("999999999999"), amount_minor_max);
  for (const char* const text : {"", "1000", "0000000010000", "00000000100-", "+00000001000"})
    EXPECT_EQ(parse_amount(text), std::nullopt) << text;
}

TEST(OriginalData, NamesAMessageByWhatIsOnItsWire) {
  message original{"0200"};
  EXPECT_EQ(original_data_of(original), std::nullopt) << "without field 7 and 11";
  original.set(7, "0925105308");
  original.set(11, "000052");
  original.set(32, "503");
  const auto data = original_data_of(original).value();
  EXPECT_EQ(to_text(data), "0200"
                           "000052"
                           "0925105308"
                           "00000000503"
                           "00000000000");
}

TEST(OriginalData, IsParsedAsItWasWritten) {
  const std::string text = "020000005209251053080000000050300000000504";
  const auto data = parse_original_data(text).value();
  EXPECT_EQ(data, (original_data{.mti = "0200",
                                 .stan = "000052",
                                 .transmitted_at = "0925105308",
                                 .acquirer = "00000000503",
                                 .forwarder = "00000000504"}));
  EXPECT_EQ(to_text(data), text);
  EXPECT_EQ(parse_original_data(text.substr(1)), std::nullopt);
  EXPECT_EQ(parse_original_data("x" + text.substr(1)), std::nullopt);
}

TEST(OriginalData, RefusesPartsOfAnotherLength) {
  original_data data = parse_original_data(std::string(42, '1')).value();
  data.stan = "1";
  EXPECT_EQ(to_text(data), std::nullopt);
  message original{"0200"};
  original.set(7, "0925105308");
  original.set(11, "000052");
  original.set(33, "123456789012");
  EXPECT_EQ(original_data_of(original), std::nullopt);
}

} // namespace ducat::iso8583
