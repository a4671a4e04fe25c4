/// `ducat iso8583`, as it is used.

#include "cli/program_world.hpp"
#include "iso8583/bytes.hpp"
#include "support/listing.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace ducat::testing {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int done = static_cast<int>(cli::exit_code::done);
constexpr int failed = static_cast<int>(cli::exit_code::failed);
constexpr int usage = static_cast<int>(cli::exit_code::usage);

program_result iso(std::vector<std::string> arguments, const std::string& input = {}) {
  arguments.insert(arguments.begin(), "iso8583");
  return run_program(std::move(arguments), input);
}

program_result decode(const std::string& dialect, const std::string& input,
                      std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"decode", "--dialect", dialect});
  return iso(std::move(more), input);
}

program_result encode(const std::string& dialect, const std::string& input,
                      std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"encode", "--dialect", dialect});
  return iso(std::move(more), input);
}

const std::string echo_text = "00550800822000000000000004000000000000000925105308000051301";
const std::string echo_json =
    "{\"mti\":\"0800\",\"fields\":{\"7\":\"0925105308\",\"11\":\"000051\",\"70\":\"301\"}}\n";
const std::string sale_text = "0200500000000000100016411111111111111100000000100001234567"
                              "89ABCDEF";
const std::string sale_json = "{\"mti\":\"0200\",\"fields\":{\"2\":\"4111111111111111\",\"4\":"
                              "\"000000001000\",\"52\":\"0123456789ABCDEF\"}}\n";

} // namespace

TEST(Iso8583Decode, ReadsHexadecimalOrTextOrBytes) {
  const std::string hex = test::as_hex(echo_text);
  const std::string spaced = hex.substr(0, 8) + " " + hex.substr(8);
  for (const std::string& input :
       {echo_text, echo_text + "\n", echo_text + "\r\n", hex, spaced + "\n", "\n \n" + hex}) {
    const auto ran = decode("ascii87-hex", input);
    EXPECT_EQ(ran.code, done) << ran.err;
    EXPECT_EQ(ran.out, echo_json) << input;
    EXPECT_EQ(ran.err, "");
  }
  const std::string bytes =
      test::from_hex("001D 6000030000 0800 2020000000800000 990000 000001") + "00000001";
  const auto ran = decode("bcd87", bytes);
  EXPECT_EQ(ran.out, "{\"mti\":\"0800\",\"tpdu\":\"6000030000\",\"fields\":{\"3\":\"990000\","
                     "\"11\":\"000001\",\"41\":\"00000001\"}}\n");
  EXPECT_EQ(decode("bcd87", bytes, {"--binary"}).out, ran.out);
  EXPECT_EQ(decode("bcd87", test::as_hex(bytes), {"--hex"}).out, ran.out);
  EXPECT_EQ(decode("ascii87-hex", echo_text, {"--text"}).out, echo_json);
}

TEST(Iso8583Decode, ReadsManyMessages) {
  const std::string twice = echo_json + echo_json;
  EXPECT_EQ(decode("ascii87-hex", echo_text + "\n" + test::as_hex(echo_text) + "\n").out, twice);
  EXPECT_EQ(decode("ascii87-hex", echo_text + echo_text).out, twice);
  EXPECT_EQ(decode("ascii87-hex", echo_text + echo_text, {"--binary"}).out, twice);
  EXPECT_EQ(decode("ascii87-hex", test::as_hex(echo_text + echo_text)).out, twice);
}

TEST(Iso8583Decode, ReadsMessagesWithoutALengthHeader) {
  EXPECT_EQ(decode("ascii87-hex", echo_text.substr(4), {"--bare"}).out, echo_json);
  EXPECT_EQ(decode("ascii87-hex", echo_text.substr(4), {"--bare", "--binary"}).out, echo_json);
  const auto ran = decode("ascii87-hex", "02004000000000000000101234567890");
  EXPECT_EQ(ran.code, failed);
  EXPECT_THAT(ran.err, HasSubstr("without length headers: --bare"));
}

