#include <ducat/digest.hpp>

#include <gtest/gtest.h>

namespace ducat {
namespace {

// FIPS 180-4 example.
TEST(Digest, OfAbcIsTheStandardsExample) {
  EXPECT_EQ(to_hex(sha256({"abc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, OfPartsIsThatOfTheirConcatenation) {
  EXPECT_EQ(sha256({"a", "", "bc"}), sha256({"abc"}));
  EXPECT_NE(sha256({"abc"}), sha256({"acb"}));
}

TEST(Checksum, ChangesWithAnyByte) {
  EXPECT_EQ(checksum("payment"), checksum("payment"));
  EXPECT_NE(checksum("payment"), checksum("paymenu"));
}

} // namespace
} // namespace ducat
