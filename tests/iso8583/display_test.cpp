/// What must stay with the card is not shown.

#include "iso8583/random_message.hpp"
#include "routing/seed.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/display.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ducat::iso8583 {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

message with_card() {
  message what{"0200"};
  what.set(2, "4111111111111111");
  what.set(4, "000000001000");
  what.set(35, "4111111111111111=2512101");
  what.set(45, "B4111111111111111^DOE/J^2512101");
  what.set(48, "CVV2 123");
  what.set_bytes(52, "12345678");
  what.set_bytes(55, "\x5A\x08\x41\x11\x11\x11\x11\x11\x11\x11");
  what.set_bytes(64, "\x01\x02\x03\x04\x05\x06\x07\x08");
  return what;
}

constexpr const char* shown =
    "0200 2=411111******1111 4=000000001000 35=<secret, 24 bytes> 45=<secret, 31 bytes> "
    "48=<secret, 8 bytes> 52=<secret, 8 bytes> 55=<secret, 10 bytes> 64=0102030405060708";

} // namespace

TEST(Display, HidesCardData) {
  EXPECT_EQ(to_display(with_card()), shown);
  EXPECT_EQ(to_display(*find_dialect("ascii87"), with_card()), shown);
  std::ostringstream out;
  out << with_card();
  EXPECT_EQ(out.str(), shown);
}

TEST(Display, ShowsAtMostSixAndFourCharactersOfANumber) {
  EXPECT_EQ(masked_pan("4111111111111111"), "411111******1111");
  EXPECT_EQ(masked_pan("4111111111111"), "411111***1111");
  EXPECT_EQ(masked_pan("411111111111"), "********1111");
  EXPECT_EQ(masked_pan("1234"), "****");
  EXPECT_EQ(masked_pan(""), "");
}

TEST(Display, HidesFieldsThatNobodyKnows) {
  message what{"0200"};
  what.set(127, "anything");
  what.set(129, "more");
  EXPECT_EQ(to_display(dialect{}, what), "0200 127=<secret, 8 bytes> 129=<secret, 4 bytes>");
}

TEST(Display, IsOneLineWhateverAMessageHolds) {
  message what{"02\n0"};
  what.set(41, "a\nb\x1B");
  EXPECT_EQ(to_display(what), "02?0 41=a?b?");
}

TEST(Display, OfAProblemHoldsNothingOfTheMessage) {
  message what = with_card();
  what.set(2, "411111111111111Z");
  const auto written = encode(*find_dialect("ascii87"), what);
  ASSERT_FALSE(written);
  EXPECT_THAT(to_string(written.error()), Not(HasSubstr("41111")));
}

TEST(Display, NeverHoldsTheNumberOfARandomMessage) {
  const auto seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::randomness random{seed};
  for (const dialect& with : shipped_dialects())
    for (int i = 0; i < 200; ++i) {
      message what = test::random_message(random, with);
      what.set(2, "4929123987654321");
      what.set(35, "4929123987654321=25121010000");
      EXPECT_THAT(to_display(with, what), Not(HasSubstr("3987654321")));
    }
}

} // namespace ducat::iso8583
