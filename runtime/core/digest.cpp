#include <ducat/check.hpp>
#include <ducat/digest.hpp>

#include <openssl/sha.h>
#include <xxhash.h>

namespace ducat {

// OpenSSL calls these functions deprecated, and EVP what takes their place. Nearly all that is
// hashed here is short, and for that EVP takes twice the time: it makes and frees a context each
// time.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

digest sha256(std::initializer_list<std::string_view> parts) {
  SHA256_CTX context{};
  DUCAT_CHECK(SHA256_Init(&context) == 1);
  for (const std::string_view part : parts)
    DUCAT_CHECK(SHA256_Update(&context, part.data(), part.size()) == 1);
  digest value{};
  DUCAT_CHECK(SHA256_Final(value.data(), &context) == 1);
  return value;
}

#pragma GCC diagnostic pop

std::string to_hex(const digest& value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(2 * value.size(), '0');
  char* to = text.data();
  for (const std::uint8_t byte : value) {
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 0xf];
  }
  return text;
}

std::uint64_t checksum(std::string_view bytes) noexcept {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::string_view bytes_of(const digest& value) noexcept {
  return {reinterpret_cast<const char*>(value.data()), value.size()};
}

} // namespace ducat