TEST(Iso8583Decode, HidesCardDataUnlessAsked) {
  const auto ran = decode("ascii87-hex", sale_text, {"--bare"});
  EXPECT_EQ(ran.out, "{\"mti\":\"0200\",\"masked\":true,\"fields\":{\"2\":\"411111******1111\","
                     "\"4\":\"000000001000\",\"52\":\"<secret, 8 bytes>\"}}\n");
  EXPECT_EQ(decode("ascii87-hex", sale_text, {"--bare", "--clear"}).out, sale_json);
  const auto pretty = decode("ascii87-hex", sale_text, {"--bare", "--pretty"}).out;
  EXPECT_THAT(pretty, HasSubstr("{\n  \"mti\": \"0200\",\n"));
  EXPECT_THAT(pretty, Not(HasSubstr("4111111111111111")));
}

TEST(Iso8583Decode, NamesWhatIsWrongAndGoesOn) {
  std::string wrong = echo_text;
  wrong[50] = 'X';
  const auto ran = decode("ascii87-hex", echo_text + "\n\n" + wrong + "\n" + echo_text + "\n");
  EXPECT_EQ(ran.code, failed);
  EXPECT_EQ(ran.out, echo_json + echo_json);
  EXPECT_EQ(ran.err, "ducat: line 3: field 11, byte 50: bad_character: not a digit\n");
}

TEST(Iso8583Decode, CountsBytesFromTheBeginningOfALine) {
  std::string wrong = echo_text;
  wrong[50] = 'X';
  EXPECT_EQ(decode("ascii87-hex", echo_text + wrong).err,
            "ducat: line 1: field 11, byte 109: bad_character: not a digit\n");
}

TEST(Iso8583Decode, EndsWhereAStreamCannotBeCutAnyMore) {
  const auto cut = decode("ascii87-hex", echo_text + echo_text.substr(0, 20), {"--binary"});
  EXPECT_EQ(cut.code, failed);
  EXPECT_EQ(cut.out, echo_json);
  EXPECT_EQ(cut.err, "ducat: message 2: the stream ends in the middle of it\n");
  const auto lost = decode("ascii87-hex", echo_text + "what" + echo_text, {"--binary"});
  EXPECT_EQ(lost.code, failed);
  EXPECT_EQ(lost.out, echo_json);
  EXPECT_THAT(lost.err, HasSubstr("message 2: byte 59: bad_length_header"));
}

TEST(Iso8583Decode, SaysThatThereIsNothing) {
  for (const char* const input : {"", "\n  \n"}) {
    const auto ran = decode("ascii87", input);
    EXPECT_EQ(ran.code, failed);
    EXPECT_EQ(ran.err, "ducat: there is no message on standard input\n");
  }
  EXPECT_EQ(decode("ascii87", "", {"--binary"}).code, failed);
  EXPECT_EQ(decode("ascii87", "xyz\n", {"--hex"}).err,
            "ducat: line 1: it is not hexadecimal, two digits a byte\n");
}

TEST(Iso8583Encode, PrintsWhatDecodeRead) {
  EXPECT_EQ(encode("ascii87-hex", sale_json, {"--bare", "--text"}).out, sale_text + "\n");
  EXPECT_EQ(encode("ascii87-hex", sale_json, {"--text"}).out, "0066" + sale_text + "\n");
  EXPECT_EQ(encode("ascii87-hex", sale_json, {"--binary"}).out, "0066" + sale_text);
  const auto hex = encode("ascii87-hex", echo_json + echo_json);
  EXPECT_EQ(hex.code, done) << hex.err;
  EXPECT_EQ(decode("ascii87-hex", hex.out).out, echo_json + echo_json);
  const auto pretty = decode("bcd87",
                             encode("bcd87", R"({"mti":"0800","tpdu":"6000030000",
      "fields":{"3":"990000"}})")
                                 .out,
                             {"--pretty"});
  EXPECT_EQ(encode("bcd87", pretty.out).out, "0012600003000008002000000000000000990000\n");
}

