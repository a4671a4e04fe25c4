#include <ducat/webhook/signature.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <vector>

namespace ducat::webhook {

namespace {

constexpr std::string_view prefix = "whsec_";

std::string base64(std::span<const unsigned char> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // With room for a NUL.
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::vector<unsigned char> key_in(std::string_view secret) {
  if (!secret.starts_with(prefix))
    return {};
  secret.remove_prefix(prefix.size());
  const std::size_t padding = secret.ends_with("==") ? 2 : secret.ends_with("=") ? 1 : 0;
  std::vector<unsigned char> key(secret.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(key.data(), reinterpret_cast<const unsigned char*>(secret.data()),
                      static_cast<int>(secret.size()));
  if (size < 0)
    return {};
  key.resize(static_cast<std::size_t>(size) - padding);
  return key;
}

} // namespace

std::string signature_of(const signed_content& what, std::string_view secret) {
  std::string content{what.id};
  content.append(".").append(std::to_string(what.timestamp_s)).append(".").append(what.body);
  const std::vector<unsigned char> key = key_in(secret);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(content.data()), content.size(), mac.data(), &size);
  return "v1," + base64({mac.data(), size});
}

std::string secret_of(std::span<const unsigned char> key) {
  return std::string{prefix} + base64(key);
}

} // namespace ducat::webhook
