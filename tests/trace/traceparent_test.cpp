/// What a header `traceparent` says: the rules of W3C Trace Context, level 1, and the cases that
/// its own test suite sends.

#include <ducat/trace.hpp>

#include <gtest/gtest.h>

namespace ducat::trace {
namespace {

constexpr const char* valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Traceparent, IsReadAndWritten) {
  const auto read = parse_traceparent(valid);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_hex(read->trace), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(to_hex(read->span), "00f067aa0ba902b7");
  EXPECT_TRUE(read->is_sampled);
  EXPECT_EQ(to_traceparent(*read), valid);
}

TEST(Traceparent, OnlyTheLastFlagIsKnown) {
  const std::string front = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";
  for (const auto& [flags, is_sampled] : {std::pair{"00", false},
                                          {"01", true},
                                          {"09", true},
                                          {"ff", true},
                                          {"fe", false},
                                          {"02", false}}) {
    const auto read = parse_traceparent(front + flags);
    ASSERT_TRUE(read) << flags;
    EXPECT_EQ(read->is_sampled, is_sampled) << flags;
    EXPECT_EQ(to_traceparent(*read), front + (is_sampled ? "01" : "00")) << "others are not ours";
  }
}

TEST(Traceparent, OfALaterVersionWhatIsKnownIsTaken) {
  for (const char* text :
       {"cc-12345678901234567890123456789012-1234567890123456-01",
        "cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
        "01-12345678901234567890123456789012-1234567890123456-01-"}) {
    const auto read = parse_traceparent(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(to_traceparent(*read), "00-12345678901234567890123456789012-1234567890123456-01");
  }
}

struct bad {
  const char* why;
  const char* text;
};

class BadTraceparent : public ::testing::TestWithParam<bad> {};

TEST_P(BadTraceparent, IsNone) {
  EXPECT_FALSE(parse_traceparent(GetParam().text)) << GetParam().why;
}

INSTANTIATE_TEST_SUITE_P(
    , BadTraceparent,
    ::testing::Values(
        bad{"nothing", ""}, bad{"a version only", "00"},
        bad{"a character behind version 00",
            "00-12345678901234567890123456789012-1234567890123456-01."},
        bad{"a field behind version 00",
            "00-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like"},
        bad{"a later version that does not go on with a dash",
            "cc-12345678901234567890123456789012-1234567890123456-01.what-the-future-will-be-like"},
        bad{"a later version that is too short",
            "cc-12345678901234567890123456789012-1234567890123456-0"},
        bad{"version ff", "ff-12345678901234567890123456789012-1234567890123456-01"},
        bad{"a version with a point", ".0-12345678901234567890123456789012-1234567890123456-01"},
        bad{"a version with a point", "0.-12345678901234567890123456789012-1234567890123456-01"},
        bad{"a version of upper case", "CC-12345678901234567890123456789012-1234567890123456-01"},
        bad{"a version of three digits",
            "000-12345678901234567890123456789012-1234567890123456-01"},
        bad{"a version of one digit", "0-12345678901234567890123456789012-1234567890123456-01"},
        bad{"a trace of zeroes", "00-00000000000000000000000000000000-1234567890123456-01"},
        bad{"a trace with a point", "00-.2345678901234567890123456789012-1234567890123456-01"},
        bad{"a trace with a point", "00-1234567890123456789012345678901.-1234567890123456-01"},
        bad{"a trace of upper case", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"},
        bad{"a trace too long", "00-123456789012345678901234567890123-1234567890123456-01"},
        bad{"a trace too short", "00-1234567890123456789012345678901-1234567890123456-01"},
        bad{"a parent of zeroes", "00-12345678901234567890123456789012-0000000000000000-01"},
        bad{"a parent with a point", "00-12345678901234567890123456789012-.234567890123456-01"},
        bad{"a parent with a point", "00-12345678901234567890123456789012-123456789012345.-01"},
        bad{"a parent of upper case", "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01"},
        bad{"a parent too long", "00-12345678901234567890123456789012-12345678901234567-01"},
        bad{"a parent too short", "00-12345678901234567890123456789012-123456789012345-01"},
        bad{"flags with a point", "00-12345678901234567890123456789012-1234567890123456-.0"},
        bad{"flags with a point", "00-12345678901234567890123456789012-1234567890123456-0."},
        bad{"flags of upper case", "00-12345678901234567890123456789012-1234567890123456-0A"},
        bad{"flags too long", "00-12345678901234567890123456789012-1234567890123456-001"},
        bad{"flags too short", "00-12345678901234567890123456789012-1234567890123456-1"},
        bad{"no dash before the trace", "00_12345678901234567890123456789012-1234567890123456-01"},
        bad{"no dash before the parent", "00-12345678901234567890123456789012_1234567890123456-01"},
        bad{"no dash before the flags", "00-12345678901234567890123456789012-1234567890123456_01"},
        bad{"a space in front", " 00-12345678901234567890123456789012-1234567890123456-01"},
        bad{"two in one", "00-12345678901234567890123456789011-1234567890123456-01,"
                          "00-12345678901234567890123456789012-1234567890123456-01"}));

} // namespace
} // namespace ducat::trace
