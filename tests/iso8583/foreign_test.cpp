/// A codec that others wrote: the npm package iso_8583 2.6.7, in both directions. It is lenient, so
/// it says nothing about what is to be refused.

#include "iso8583/bytes.hpp"
#include "iso8583/foreign/installed_peer.hpp"
#include "iso8583/random_message.hpp"
#include "routing/seed.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/mti.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace ducat::iso8583 {

namespace {

using nlohmann::json;
using test::installed_peer;

const dialect& npm() {
  return *find_dialect("npm-iso8583");
}

/// What the package can hold, too: no empty values, no @, # and \, and field 127 only with its
/// parts.
message for_the_peer(message what) {
  what.erase(127);
  const auto fields = what.fields();
  for (auto [field, held] : fields) {
    if (held.data.empty())
      what.erase(field);
    else if (!held.is_bytes) {
      std::ranges::replace_if(
          held.data, [](char c) { return c == '@' || c == '#' || c == '\\'; }, '-');
      what.set(field, held.data);
    }
  }
  return what;
}

std::vector<message> random_messages(std::uint64_t seed) {
  test::randomness random{seed};
  std::vector<message> all;
  for (int i = 0; i < 300; ++i)
    all.push_back(for_the_peer(test::random_message(random, npm())));
  return all;
}

json json_of(const message& what) {
  json fields = {{"0", what.mti()}};
  for (const auto& [field, held] : what.fields())
    fields[std::to_string(field)] = held.is_bytes ? test::as_hex(held.data) : held.data;
  return fields;
}

template <class Function>
std::vector<std::string> lines_of(const std::vector<message>& all, Function line_of) {
  std::vector<std::string> lines;
  for (const message& what : all)
    lines.push_back(line_of(what));
  return lines;
}

class Foreign : public ::testing::Test {
protected:
  void SetUp() override {
    const auto peer = installed_peer::get();
    if (!peer)
      GTEST_SKIP() << peer.error();
    peer_ = *peer;
  }

  std::optional<installed_peer> peer_;
};

} // namespace

TEST_F(Foreign, FramesAreTheBytesThatAreWrittenHere) {
  const auto seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  const auto all = random_messages(seed);
  const auto frames =
      peer_->run("encode", lines_of(all, [](const message& what) { return json_of(what).dump(); }));
  ASSERT_EQ(frames.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(frames[i], test::as_hex(encode_frame(npm(), all[i]).value())) << json_of(all[i]);
    EXPECT_EQ(decode_frame(npm(), test::from_hex(frames[i])), all[i]);
  }
}

TEST_F(Foreign, CodecReadsWhatIsWrittenHere) {
  const auto seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  const auto all = random_messages(seed);
  const auto read = peer_->run("decode", lines_of(all, [](const message& what) {
                                 return test::as_hex(encode_frame(npm(), what).value());
                               }));
  ASSERT_EQ(read.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(json::parse(read[i], nullptr, false), json_of(all[i])) << read[i];
}

// ascii87 differs only where a message has no field from 65 on: there the bitmap has 64 bits.
TEST_F(Foreign, CodecReadsTheDialectAscii87) {
  message what{"0100"};
  what.set(2, "4111111111111111");
  what.set(4, "000000001000");
  what.set(41, "TERM0001");
  const std::string frame = encode_frame(*find_dialect("ascii87"), what).value();
  const auto read = peer_->run("decode", {test::as_hex(frame)});
  EXPECT_EQ(json::parse(read.at(0), nullptr, false), json_of(what));
}

// The message in field 127 is bytes here, and comes back as it was.
TEST_F(Foreign, PartsOfField127AreKeptAsBytes) {
  const json parts = {
      {"0", "0200"}, {"4", "000000001000"}, {"127.2", "0000387020"}, {"127.12", "Terminal"}};
  const auto frames = peer_->run("encode", {parts.dump()});
  const auto read = decode_frame(npm(), test::from_hex(frames.at(0)));
  ASSERT_TRUE(read) << read.error() << " in " << frames.at(0);
  EXPECT_TRUE(read->has(127));
  EXPECT_EQ(test::as_hex(encode_frame(npm(), *read).value()), frames.at(0));
}

} // namespace ducat::iso8583
