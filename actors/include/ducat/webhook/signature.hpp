/// Signatures after the convention of Standard Webhooks (standardwebhooks.com), version v1. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ducat::webhook {

/// What is signed: the headers webhook-id and webhook-timestamp, and the body.
struct signed_content {
  std::string_view id;
  std::uint64_t timestamp_s = 0; ///< Since the Unix epoch.
  std::string_view body;
};

/// Returns "v1," and the base64 of HMAC-SHA256(secret, id "." timestamp "." body). `secret` is
/// whsec_ and the base64 of the key: see payment::is_webhook_secret(); of anything else the key is
/// empty.
std::string signature_of(const signed_content& what, std::string_view secret);

/// Returns a secret of these bytes, of which there are 24 to 64.
std::string secret_of(std::span<const unsigned char> key);

} // namespace ducat::webhook
