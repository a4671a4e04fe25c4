/// Signatures, and addresses that a webhook may not go to.

#include "webhook/address.hpp"

#include <ducat/payment/webhook_url.hpp>
#include <ducat/webhook/signature.hpp>

#include <gtest/gtest.h>

namespace ducat::webhook {
namespace {

// The test vector of the convention's own libraries.
TEST(WebhookSignature, IsThatOfStandardWebhooks) {
  EXPECT_EQ(signature_of({.id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                          .timestamp_s = 1'614'265'330,
                          .body = R"({"test": 2432232314})"},
                         "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, ASecretIsMadeOfItsBytes) {
  const unsigned char key[24] = {1, 2, 3};
  const std::string secret = secret_of(key);
  EXPECT_EQ(secret, "whsec_AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  EXPECT_TRUE(payment::is_webhook_secret(secret));
  const unsigned char longer[32] = {};
  EXPECT_TRUE(payment::is_webhook_secret(secret_of(longer)));
}

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

TEST(WebhookAddress, IsAPublicOne) {
  EXPECT_TRUE(is_public(ip(8, 8, 8, 8)));
  EXPECT_TRUE(is_public(ip(172, 15, 0, 1)));
  EXPECT_TRUE(is_public(ip(172, 32, 0, 1)));
  EXPECT_TRUE(is_public(ip(100, 63, 0, 1)));
  for (const std::uint32_t each :
       {ip(127, 0, 0, 1), ip(127, 255, 0, 1), ip(10, 1, 2, 3), ip(172, 16, 0, 1),
        ip(172, 31, 255, 255), ip(192, 168, 0, 1), ip(169, 254, 169, 254), ip(0, 0, 0, 0),
        ip(100, 64, 0, 1), ip(224, 0, 0, 1), ip(255, 255, 255, 255), ip(198, 19, 0, 1)})
    EXPECT_FALSE(is_public(each)) << std::hex << each;
}

TEST(WebhookAddress, OfIpv6IsJudgedByWhatItStandsFor) {
  using bytes = std::array<unsigned char, 16>;
  EXPECT_TRUE(is_public(bytes{0x2a, 0, 0x14, 0x50}));
  EXPECT_TRUE(is_public(bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 8, 8, 8, 8}));
  for (const bytes& each : {bytes{}, bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                            bytes{0xFE, 0x80}, bytes{0xFC}, bytes{0xFD, 1}, bytes{0xFF, 2},
                            bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1},
                            bytes{0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1},
                            bytes{0x20, 0x02, 192, 168, 0, 1}, bytes{0x20, 0x01, 0x0D, 0xB8}})
    EXPECT_FALSE(is_public(each));
}

} // namespace
} // namespace ducat::webhook
