#include "log/entry_codec.hpp"

#include <gtest/gtest.h>

namespace ducat {
namespace {

entry example() {
  entry e{.index = 7,
          .writer = {3},
          .at = {1'700'000'000'000'000'000},
          .previous = sha256({"sixth"}),
          .hash = {},
          .payload = "pay alice 25 EUR"};
  e.hash = hash_of(e);
  return e;
}

/// Gives `bytes` the checksum of its content, as somebody who alters it on purpose would.
std::string resealed(std::string bytes) {
  bytes.resize(bytes.size() - sizeof(std::uint64_t));
  const std::uint64_t sum = checksum(bytes);
  bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum);
  return bytes;
}

/// Returns why `bytes` are not the entry `index`; nothing if they are.
std::optional<entry_damage> damage_of(std::uint64_t index, const std::string& bytes) {
  const auto decoded = decode_entry(index, bytes);
  return decoded ? std::nullopt : std::optional{decoded.error()};
}

TEST(EntryCodec, ReturnsWhatWasEncoded) {
  const auto decoded = decode_entry(7, encode_entry(example()));
  ASSERT_TRUE(decoded) << decoded.error();
  EXPECT_EQ(decoded->index, example().index);
  EXPECT_EQ(decoded->writer.value, example().writer.value);
  EXPECT_EQ(decoded->at.nanoseconds, example().at.nanoseconds);
  EXPECT_EQ(decoded->previous, example().previous);
  EXPECT_EQ(decoded->hash, example().hash);
  EXPECT_EQ(decoded->payload, example().payload);
}

TEST(EntryCodec, EncodesAnEmptyPayload) {
  entry e = example();
  e.payload.clear();
  e.hash = hash_of(e);
  const auto decoded = decode_entry(7, encode_entry(e));
  ASSERT_TRUE(decoded) << decoded.error();
  EXPECT_EQ(decoded->payload, "");
}

TEST(EntryCodec, DetectsEverySingleFlippedBit) {
  const std::string bytes = encode_entry(example());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_TRUE(damage_of(7, damaged)) << "bit " << bit;
  }
}

TEST(EntryCodec, DetectsTruncationAtEveryLength) {
  const std::string bytes = encode_entry(example());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(damage_of(7, bytes.substr(0, size)), entry_damage::truncated) << "size " << size;
}

TEST(EntryCodec, DetectsTrailingBytes) {
  EXPECT_EQ(damage_of(7, encode_entry(example()) + '\0'), entry_damage::trailing_bytes);
}

TEST(EntryCodec, DetectsTheEntryOfAnotherIndex) {
  EXPECT_EQ(damage_of(8, encode_entry(example())), entry_damage::index);
}

TEST(EntryCodec, DetectsAnAlteredPayloadUnderARightChecksum) {
  std::string bytes = encode_entry(example());
  bytes[bytes.find("25 EUR")] = '9';
  EXPECT_EQ(damage_of(7, bytes), entry_damage::checksum);
  EXPECT_EQ(damage_of(7, resealed(bytes)), entry_damage::hash);
}

TEST(EntryCodec, TellsANewerFormatFromADamagedVersionField) {
  std::string bytes = encode_entry(example());
  bytes[0] = 2;
  EXPECT_EQ(damage_of(7, bytes), entry_damage::checksum);
  EXPECT_EQ(damage_of(7, resealed(bytes)), entry_damage::other_format);
}

// The stored layout, byte for byte: changing it needs a new format version.
TEST(EntryCodec, KeepsItsLayout) {
  const std::string bytes = encode_entry(example());
  EXPECT_EQ(bytes.substr(0, 16), std::string("\1\0\0\0\x10\0\0\0\7\0\0\0\0\0\0\0", 16));
  EXPECT_EQ(bytes.substr(16, 8), std::string("\3\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(bytes.substr(32, 32), bytes_of(example().previous));
  EXPECT_EQ(bytes.substr(64, 16), example().payload);
  EXPECT_EQ(bytes.substr(80, 32), bytes_of(example().hash));
  EXPECT_EQ(bytes.size(), 120u);
}

} // namespace
} // namespace ducat
