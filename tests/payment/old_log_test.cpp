/// A log of before payments had metadata means today what it meant then.

#include <ducat/digest.hpp>
#include <ducat/payment/machine.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ducat::payment {
namespace {

/// The commands of a log, as they were written then: world and shop are opened; k1 pays all, and a
/// part is given back under r1.
constexpr std::string_view old_log[] = {
    "0a0e0a05776f726c6412034555521801",
    "0a0b0a0473686f701203455552",
    "12210a026b311205776f726c641a0473686f7020c4132a034555523a066120626f6f6b",
    "1a260a247061795f6239633636646436326239646361323838306332343761663663393562383336",
    "22260a247061795f6239633636646436326239646361323838306332343761663663393562383336",
    "322d0a247061795f62396336366464363262396463613238383063323437616636633935623833361202723118bc0"
    "5",
};

constexpr std::string_view old_digest =
    "2ed4082d31437f519f81d4ba91c43d11060cdca6d55ab5735aa206440d58f6c7";

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string{digits.substr(at, 2)}, nullptr, 16)));
  return bytes;
}

// The digest covers every fingerprint and every answer to a known key.
TEST(OldPaymentLog, LeadsToTheSameStateAsThen) {
  machine replayed;
  std::uint64_t index = 0;
  for (const std::string_view command : old_log) {
    ++index;
    replayed.apply({index, {index * 1'000}}, from_hex(command));
  }
  EXPECT_EQ(to_hex(replayed.state_digest()), old_digest);
}

} // namespace
} // namespace ducat::payment