TEST(Iso8583Encode, PrintsNoBytesAsText) {
  const auto ran = encode("ascii87", echo_json, {"--text"});
  EXPECT_EQ(ran.code, failed);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "ducat: message 1: it has bytes that are no text: without --text\n");
}

TEST(Iso8583Encode, RefusesMaskedMessages) {
  const auto masked = decode("ascii87-hex", sale_text, {"--bare"});
  const auto ran = encode("ascii87-hex", masked.out);
  EXPECT_EQ(ran.code, failed);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "ducat: message 1: it is masked: decode it with --clear to encode it again\n");
}

TEST(Iso8583Encode, NamesWhatIsWrongAndGoesOn) {
  const auto ran = encode("ascii87-hex",
                          R"({"mti":"0200","fields":{"4":"1000"}})" + echo_json + "{]" + echo_json);
  EXPECT_EQ(ran.code, failed);
  EXPECT_EQ(decode("ascii87-hex", ran.out).out, echo_json);
  EXPECT_THAT(ran.err, HasSubstr("ducat: message 1: field 4, byte 20: wrong_length: its length is "
                                 "4, and must be 12\nducat: message 3: no JSON"));
  EXPECT_EQ(encode("ascii87", " ").err, "ducat: there is no message on standard input\n");
}

TEST(Iso8583Dialect, IsPrintedAndReadAgain) {
  EXPECT_THAT(iso({"dialects"}).out, HasSubstr("bcd87         ISO 8583:1987 in BCD"));
  const auto printed = iso({"dialect", "ascii87-hex"});
  EXPECT_EQ(printed.code, done);
  const temporary_directory home;
  const std::string file = home.path() / "mine.toml";
  std::ofstream{file} << printed.out;
  EXPECT_EQ(iso({"dialect", file}).out, printed.out);
  EXPECT_EQ(decode(file, echo_text).out, echo_json);
}

TEST(Iso8583Dialect, IsAMatterOfUsage) {
  EXPECT_EQ(decode("morse", echo_text).code, usage);
  EXPECT_EQ(encode("morse", echo_json).code, usage);
  EXPECT_EQ(iso({"dialect", "morse"}).code, usage);
  EXPECT_THAT(iso({"dialect", "morse"}).err, HasSubstr("dialects are ascii87, "));
  EXPECT_EQ(iso({"decode"}).code, usage);
  EXPECT_EQ(iso({"decode", "--dialect", "ascii87", "--hex", "--binary"}).code, usage);
  EXPECT_EQ(iso({}).code, usage);
}

// The examples of docs/iso8583.md: "$ echo INPUT | ducat iso8583 ARGUMENTS", and the next line.
TEST(Iso8583Docs, HoldExamplesThatWork) {
  std::istringstream page{test::content_of("docs/iso8583.md")};
  int found = 0;
  for (std::string line, answer; std::getline(page, line);) {
    const auto pipe = line.find(" | ducat ");
    if (!line.starts_with("$ echo ") || pipe == std::string::npos)
      continue;
    ++found;
    std::string input = line.substr(7, pipe - 7);
    std::erase(input, '\'');
    std::istringstream words{line.substr(pipe + 9)};
    std::getline(page, answer);
    const auto ran = run_program({std::istream_iterator<std::string>{words}, {}}, input);
    EXPECT_EQ(ran.out, answer + "\n") << line << ran.err;
  }
  EXPECT_EQ(found, 3);
}

TEST(Iso8583Docs, HoldADialectThatWorks) {
  const std::string page = test::content_of("docs/iso8583.md");
  const auto begin = page.find("```toml\n") + 8;
  const temporary_directory home;
  const std::string file = home.path() / "mine.toml";
  std::ofstream{file} << page.substr(begin, page.find("```", begin) - begin);
  const auto ran = iso({"dialect", file});
  EXPECT_EQ(ran.code, done) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\nlength_header = \"ascii4\"\n"));
}

} // namespace ducat::testing
