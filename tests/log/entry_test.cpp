#include <ducat/log.hpp>

#include <gtest/gtest.h>

namespace ducat {
namespace {

entry example() {
  return {.index = 2,
          .writer = {3},
          .at = {1'700'000'000'000'000'000},
          .previous = sha256({"first"}),
          .hash = {},
          .payload = "hello"};
}

// The value was computed with Python's hashlib. Changing it breaks every stored log.
TEST(Entry, HashIsSha256OfPreviousHeaderAndPayload) {
  EXPECT_EQ(to_hex(hash_of(example())),
            "4cd0755358794df8aaea85c1a870c902850a8666fc0fa783545ad98be6b07764");
}

TEST(Entry, HashDependsOnEveryOtherField) {
  const digest original = hash_of(example());
  const auto changed = [&](auto change) {
    entry e = example();
    change(e);
    return hash_of(e) != original;
  };
  EXPECT_TRUE(changed([](entry& e) { ++e.index; }));
  EXPECT_TRUE(changed([](entry& e) { ++e.writer.value; }));
  EXPECT_TRUE(changed([](entry& e) { ++e.at.nanoseconds; }));
  EXPECT_TRUE(changed([](entry& e) { e.previous[31] ^= 1; }));
  EXPECT_TRUE(changed([](entry& e) { e.payload += '\0'; }));
}

TEST(Entry, HashDoesNotDependOnItself) {
  entry e = example();
  e.hash = sha256({"anything"});
  EXPECT_EQ(hash_of(e), hash_of(example()));
}

} // namespace
} // namespace ducat
