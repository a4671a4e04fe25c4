/// Messages whose bytes are known from elsewhere, or follow from ISO 8583:1987 by hand.

#include "iso8583/bytes.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/elements.hpp>

#include <gtest/gtest.h>

namespace ducat::iso8583 {

namespace {

using test::as_hex;
using test::from_hex;

const dialect& shipped(std::string_view name) {
  return *find_dialect(name);
}

/// Expects that `bytes` is `what`, and the other way round.
void expect_same(const result<message>& read, const result<std::string>& written,
                 const message& what, std::string_view bytes) {
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, what);
  ASSERT_TRUE(written) << written.error();
  EXPECT_EQ(as_hex(*written), as_hex(bytes));
}

void expect_frame(const dialect& with, const message& what, std::string_view frame) {
  expect_same(decode_frame(with, frame), encode_frame(with, what), what, frame);
}

void expect_payload(const dialect& with, const message& what, std::string_view payload) {
  expect_same(decode(with, payload), encode(with, what), what, payload);
}

message financial_of_a_public_parser() {
  message what{"0200"};
  what.set(2, "1111222233334444");
  what.set(3, "470040");
  what.set(4, "000001000000");
  what.set(7, "0925105308");
  what.set(11, "000052");
  what.set(12, "175308");
  what.set(13, "0925");
  what.set(18, "6010");
  what.set(32, "503");
  what.set(33, "503");
  what.set(37, "180925000052");
  what.set(41, "11112222");
  what.set(49, "360");
  what.set(62, "2018");
  what.set(102, "10115020104");
  what.set(103, "10110131374");
  return what;
}

} // namespace

// The first example of the documentation of pyiso8583 (dialect default_ascii).
TEST(Golden, PyIso8583) {
  message what{"0200"};
  what.set(2, "1234567890");
  expect_payload(shipped("ascii87-hex"), what, "02004000000000000000101234567890");
}

// The three messages of the tests of a PHP library, ISO8583\Protocol with a length prefix of 4.
TEST(Golden, NetworkManagementWithAnAsciiLength) {
  message what{"0800"};
  what.set(7, "0925105308");
  what.set(11, "000051");
  what.set(70, "301");
  expect_frame(shipped("ascii87-hex"), what,
               "00550800822000000000000004000000000000000925105308000051301");
}

TEST(Golden, FinancialWithAnAsciiLength) {
  expect_frame(
      shipped("ascii87-hex"), financial_of_a_public_parser(),
      "01680200F238400188808004000000000600000016111122223333444447004000000100000009251053"
      "0800005217530809256010035030350318092500005211112222360004201811101150201041110110"
      "131374");
}

TEST(Golden, ReversalWithOriginalDataElements) {
  const message original = financial_of_a_public_parser();
  message what = original;
  what.set_mti("0400");
  what.set(11, "000053");
  what.set(90, "021000005209251053080000000050300000000503");
  what.set(95, "000001000000000001000000000000000000000000");
  expect_frame(
      shipped("ascii87-hex"), what,
      "02520400F238400188808004000000420600000016111122223333444447004000000100000009251053"
      "0800005317530809256010035030350318092500005211112222360004201802100000520925105308"
      "000000005030000000050300000100000000000100000000000000000000000011101150201041110110"
      "131374");
  message answered = original; // Its sender names the answer it got.
  answered.set_mti("0210");
  EXPECT_EQ(to_text(original_data_of(answered).value()), what.find(90));
}

// The example of the documentation of the Elixir package iso_8583: 49 bytes behind 0x0031.
TEST(Golden, RawBitmapOf128Bits) {
  message what{"0800"};
  what.set(7, "0818160244");
  what.set(11, "646465");
  what.set(12, "160244");
  what.set(13, "0818");
  what.set(70, "001");
  const std::string frame = from_hex("0031") + "0800" + from_hex("8238000000000000") +
                            from_hex("0400000000000000") + "0818160244" + "646465" + "160244" +
                            "0818" + "001";
  expect_frame(shipped("ascii87"), what, frame);
  expect_frame(shipped("npm-iso8583"), what, frame);
}

// Bit 2 is 0x40 of the first byte, bit 4 is 0x10, bit 52 is 0x10 of the seventh, bit 64 the last.
TEST(Golden, RawBitmapOf64Bits) {
  message what{"0100"};
  what.set(2, "4111111111111111");
  what.set(4, "000000001000");
  what.set_bytes(52, from_hex("0123456789ABCDEF"));
  what.set_bytes(64, from_hex("0000000000000000"));
  expect_payload(shipped("ascii87"), what,
                 "0100" + from_hex("5000000000001001") + "164111111111111111" + "000000001000" +
                     from_hex("0123456789ABCDEF") + std::string(8, '\0'));
}

TEST(Golden, HexadecimalBytesAreCountedByTheirDigits) {
  message what{"0200"};
  what.set_bytes(52, from_hex("0123456789ABCDEF"));
  what.set_bytes(55, from_hex("9F2608AABBCCDDEEFF0011"));
  expect_payload(shipped("ascii87-hex"), what,
                 "02000000000000001200"
                 "0123456789ABCDEF"
                 "0229F2608AABBCCDDEEFF0011");
}

// Digits two a byte, a length prefix of two digits in one: as terminals do.
TEST(Golden, BcdWithTpdu) {
  message what{"0800"};
  what.set_tpdu(from_hex("6000030000"));
  what.set(3, "990000");
  what.set(11, "000001");
  what.set(41, "00000001");
  expect_frame(shipped("bcd87"), what,
               from_hex("001D 6000030000 0800 2020000000800000 990000 000001 3030303030303031"));
}

TEST(Golden, OddNumbersOfBcdDigits) {
  message what{"0200"};
  what.set_tpdu(from_hex("6000030000"));
  what.set(2, "378282246310005");
  what.set(4, "000000001000");
  what.set(22, "051");
  what.set(28, "D00000150");
  what.set(35, "4111111111111111=251210100001");
  what.set(48, "note");
  expect_payload(shipped("bcd87"), what,
                 from_hex("6000030000 0200 5000041020010000"
                          "15 378282246310005F"
                          "000000001000"
                          "0051"
                          "44 00000150"
                          "29 4111111111111111D251210100001F"
                          "0004 6E6F7465"));
}

TEST(Golden, EbcdicAndBinaryLengths) {
  dialect with{.name = "host", .mti = encoding::ebcdic};
  with.fields[43] = {.kind = content::ans, .length = 3, .written = encoding::ebcdic};
  with.fields[46] = {.kind = content::ans,
                     .length = 20,
                     .prefix_digits = 2,
                     .written = encoding::ebcdic,
                     .prefix = prefix_encoding::ebcdic};
  with.fields[48] = {.kind = content::b,
                     .length = 300,
                     .prefix_digits = 3,
                     .written = encoding::raw,
                     .prefix = prefix_encoding::binary};
  ASSERT_FALSE(check(with));
  message what{"0200"};
  what.set(43, "Aa9");
  what.set(46, "{~}");
  what.set_bytes(48, std::string(258, 'x'));
  // Code page 037: A C1, a 81, 9 F9, { C0, ~ A1, } D0.
  expect_payload(with, what,
                 from_hex("F0F2F0F0 0000000000250000 C181F9 F0F3C0A1D0 0102") +
                     std::string(258, 'x'));
}

} // namespace ducat::iso8583
