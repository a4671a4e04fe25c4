/// Frames are cut out of a stream, however it comes.

#include "iso8583/bytes.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/framer.hpp>

#include <gtest/gtest.h>

namespace ducat::iso8583 {

namespace {

using test::from_hex;

dialect with_header(length_header header, tpdu_spec tpdu = {}) {
  dialect with = *find_dialect("ascii87");
  with.header = header;
  with.tpdu = tpdu;
  return with;
}

std::vector<std::string> frames_of(framer& cutter) {
  std::vector<std::string> frames;
  for (auto frame = cutter.next(); frame.value(); frame = cutter.next())
    frames.push_back(**frame);
  return frames;
}

using strings = std::vector<std::string>;

} // namespace

TEST(Framer, CutsGluedFrames) {
  framer cutter{with_header(length_header::ascii4)};
  cutter.feed("0003abc0002de0001");
  EXPECT_EQ(frames_of(cutter), (strings{"abc", "de"}));
  EXPECT_EQ(cutter.pending(), 4u);
  cutter.feed("f");
  EXPECT_EQ(frames_of(cutter), strings{"f"});
  EXPECT_EQ(cutter.pending(), 0u);
}

TEST(Framer, TakesOneByteAtATime) {
  for (const auto header : {length_header::binary2, length_header::ascii4, length_header::bcd2}) {
    const dialect with = with_header(header);
    message what{"0200"};
    what.set(48, std::string(300, 'x'));
    const std::string stream = encode_frame(with, what).value() + encode_frame(with, what).value();
    framer cutter{with};
    std::size_t found = 0;
    for (std::size_t i = 0; i < stream.size(); ++i) {
      cutter.feed({&stream[i], 1});
      for (const std::string& frame : frames_of(cutter)) {
        ++found;
        EXPECT_EQ(decode(with, frame), what);
        EXPECT_EQ((i + 1) % (stream.size() / 2), 0u) << "neither early nor late";
      }
    }
    EXPECT_EQ(found, 2u) << to_string(header);
  }
}

TEST(Framer, KnowsThreeHeaders) {
  const auto first = [](length_header header, std::string_view bytes) {
    framer cutter{with_header(header)};
    cutter.feed(bytes);
    return cutter.next().value().value();
  };
  const std::string payload(258, 'x');
  EXPECT_EQ(first(length_header::binary2, from_hex("0102") + payload), payload);
  EXPECT_EQ(first(length_header::bcd2, from_hex("0258") + payload), payload);
  EXPECT_EQ(first(length_header::ascii4, "0258" + payload), payload);
}

TEST(Framer, AddsATpduThatIsNotCounted) {
  framer uncounted{with_header(length_header::ascii4, {.bytes = 5, .counted = false})};
  uncounted.feed("0003TPDU!abc0000TPDU!");
  EXPECT_EQ(frames_of(uncounted), (strings{"TPDU!abc", "TPDU!"}));
  framer counted{with_header(length_header::ascii4, {.bytes = 5, .counted = true})};
  counted.feed("0008TPDU!abc");
  EXPECT_EQ(frames_of(counted), strings{"TPDU!abc"});
}

// Some peers send them to see whether the connection lives.
TEST(Framer, GivesEmptyFrames) {
  framer cutter{with_header(length_header::binary2)};
  cutter.feed(std::string(4, '\0'));
  EXPECT_EQ(frames_of(cutter), (strings{"", ""}));
}

TEST(Framer, RefusesAHeaderThatIsNoNumberForEver) {
  framer cutter{with_header(length_header::ascii4)};
  cutter.feed("0003abc00x3abc");
  EXPECT_EQ(cutter.next().value(), "abc");
  const problem wrong = cutter.next().error();
  EXPECT_EQ(to_string(wrong), "byte 7: bad_length_header: the length header is no number");
  cutter.feed("0003abc");
  EXPECT_EQ(cutter.next().error(), wrong);
}

TEST(Framer, RefusesAFrameThatIsTooLongBeforeItHasCome) {
  framer cutter{with_header(length_header::ascii4), {.payload_bytes_max = 10}};
  cutter.feed("0010abcdefghij0011");
  EXPECT_EQ(cutter.next().value(), "abcdefghij");
  EXPECT_EQ(to_string(cutter.next().error()),
            "byte 14: too_long: a frame of 11 bytes, and at most 10 is allowed");
}

TEST(Framer, CountsFromTheFirstByteThatWasEverFed) {
  framer cutter{with_header(length_header::ascii4)};
  for (int i = 0; i < 3; ++i) {
    cutter.feed("0003abc");
    EXPECT_EQ(frames_of(cutter), strings{"abc"});
  }
  cutter.feed("what");
  EXPECT_EQ(cutter.next().error().offset, 21u);
}

TEST(Framer, NeedsALengthHeader) {
  framer cutter{with_header(length_header::none)};
  EXPECT_EQ(cutter.next().error().what, fault::bad_length_header);
}

} // namespace ducat::iso8583
