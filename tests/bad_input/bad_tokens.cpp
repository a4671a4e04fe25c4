#include "bad_input/bad_tokens.hpp"

#include "api/authority.hpp"
#include "security/base64url.hpp"

#include <ducat/token.hpp>

namespace ducat::bad_input {

namespace {

using namespace std::chrono_literals;
using security::base64url_of;
using security::token_claims;

token_claims kiosk(const std::string& cluster = "test",
                   security::calendar_time issued = api::test::today()) {
  return {.who = {cluster, security::role::merchant, "kiosk"},
          .issued = issued,
          .expires = issued + 10min};
}

/// The three parts of a token, and what others make of them.
struct parts {
  explicit parts(const std::string& token)
      : header{token.substr(0, token.find('.'))},
        payload{token.substr(header.size() + 1, token.rfind('.') - header.size() - 1)},
        signature{token.substr(token.rfind('.') + 1)} {}

  std::string with_header(const std::string& json) const {
    return base64url_of(json) + '.' + payload + '.' + signature;
  }

  std::string with_payload(const std::string& json) const {
    return header + '.' + base64url_of(json) + '.' + signature;
  }

  std::string header, payload, signature;
};

std::string flipped(std::string token, std::size_t at) {
  token[at] = token[at] == 'A' ? 'B' : 'A';
  return token;
}

} // namespace

std::string good_token(const std::filesystem::path& key) {
  return security::sign_token(key, kiosk()).value();
}

std::vector<bad_token> bad_tokens(const std::filesystem::path& key,
                                  const std::filesystem::path& strangers_key) {
  const std::string good = good_token(key);
  const parts in{good};
  const std::string later =
      security::sign_token(key, kiosk("test", api::test::today() + 60s)).value();
  const auto old = kiosk("test", api::test::today() - 1h);
  std::vector<bad_token> all{
      {"no token", "Bearer"},
      {"another scheme", "Basic a2lvc2s6a2lvc2s="},
      {"no scheme", good},
      {"two tokens", "Bearer " + good + ", Bearer " + good},
      {"text behind it", "Bearer " + good + " x"},
      {"one part", "Bearer " + in.payload},
      {"two parts", "Bearer " + in.header + '.' + in.payload},
      {"four parts", "Bearer " + good + '.' + in.signature},
      {"only dots", "Bearer " + std::string(1'000, '.')},
      {"no base64url", "Bearer " + in.header + '.' + in.payload + ".+/=" + in.signature},
      {"padding", "Bearer " + good + "=="},
      {"a signature cut short", "Bearer " + good.substr(0, good.size() - 2)},
      {"no signature", "Bearer " + in.header + '.' + in.payload + '.'},
      {"another signature", "Bearer " + flipped(good, good.size() - 10)},
      {"another payload", "Bearer " + flipped(good, in.header.size() + 10)},
      {"the signature of another token",
       "Bearer " + in.header + '.' + in.payload + '.' + parts{later}.signature},
      {"alg none", "Bearer " + in.with_header(R"({"alg":"none"})")},
      {"alg none and no signature",
       "Bearer " + base64url_of(R"({"alg":"none"})") + '.' + in.payload + '.'},
      {"alg HS256", "Bearer " + in.with_header(R"({"alg":"HS256","kid":"k1"})")},
      {"a key in the header", "Bearer " + in.with_header(R"({"alg":"EdDSA","kid":"k1","jwk":{}})")},
      {"an unknown key", "Bearer " + in.with_header(R"({"alg":"EdDSA","kid":"k2"})")},
      {"a key that is a path", "Bearer " + in.with_header(R"({"alg":"EdDSA","kid":"../../k1"})")},
      {"a header that is no object", "Bearer " + in.with_header("[]")},
      {"a payload that is no object", "Bearer " + in.with_payload("1")},
      {"a payload that is no JSON", "Bearer " + in.with_payload("{\"aud\":")},
      {"a deep payload", "Bearer " + in.with_payload(repeated("[", 1'000))},
      {"an admin's payload",
       "Bearer " + in.with_payload(R"({"aud":"test","sub":"root","role":"admin"})")},
      {"of 2,049 letters", "Bearer " + std::string(2'049, 'A')},
      {"of 7,000 letters", "Bearer " + std::string(7'000, 'A')},
      {"expired", "Bearer " + security::sign_token(key, old).value()},
      {"of tomorrow",
       "Bearer " + security::sign_token(key, kiosk("test", api::test::today() + 24h)).value()},
      {"for another cluster", "Bearer " + security::sign_token(key, kiosk("toys")).value()},
      {"of a stranger", "Bearer " + security::sign_token(strangers_key, kiosk()).value()},
  };
  return all;
}

} // namespace ducat::bad_input
