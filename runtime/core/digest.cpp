#include <ducat/check.hpp>
#include <ducat/digest.hpp>

#include <openssl/evp.h>
#include <xxhash.h>

#include <memory>

namespace ducat {

namespace {

struct context_deleter {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

/// Returns this thread's context: making one for each digest would cost more than the digest.
EVP_MD_CTX* reused_context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, context_deleter> context{EVP_MD_CTX_new()};
  DUCAT_CHECK(context != nullptr);
  return context.get();
}

/// Returns the algorithm, looked up once; owned by the process until it ends.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  DUCAT_CHECK(algorithm != nullptr);
  return algorithm;
}

} // namespace

digest sha256(std::initializer_list<std::string_view> parts) {
  EVP_MD_CTX* const context = reused_context();
  DUCAT_CHECK(EVP_DigestInit_ex(context, sha256_algorithm(), nullptr) == 1);
  for (const std::string_view part : parts)
    DUCAT_CHECK(EVP_DigestUpdate(context, part.data(), part.size()) == 1);
  digest value{};
  unsigned int length = 0;
  DUCAT_CHECK(EVP_DigestFinal_ex(context, value.data(), &length) == 1);
  DUCAT_CHECK(length == value.size());
  return value;
}

std::string to_hex(const digest& value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * value.size());
  for (const std::uint8_t byte : value) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 0xf]);
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
