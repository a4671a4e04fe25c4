#include <ducat/iso20022/amount.hpp>
#include <ducat/iso20022/identifiers.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace ducat::iso20022 {

namespace {

constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
constexpr auto largest = std::numeric_limits<std::int64_t>::max();

} // namespace

TEST(Amount, IsWrittenWithTheDigitsOfItsCurrency) {
  EXPECT_EQ(to_decimal(1205, 2), "12.05");
  EXPECT_EQ(to_decimal(5, 2), "0.05");
  EXPECT_EQ(to_decimal(-5, 1), "-0.5");
  EXPECT_EQ(to_decimal(7, 0), "7");
  EXPECT_EQ(to_decimal(1, 3), "0.001");
  EXPECT_EQ(to_decimal(smallest, 2), "-92233720368547758.08");
}

TEST(Amount, IsReadExactlyOrNotAtAll) {
  EXPECT_EQ(from_decimal("12.05", 2), 1205);
  EXPECT_EQ(from_decimal("12.5", 2), 1250);
  EXPECT_EQ(from_decimal("+12", 2), 1200);
  EXPECT_EQ(from_decimal("-.5", 2), -50);
  EXPECT_EQ(from_decimal("5.", 2), 500);
  EXPECT_EQ(from_decimal("12.05000", 2), 1205);
  EXPECT_EQ(from_decimal("7", 0), 7);
  EXPECT_EQ(from_decimal("0.29", 2), 29);
  for (const auto* text : {"", ".", "-", "+-1", "1,5", "1.2.3", "12.051", "1e2", " 1", "1 ", "0x1",
                           "--1", "NaN", "1'000.00"})
    EXPECT_EQ(from_decimal(text, 2), std::nullopt) << text;
  EXPECT_EQ(from_decimal("7.5", 0), std::nullopt);
}

TEST(Amount, IsNotReadIfInt64DoesNotHoldIt) {
  EXPECT_EQ(from_decimal("92233720368547758.07", 2), largest);
  EXPECT_EQ(from_decimal("92233720368547758.08", 2), std::nullopt);
  EXPECT_EQ(from_decimal("-92233720368547758.08", 2), smallest);
  EXPECT_EQ(from_decimal("-92233720368547758.09", 2), std::nullopt);
  EXPECT_EQ(from_decimal("99999999999999999999999999", 0), std::nullopt);
  EXPECT_EQ(add(largest, 1), std::nullopt);
  EXPECT_EQ(add(largest, -1), largest - 1);
}

TEST(Iban, NeedsItsPatternAndItsCheckDigits) {
  for (const auto* iban : {"DE89370400440532013000", "GB29NWBK60161331926819", "NO9386011117947",
                           "MT84MALT011000012345MTLCAST001S"})
    EXPECT_TRUE(is_iban(iban)) << iban;
  for (const auto* text : {"", "DE89", "DE88370400440532013000", "de89370400440532013000",
                           "DE89 3704 0044 0532 0130 00", "89DE370400440532013000",
                           "DE8937040044053201300O", "MT84MALT011000012345MTLCAST001SAAAA"})
    EXPECT_FALSE(is_iban(text)) << text;
}

// ISO 13616: any one digit that is changed changes the check digits.
TEST(Iban, HasNoDigitThatCouldBeAnother) {
  const std::string iban = "DE89370400440532013000";
  for (std::size_t i = 2; i < iban.size(); ++i) {
    std::string other = iban;
    other[i] = static_cast<char>('0' + (other[i] - '0' + 1) % 10);
    EXPECT_FALSE(is_iban(other)) << other;
  }
}

TEST(Bic, HasEightOrElevenCharactersOfItsPattern) {
  for (const auto* bic : {"COBADEFF", "COBADEFFXXX", "DEUTDEFF500"})
    EXPECT_TRUE(is_bic(bic)) << bic;
  for (const auto* text :
       {"", "COBADEF", "COBADEFFX", "cobadeff", "C0BADEFF", "COBADE0F", "COBADEFO", "COBADEFFXX-"})
    EXPECT_FALSE(is_bic(text)) << text;
}

} // namespace ducat::iso20022
