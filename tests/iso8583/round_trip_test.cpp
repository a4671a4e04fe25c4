/// Every message of every dialect comes back as it went.

#include "iso8583/bytes.hpp"
#include "iso8583/random_message.hpp"
#include "routing/seed.hpp"

#include <ducat/iso8583/codec.hpp>

#include <gtest/gtest.h>

namespace ducat::iso8583 {

namespace {

void expect_round_trip(const dialect& with, const message& what) {
  const auto bytes = encode(with, what);
  ASSERT_TRUE(bytes) << bytes.error();
  const auto read = decode(with, *bytes);
  ASSERT_TRUE(read) << read.error() << " in " << test::as_hex(*bytes);
  EXPECT_TRUE(*read == what);
  const auto frame = encode_frame(with, what);
  if (!frame)
    ASSERT_EQ(frame.error().what, fault::too_long);
  else
    EXPECT_TRUE(decode_frame(with, *frame) == what);
}

} // namespace

TEST(RoundTrip, OfRandomMessagesInEveryShippedDialect) {
  const auto seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::randomness random{seed};
  for (const dialect& with : shipped_dialects())
    for (int i = 0; i < 300; ++i)
      expect_round_trip(with, test::random_message(random, with));
}

TEST(RoundTrip, OfRandomMessagesInRandomDialects) {
  const auto seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  test::randomness random{seed};
  for (int i = 0; i < 100; ++i) {
    const dialect with = test::random_dialect(random);
    ASSERT_GT(with.fields.size(), 10u);
    for (int k = 0; k < 20; ++k)
      expect_round_trip(with, test::random_message(random, with));
  }
}

} // namespace ducat::iso8583
