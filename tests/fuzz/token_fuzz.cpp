/// Tokens of whoever calls: as they come, and such that are well signed, whose claims are read.

#include "fuzz/input.hpp"

#include <ducat/token.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

using namespace ducat;

constexpr security::calendar_time now{std::chrono::seconds{1'900'000'000}};

/// Another hand's base64url.
std::string encoded(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  text.resize(text.find_last_not_of(std::string_view{"=\0", 2}) + 1);
  for (char& each : text)
    each = each == '+' ? '-' : each == '/' ? '_' : each;
  return text;
}

/// A key that is made for this run.
class issuer {
public:
  issuer() {
    std::string place = std::filesystem::temp_directory_path() / "token_fuzz.XXXXXX";
    DUCAT_CHECK(::mkdtemp(place.data()) != nullptr);
    DUCAT_CHECK(security::make_token_key(place, "k1"));
    keys_ = security::token_keys::load(place).value();
    std::FILE* const file = std::fopen((place + "/k1.key").c_str(), "r");
    key_ = PEM_read_PrivateKey(file, nullptr, nullptr, nullptr);
    std::fclose(file);
    std::filesystem::remove_all(place);
  }

  issuer(const issuer&) = delete;
  issuer& operator=(const issuer&) = delete;

  ~issuer() { EVP_PKEY_free(key_); }

  std::string signed_text(std::string_view header, std::string_view payload) const {
    const std::string text = encoded(header) + '.' + encoded(payload);
    std::array<unsigned char, 64> made{};
    std::size_t size = made.size();
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_);
    EVP_DigestSign(context, made.data(), &size, reinterpret_cast<const unsigned char*>(text.data()),
                   text.size());
    EVP_MD_CTX_free(context);
    return text + '.' + encoded({reinterpret_cast<const char*>(made.data()), size});
  }

  const security::token_keys& keys() const noexcept { return keys_; }

private:
  security::token_keys keys_;
  EVP_PKEY* key_ = nullptr;
};

void expect_sound(const result<security::token_claims>& found) {
  if (!found)
    return;
  DUCAT_CHECK(found->who.cluster == "test" && security::is_name(found->who.name));
  DUCAT_CHECK(found->who.kind != security::role::node);
  DUCAT_CHECK(found->issued < found->expires && found->expires > now);
  DUCAT_CHECK(found->expires - found->issued <= security::token_validity_max);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const issuer by;
  fuzz::input in{data, size};
  if (in.choose(2) == 0) {
    DUCAT_CHECK(!by.keys().verify(in.rest(), "test", now)); // Nobody has signed it.
    return 0;
  }
  const std::string_view header = in.part().value_or("");
  expect_sound(by.keys().verify(by.signed_text(header, in.rest()), "test", now));
  expect_sound(
      by.keys().verify(by.signed_text(R"({"alg":"EdDSA","kid":"k1"})", in.rest()), "test", now));
  return 0;
}
