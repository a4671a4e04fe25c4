#include "security/certificate_world.hpp"

#include <ducat/token.hpp>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace ducat::security {
namespace {

using namespace std::chrono_literals;
using ::ducat::testing::code_of;
using ::ducat::testing::message_of;
using ::ducat::testing::mode_of;
using ::ducat::testing::noon;
using ::ducat::testing::write_text;

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Another hand's base64url.
std::string encoded(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  text.resize(text.find_last_not_of('=') + 1);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

class Token : public ::testing::Test {
protected:
  Token() {
    (void)make_token_key(home_.path(), "k1");
    keys_ = token_keys::load(home_.path()).value();
  }

  static token_claims claims() {
    return {.who = {"test", role::merchant, "kiosk"}, .issued = noon, .expires = noon + 15min};
  }

  std::string signed_by(const std::string& id, const token_claims& what = claims()) const {
    return sign_token(home_.path() / (id + ".key"), what).value();
  }

  /// Returns a token with that header and payload, well signed by k1.
  std::string signed_text(const std::string& header, const std::string& payload) const {
    const std::string text = encoded(header) + '.' + encoded(payload);
    std::FILE* const file = std::fopen((home_.path() / "k1.key").c_str(), "r");
    EVP_PKEY* const key = PEM_read_PrivateKey(file, nullptr, nullptr, nullptr);
    std::fclose(file);
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key);
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return text + '.' + encoded(signature);
  }

  nlohmann::json payload() const {
    const auto from = [](calendar_time time) { return time.time_since_epoch().count(); };
    return {{"aud", "test"},
            {"sub", "kiosk"},
            {"role", "merchant"},
            {"iat", from(noon)},
            {"exp", from(noon + 15min)}};
  }

  static nlohmann::json header() { return {{"alg", "EdDSA"}, {"kid", "k1"}}; }

  std::string made(const nlohmann::json& head, const nlohmann::json& body) const {
    return signed_text(head.dump(), body.dump());
  }

  std::optional<errc> refusal(const std::string& token, calendar_time now = noon) const {
    return code_of(keys_.verify(token, "test", now));
  }

  ::ducat::testing::temporary_directory home_;
  token_keys keys_;
};

TEST_F(Token, SaysWhatItsSignerSaid) {
  const auto found = keys_.verify(signed_by("k1"), "test", noon).value();
  EXPECT_EQ(found.who, (identity{"test", role::merchant, "kiosk"}));
  EXPECT_EQ(found.issued, noon);
  EXPECT_EQ(found.expires, noon + 15min);
}

TEST_F(Token, OfAnotherHandIsReadAsOurs) {
  EXPECT_EQ(refusal(made(header(), payload())), std::nullopt);
  auto more = payload();
  more["iss"] = "https://issuer.example";
  more["jti"] = "17";
  auto with_type = header();
  with_type["typ"] = "JWT";
  EXPECT_EQ(refusal(made(with_type, more)), std::nullopt);
}

TEST_F(Token, IsValidUntilItExpires) {
  const std::string token = signed_by("k1");
  EXPECT_EQ(refusal(token, noon + 15min - 1s), std::nullopt);
  EXPECT_EQ(refusal(token, noon + 15min), errc::not_permitted);
  EXPECT_EQ(refusal(token, noon - 30s), std::nullopt) << "clocks differ";
  EXPECT_EQ(refusal(token, noon - 31s), errc::not_permitted);
}

TEST_F(Token, IsValidForAQuarterOfAnHourAtMost) {
  auto body = payload();
  body["exp"] = body["exp"].get<std::int64_t>() + 1;
  EXPECT_EQ(refusal(made(header(), body)), errc::not_permitted);
  body["exp"] = body["iat"];
  EXPECT_EQ(refusal(made(header(), body)), errc::not_permitted);
  token_claims longer = claims();
  longer.expires += 1s;
  EXPECT_EQ(code_of(sign_token(home_.path() / "k1.key", longer)), errc::invalid_argument);
}

TEST_F(Token, IsForOneCluster) {
  EXPECT_EQ(code_of(keys_.verify(signed_by("k1"), "other", noon)), errc::not_permitted);
}

TEST_F(Token, OfWhichAnyCharacterIsChangedIsRefused) {
  const std::string token = signed_by("k1");
  for (std::size_t i = 0; i < token.size(); ++i)
    for (const char other : letters.substr(i % 60, 4)) {
      std::string changed = token;
      if (changed[i] == other)
        continue;
      changed[i] = other;
      EXPECT_NE(refusal(changed), std::nullopt) << i << ' ' << other;
    }
  for (std::size_t length = 0; length < token.size(); ++length)
    EXPECT_NE(refusal(token.substr(0, length)), std::nullopt) << length;
}

/// The last digit of base64 has bits that say nothing: there is one way to write a token.
TEST_F(Token, IsWrittenInOneWay) {
  const std::string token = signed_by("k1");
  for (const char other : letters) {
    std::string changed = token;
    changed.back() = other;
    EXPECT_EQ(refusal(changed) == std::nullopt, other == token.back()) << other;
  }
}

TEST_F(Token, OfAnotherKeyIsRefused) {
  ::ducat::testing::temporary_directory elsewhere;
  (void)make_token_key(elsewhere.path(), "k1");
  EXPECT_EQ(refusal(sign_token(elsewhere.path() / "k1.key", claims()).value()),
            errc::not_permitted);
  (void)make_token_key(home_.path(), "k2");
  EXPECT_EQ(refusal(signed_by("k2")), errc::not_permitted) << "not loaded yet";
  const token_keys both = token_keys::load(home_.path()).value();
  EXPECT_TRUE(both.verify(signed_by("k1"), "test", noon));
  EXPECT_TRUE(both.verify(signed_by("k2"), "test", noon));
}

TEST_F(Token, HasOneAlgorithm) {
  for (const char* other : {"none", "None", "HS256", "RS256", "ES256", "eddsa", "Ed25519", ""}) {
    auto head = header();
    head["alg"] = other;
    EXPECT_EQ(refusal(made(head, payload())), errc::invalid_argument) << other;
  }
  EXPECT_NE(
      refusal(encoded(R"({"alg":"none","kid":"k1"})") + '.' + encoded(payload().dump()) + '.'),
      std::nullopt);
}

TEST_F(Token, HasAHeaderThatSaysNothingElse) {
  const std::pair<const char*, nlohmann::json> extras[] = {
      {"crit", {"exp"}},         {"jku", "https://x.example"},
      {"jwk", {{"kty", "OKP"}}}, {"x5c", {"x"}},
      {"typ", "at+jwt"},         {"b64", false}};
  for (const auto& [name, value] : extras) {
    auto head = header();
    head[name] = value;
    EXPECT_EQ(refusal(made(head, payload())), errc::invalid_argument) << name;
  }
  for (const nlohmann::json& id :
       {nlohmann::json{"../k1"}, nlohmann::json{1}, nlohmann::json{""}, nlohmann::json(nullptr)}) {
    auto head = header();
    head["kid"] = id;
    EXPECT_EQ(refusal(made(head, payload())), errc::invalid_argument) << id;
  }
}

TEST_F(Token, NeedsItsClaims) {
  for (const char* name : {"aud", "sub", "role", "iat", "exp"}) {
    auto body = payload();
    body.erase(name);
    EXPECT_EQ(refusal(made(header(), body)), errc::invalid_argument) << name;
    body[name] = nlohmann::json::array({payload()[name]});
    EXPECT_EQ(refusal(made(header(), body)), errc::invalid_argument) << name;
  }
  const std::pair<const char*, nlohmann::json> wrong[] = {
      {"role", "node"}, {"role", "root"}, {"role", "Merchant"}, {"sub", "a b"}, {"sub", ""},
      {"exp", 1.5},     {"exp", -1},      {"iat", "1"},         {"exp", 1e30},  {"aud", "te/st"}};
  for (const auto& [name, value] : wrong) {
    auto body = payload();
    body[name] = value;
    EXPECT_EQ(refusal(made(header(), body)), errc::invalid_argument) << name << ' ' << value;
  }
}

TEST_F(Token, HasAnObjectInEachPart) {
  for (const char* text :
       {"", "[]", "1", "null", "{", "{}x", "\xff", R"({"a":{"b":{"c":{"d":{"e":1}}}}})"}) {
    EXPECT_NE(refusal(signed_text(text, payload().dump())), std::nullopt) << text;
    EXPECT_NE(refusal(signed_text(header().dump(), text)), std::nullopt) << text;
  }
}

TEST_F(Token, HasALimit) {
  auto body = payload();
  const auto padded = [&](std::size_t size) {
    body["x"] = std::string(size, 'x');
    return made(header(), body);
  };
  std::size_t most = 0;
  while (padded(most + 1).size() <= token_length_max)
    ++most;
  EXPECT_EQ(refusal(padded(most)), std::nullopt);
  EXPECT_EQ(refusal(padded(most + 2)), errc::invalid_argument);
}

TEST_F(Token, KeysAreKeptToTheirOwner) {
  EXPECT_EQ(mode_of(home_.path() / "k1.key"), 0600u);
  EXPECT_EQ(mode_of(home_.path() / "k1.pub"), 0644u);
  EXPECT_EQ(code_of(make_token_key(home_.path(), "k1")), errc::not_permitted);
  EXPECT_EQ(code_of(make_token_key(home_.path(), "../k2")), errc::invalid_argument);
  std::filesystem::permissions(home_.path() / "k1.key", std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(code_of(sign_token(home_.path() / "k1.key", claims())), errc::not_permitted);
}

TEST_F(Token, KeysThatAreNoneAreRefused) {
  write_text(home_.path() / "k2.pub",
             "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
  EXPECT_EQ(code_of(token_keys::load(home_.path())), errc::invalid_argument);
  std::filesystem::remove(home_.path() / "k2.pub");
  const ::ducat::testing::cluster_ca ca;
  std::filesystem::copy(ca.file(), home_.path() / "ca.pub");
  EXPECT_EQ(code_of(token_keys::load(home_.path())), errc::invalid_argument);
  std::filesystem::remove(home_.path() / "ca.pub");
  for (int i = 2; i <= 16; ++i)
    std::filesystem::copy(home_.path() / "k1.pub",
                          home_.path() / ("c" + std::to_string(i) + ".pub"));
  EXPECT_EQ(token_keys::load(home_.path()).value().size(), token_keys_max);
  std::filesystem::copy(home_.path() / "k1.pub", home_.path() / "c17.pub");
  EXPECT_EQ(code_of(token_keys::load(home_.path())), errc::invalid_argument);
  EXPECT_EQ(code_of(token_keys::load(home_.path() / "none")), errc::not_found);
}

} // namespace
} // namespace ducat::security
