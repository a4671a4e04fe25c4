/// Bytes that nobody meant as a message. DUCAT_FUZZ_ROUNDS makes it as long as wanted.

#include "iso8583/bytes.hpp"
#include "iso8583/random_message.hpp"
#include "routing/seed.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/display.hpp>
#include <ducat/iso8583/framer.hpp>

#include <gtest/gtest.h>

namespace ducat::iso8583 {

namespace {

using test::randomness;
using test::up_to;

std::uint64_t rounds() {
  const char* const given = std::getenv("DUCAT_FUZZ_ROUNDS");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 20'000;
}

/// Changes, inserts, removes or repeats some bytes, or puts a digit where one may matter.
std::string mutated(randomness& random, std::string bytes) {
  for (std::size_t left = 1 + up_to(random, 3); left > 0 && !bytes.empty(); --left) {
    const std::size_t at = up_to(random, bytes.size() - 1);
    switch (up_to(random, 6)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << up_to(random, 7)));
      break;
    case 1:
      bytes[at] = static_cast<char>(up_to(random, 255));
      break;
    case 2:
      bytes.insert(at, test::random_bytes(random, 1 + up_to(random, 4)));
      break;
    case 3:
      bytes.erase(at, 1 + up_to(random, 4));
      break;
    case 4:
      bytes.resize(at);
      break;
    case 5:
      bytes[at] = static_cast<char>('0' + up_to(random, 9));
      break;
    default:
      bytes += bytes.substr(at, up_to(random, 20));
    }
  }
  return bytes;
}

/// A copy without room behind it, so that a sanitizer sees each byte that is read too far.
void expect_strict(const dialect& with, std::string_view bytes) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  const auto read = decode(with, {exact.data(), exact.size()});
  if (!read) {
    ASSERT_LE(read.error().offset, bytes.size()) << read.error();
    return;
  }
  const auto again = encode(with, *read);
  ASSERT_TRUE(again) << again.error() << " though it was read: " << test::as_hex(bytes);
  ASSERT_EQ(test::as_hex(*again), test::as_hex(bytes));
  (void)to_display(with, *read);
}

void feed_in_pieces(randomness& random, framer& cutter, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t piece = 1 + up_to(random, bytes.size() - 1);
    cutter.feed(bytes.substr(0, piece));
    bytes.remove_prefix(piece);
    for (auto frame = cutter.next(); frame && *frame; frame = cutter.next())
      ASSERT_LE((*frame)->size(), 500u);
  }
}

dialect some_dialect(randomness& random) {
  const auto& shipped = shipped_dialects();
  const std::size_t choice = up_to(random, shipped.size());
  return choice == shipped.size() ? test::random_dialect(random) : shipped[choice];
}

} // namespace

TEST(Fuzz, WhatIsAcceptedIsWrittenTheSameWay) {
  const auto seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  randomness random{seed};
  for (std::uint64_t done = 0; done < rounds() && !HasFatalFailure();) {
    const dialect with = some_dialect(random);
    for (int k = 0; k < 20 && !HasFatalFailure(); ++k) {
      const auto good = encode(with, test::random_message(random, with)).value();
      for (int m = 0; m < 10; ++m, ++done)
        expect_strict(with, mutated(random, good));
    }
  }
}

TEST(Fuzz, BytesOfNoOriginDoNoHarm) {
  const auto seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  randomness random{seed};
  for (std::uint64_t done = 0; done < rounds() / 4 && !HasFatalFailure(); ++done)
    for (const dialect& with : shipped_dialects())
      expect_strict(with, test::random_bytes(random, up_to(random, 80)));
}

TEST(Fuzz, StreamsOfNoOriginDoNoHarm) {
  const auto seed = test::seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  randomness random{seed};
  for (std::uint64_t done = 0; done < rounds() / 40 && !HasFatalFailure(); ++done) {
    const dialect with = some_dialect(random);
    framer cutter{with, {.payload_bytes_max = 500}};
    std::string stream;
    for (std::size_t left = up_to(random, 4); left > 0; --left)
      stream += encode_frame(with, test::random_message(random, with)).value_or("");
    feed_in_pieces(random, cutter, mutated(random, stream));
  }
}

} // namespace ducat::iso8583
