/// Messages that cannot be written, and what is said about them.

#include "iso8583/bytes.hpp"

#include <ducat/iso8583/codec.hpp>

#include <gtest/gtest.h>

namespace ducat::iso8583 {

namespace {

problem problem_of(const dialect& with, const message& what) {
  const auto written = encode(with, what);
  EXPECT_FALSE(written) << "it was written";
  return written ? problem{.what = fault::truncated} : written.error();
}

problem problem_of_field(const std::string& dialect_name, int field, const value& content) {
  message what{"0200"};
  if (dialect_name == "bcd87")
    what.set_tpdu("12345");
  content.is_bytes ? what.set_bytes(field, content.data) : what.set(field, content.data);
  const problem wrong = problem_of(*find_dialect(dialect_name), what);
  EXPECT_EQ(wrong.field, field);
  return wrong;
}

} // namespace

TEST(Encode, PadsNothing) {
  const problem wrong = problem_of_field("ascii87", 4, {.data = "1000"});
  EXPECT_EQ(to_string(wrong), "field 4, byte 12: wrong_length: its length is 4, and must be 12");
  EXPECT_EQ(problem_of_field("ascii87", 52, {.data = "1234", .is_bytes = true}).what,
            fault::wrong_length);
}

TEST(Encode, RefusesWhatIsTooLong) {
  EXPECT_EQ(problem_of_field("ascii87", 2, {.data = std::string(20, '1')}).what, fault::too_long);
  EXPECT_EQ(problem_of_field("bcd87", 2, {.data = std::string(20, '1')}).what, fault::too_long);
}

TEST(Encode, RefusesCharactersOfAnotherKindWithoutShowingThem) {
  const problem wrong = problem_of_field("ascii87", 2, {.data = "411111******1111"});
  EXPECT_EQ(to_string(wrong), "field 2, byte 12: bad_character: character 7 is not a digit");
}

TEST(Encode, TakesOneSeparatorOfATrackInBcd) {
  EXPECT_EQ(problem_of_field("bcd87", 35, {.data = "4111D25"}).what, fault::bad_character);
  message what{"0200"};
  what.set(35, "4111D25");
  EXPECT_TRUE(encode(*find_dialect("ascii87"), what));
}

TEST(Encode, RefusesTextForBytesAndBytesForText) {
  EXPECT_EQ(problem_of_field("ascii87", 52, {.data = "12345678"}).what, fault::wrong_type);
  EXPECT_EQ(problem_of_field("ascii87", 3, {.data = "123456", .is_bytes = true}).what,
            fault::wrong_type);
}

TEST(Encode, RefusesFieldsThatTheDialectDoesNotHave) {
  for (const int field : {-1, 0, 1, 65, 129, 1000})
    EXPECT_EQ(problem_of_field("ascii87", field, {.data = "1"}).what, fault::unknown_field);
}

TEST(Encode, RefusesAnUnknownMti) {
  for (const char* const mti : {"", "020", "02000", "0900", "1200", "02x0"}) {
    const problem wrong = problem_of(*find_dialect("ascii87"), message{mti});
    EXPECT_EQ(wrong.what, fault::unknown_mti) << mti;
    EXPECT_EQ(wrong.field, 0);
  }
}

TEST(Encode, WantsTheTpduOfTheDialect) {
  message what{"0800"};
  EXPECT_EQ(problem_of(*find_dialect("bcd87"), what).what, fault::wrong_length);
  what.set_tpdu("12345");
  EXPECT_TRUE(encode(*find_dialect("bcd87"), what));
  EXPECT_EQ(problem_of(*find_dialect("ascii87"), what).what, fault::wrong_length);
}

TEST(Encode, RefusesAMessageThatItsLengthHeaderCannotSay) {
  dialect with = *find_dialect("ascii87");
  with.header = length_header::bcd2;
  message what{"0200"};
  for (int field = 105; field < 116; ++field)
    what.set(field, std::string(999, 'x'));
  EXPECT_TRUE(encode(with, what));
  EXPECT_EQ(encode_frame(with, what).error().what, fault::too_long);
}

// The reader could not tell 3 digits and a filler from 4 digits.
TEST(Encode, RefusesOddDigitsThatOnlyTheirBytesCount) {
  dialect with{.name = "odd"};
  with.fields[2] = {.kind = content::n,
                    .length = 19,
                    .prefix_digits = 2,
                    .written = encoding::bcd,
                    .counts = counting::wire};
  ASSERT_FALSE(check(with));
  message what{"0200"};
  what.set(2, "123");
  EXPECT_EQ(problem_of(with, what).what, fault::wrong_length);
  with.fields[2].filled = padding::right_f;
  EXPECT_EQ(decode(with, encode(with, what).value()).value(), what);
}

} // namespace ducat::iso8583
