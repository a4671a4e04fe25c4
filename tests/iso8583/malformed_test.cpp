/// Each way to be wrong, and what is said about it.

#include "iso8583/bytes.hpp"

#include <ducat/iso8583/codec.hpp>

#include <gtest/gtest.h>

#include <optional>

namespace ducat::iso8583 {

namespace {

using test::from_hex;

/// Bytes that are no message, and where.
struct malformed {
  const char* name;
  const char* dialect_name;
  std::string payload;
  fault what;
  std::optional<int> field;
  std::size_t offset;
};

std::ostream& operator<<(std::ostream& out, const malformed& of) {
  return out << of.name;
}

std::string ascii(std::string_view bitmap, std::string_view fields, std::string_view mti = "0200") {
  return std::string{mti} + from_hex(bitmap) + std::string{fields};
}

std::string bcd(std::string_view text) {
  return from_hex("6000000000") + from_hex(text);
}

const std::vector<malformed>& all() {
  using enum fault;
  static const std::vector<malformed> table = {
      {"Nothing", "ascii87", "", truncated, 0, 0},
      {"HalfAnMti", "ascii87", "02", truncated, 0, 2},
      {"HalfATpdu", "bcd87", "123", truncated, {}, 3},
      {"NoBitmap", "ascii87", "0200", truncated, 1, 4},
      {"HalfABitmap", "ascii87", "0200123", truncated, 1, 7},
      {"NoSecondaryBitmap", "ascii87", ascii("8000000000000000", ""), truncated, 1, 12},
      {"HalfAFixedField", "ascii87", ascii("2000000000000000", "12345"), truncated, 3, 17},
      {"NoLengthPrefix", "ascii87", ascii("4000000000000000", "1"), truncated, 2, 13},
      {"HalfAVariableField", "ascii87", ascii("4000000000000000", "0512"), truncated, 2, 16},
      {"MoreThanTheFields",
       "ascii87",
       ascii("2000000000000000", "1234567"),
       trailing_bytes,
       {},
       18},
      {"LettersInTheMti", "ascii87", ascii("2000000000000000", "123456", "02X0"), bad_character, 0,
       2},
      {"OtherVersion", "ascii87", ascii("2000000000000000", "123456", "1200"), unknown_mti, 0, 0},
      {"ReservedClass", "ascii87", ascii("2000000000000000", "123456", "0900"), unknown_mti, 0, 0},
      {"ReservedFunction", "ascii87", ascii("2000000000000000", "123456", "0250"), unknown_mti, 0,
       0},
      {"ReservedOrigin", "ascii87", ascii("2000000000000000", "123456", "0206"), unknown_mti, 0, 0},
      {"SecondaryBitmapOfNothing", "ascii87", ascii("A0000000000000000000000000000000", "123456"),
       empty_secondary_bitmap, 1, 4},
      {"PrimaryBitmapAlone", "npm-iso8583", ascii("2000000000000000", "123456"),
       missing_secondary_bitmap, 1, 4},
      {"TertiaryBitmap", "ascii87", ascii("80000000000000008000000000000000", ""), tertiary_bitmap,
       1, 12},
      {"LowerCaseBitmap", "ascii87-hex", "020000000000000000a0", bad_character, 1, 22 - 4},
      {"LengthIsNoNumber", "ascii87", ascii("4000000000000000", "1x3"), bad_length_prefix, 2, 13},
      {"BcdLengthIsNoNumber", "bcd87", bcd("0200 4000000000000000 1A 00"), bad_length_prefix, 2,
       15},
      {"BcdLengthHasAFourthDigit", "bcd87", bcd("0200 0000000000010000 1004 31323334"),
       bad_length_prefix, 48, 15},
      {"OddHexadecimalLength", "ascii87-hex", "020000000000000002000031AB", bad_length_prefix, 55,
       20},
      {"LengthOverTheMost", "ascii87", ascii("4000000000000000", "2012345678901234567890"),
       too_long, 2, 12},
      {"LetterInDigits", "ascii87", ascii("2000000000000000", "12345A"), bad_character, 3, 17},
      {"SpaceInAn", "ascii87", ascii("0000000002000000", "0 "), bad_character, 39, 13},
      {"ControlInAns", "ascii87", ascii("0000000000800000", "1234567\n"), bad_character, 41, 19},
      {"HighByteInAns", "ascii87", ascii("0000000000800000", "1234567\xE9"), bad_character, 41, 19},
      {"LetterInATrack", "ascii87", ascii("0000000020000000", "034=A"), bad_character, 35, 16},
      {"NoSign", "ascii87", ascii("0000001000000000", "X00000150"), bad_character, 28, 12},
      {"SecondSign", "ascii87", ascii("0000001000000000", "DD0000150"), bad_character, 28, 13},
      {"NoSignInBcd", "bcd87", bcd("0200 0000001000000000 45 00000150"), bad_character, 28, 15},
      {"LetterInSignedBcd", "bcd87", bcd("0200 0000001000000000 44 0000015A"), bad_character, 28,
       19},
      {"LetterInBcd", "bcd87", bcd("0200 2000000000000000 12 3A 56"), bad_character, 3, 16},
      {"LetterInHexadecimal", "ascii87-hex", "020000000000000010000123456789ABCDEG", bad_character,
       52, 35},
      {"FilledUpOnTheLeft", "bcd87", bcd("0200 0000040000000000 1051"), bad_padding, 22, 15},
      {"FilledUpWithZero", "bcd87", bcd("0200 4000000000000000 03 1230"), bad_padding, 2, 17},
  };
  return table;
}

class Malformed : public ::testing::TestWithParam<malformed> {};

} // namespace

TEST_P(Malformed, IsRefusedWithItsFaultFieldAndPlace) {
  const malformed& of = GetParam();
  const auto read = decode(*find_dialect(of.dialect_name), of.payload);
  ASSERT_FALSE(read) << *read;
  EXPECT_EQ(read.error().what, of.what) << read.error();
  EXPECT_EQ(read.error().field, of.field) << read.error();
  EXPECT_EQ(read.error().offset, of.offset) << read.error();
  EXPECT_NE(read.error().detail, "");
}

INSTANTIATE_TEST_SUITE_P(Bytes, Malformed, ::testing::ValuesIn(all()),
                         [](const auto& of) { return std::string{of.param.name}; });

TEST(MalformedBitmap, NamesAFieldThatTheDialectDoesNotHave) {
  dialect with = *find_dialect("ascii87");
  with.fields.erase(19);
  const auto read = decode(with, ascii("2000200000000000", "123456250"));
  ASSERT_FALSE(read);
  EXPECT_EQ(to_string(read.error()),
            "field 19, byte 6: unknown_field: the bitmap has it, and the dialect does not");
}

// The prefix counts two bytes, which three digits and a filler fill, or four digits.
TEST(MalformedLength, IsFoundAmongDigitsThatOnlyTheirBytesCount) {
  dialect with{.name = "odd"};
  with.fields[3] = {.kind = content::n,
                    .length = 3,
                    .prefix_digits = 2,
                    .written = encoding::bcd,
                    .counts = counting::wire,
                    .filled = padding::right_f};
  EXPECT_TRUE(decode(with, ascii("2000000000000000", from_hex("3032 123F"))));
  const auto read = decode(with, ascii("2000000000000000", from_hex("3032 1234")));
  ASSERT_FALSE(read);
  EXPECT_EQ(to_string(read.error()), "field 3, byte 14: too_long: more digits than the field has");
}

TEST(MalformedFrame, IsRefusedUnlessItsLengthIsThatOfWhatFollows) {
  const dialect& with = *find_dialect("ascii87-hex");
  const auto fault_of = [&](std::string_view frame) { return decode_frame(with, frame).error(); };
  EXPECT_EQ(fault_of("00").what, fault::truncated);
  EXPECT_EQ(fault_of("00x2").what, fault::bad_length_header);
  EXPECT_EQ(to_string(fault_of("00330200400000000000000010123456789")),
            "byte 0: bad_length_header: the length header says that 33 bytes follow, and 31 do");
  // Offsets count from the first byte of the frame.
  EXPECT_EQ(to_string(fault_of("003202004000000000000000101234567X90")),
            "field 2, byte 33: bad_character: not a digit");
}

} // namespace ducat::iso8583
