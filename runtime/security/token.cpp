#include "security/base64url.hpp"
#include "security/files.hpp"
#include "security/pem.hpp"

#include <ducat/token.hpp>

#include <nlohmann/json.hpp>
#include <openssl/pem.h>

#include <array>
#include <optional>
#include <vector>

namespace ducat::security {

namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;
using token_bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using digest_ptr = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;

constexpr std::size_t signature_length = 64;

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

tl::unexpected<error> no_token(const std::string& why) {
  return fail(errc::invalid_argument, "this is no token: " + why);
}

// Form

struct token_parts {
  std::string_view signed_text; ///< What the signature is of.
  std::string header{};
  std::string payload{};
  std::string signature{};
};

result<token_parts> take_apart(std::string_view token) {
  if (token.size() > token_length_max)
    return no_token("it is longer than 2,048 characters");
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  if (first == token.npos || second == token.npos)
    return no_token("it has no three parts");
  auto header = bytes_of_base64url(token.substr(0, first));
  auto payload = bytes_of_base64url(token.substr(first + 1, second - first - 1));
  auto signature = bytes_of_base64url(token.substr(second + 1));
  if (!header || !payload || !signature || signature->size() != signature_length)
    return no_token("a part of it is no base64url, or of the wrong length");
  return token_parts{.signed_text = token.substr(0, second),
                     .header = std::move(*header),
                     .payload = std::move(*payload),
                     .signature = std::move(*signature)};
}

/// Returns the JSON object in `text`, which is no deeper than claims are.
std::optional<json> object_in(const std::string& text) {
  constexpr int depth_max = 4;
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= depth_max; };
  json found = json::parse(text, shallow, false);
  return found.is_object() ? std::optional{std::move(found)} : std::nullopt;
}

std::string text_in(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<calendar_time> time_in(const json& object, const char* name) {
  constexpr std::int64_t latest = 253'402'300'799; // The end of the year 9999.
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer())
    return std::nullopt;
  const auto seconds = found->get<std::int64_t>();
  if (seconds < 0 || seconds > latest)
    return std::nullopt;
  return calendar_time{std::chrono::seconds{seconds}};
}

/// Returns the id of the key. A header that asks for anything else than that key is refused.
result<std::string> key_id_in(const std::string& header) {
  const auto found = object_in(header);
  if (!found || text_in(*found, "alg") != "EdDSA")
    return no_token("its algorithm is not EdDSA");
  for (const auto& [name, value] : found->items())
    if (name != "alg" && name != "kid" && (name != "typ" || value != "JWT"))
      return no_token("its header has more than alg, kid and typ");
  std::string id = text_in(*found, "kid");
  if (!is_name(id))
    return no_token("its key has no id");
  return id;
}

result<token_claims> claims_in(const std::string& payload) {
  const auto found = object_in(payload);
  if (!found)
    return no_token("it claims nothing");
  const auto kind = parse_role(text_in(*found, "role"));
  const auto issued = time_in(*found, "iat");
  const auto expires = time_in(*found, "exp");
  token_claims claims{.who = {.cluster = text_in(*found, "aud"),
                              .kind = kind.value_or(role::node),
                              .name = text_in(*found, "sub")},
                      .issued = issued.value_or(calendar_time{}),
                      .expires = expires.value_or(calendar_time{})};
  if (!kind || claims.who.kind == role::node || !issued || !expires ||
      !is_name(claims.who.cluster) || !is_name(claims.who.name))
    return no_token("it needs aud, sub, role, iat and exp");
  return claims;
}

// Signature

bool is_signed(const token_parts& token, EVP_PKEY& key) {
  const digest_ptr context{EVP_MD_CTX_new()};
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, &key) == 1 &&
         EVP_DigestVerify(context.get(), octets(token.signature), token.signature.size(),
                          octets(token.signed_text), token.signed_text.size()) == 1;
}

std::optional<std::string> signature_of(std::string_view text, EVP_PKEY& key) {
  const digest_ptr context{EVP_MD_CTX_new()};
  std::array<unsigned char, signature_length> made{};
  std::size_t size = made.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, &key) != 1 ||
      EVP_DigestSign(context.get(), made.data(), &size, octets(text), text.size()) != 1)
    return std::nullopt;
  return std::string{reinterpret_cast<const char*>(made.data()), size};
}

result<void> check_times(const token_claims& claims, calendar_time now) {
  if (claims.expires <= claims.issued || claims.expires - claims.issued > token_validity_max)
    return fail(errc::not_permitted, "a token is valid for 15 minutes at most");
  if (claims.issued > now + token_clock_skew_max)
    return fail(errc::not_permitted, "the token is not valid yet");
  if (claims.expires <= now)
    return fail(errc::not_permitted, "the token has expired");
  return {};
}

// Keys

tl::unexpected<error> no_key(const fs::path& file) {
  return fail(errc::invalid_argument, file.string() + " is no Ed25519 key in PEM");
}

result<std::shared_ptr<EVP_PKEY>> load_public_key(const fs::path& file) {
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  const token_bio_ptr in{BIO_new_mem_buf(text->data(), static_cast<int>(text->size()))};
  std::shared_ptr<EVP_PKEY> key{PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr),
                                EVP_PKEY_free};
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
    return no_key(file);
  return key;
}

std::string public_pem_of(EVP_PKEY& key) {
  const token_bio_ptr out{BIO_new(BIO_s_mem())};
  PEM_write_bio_PUBKEY(out.get(), &key);
  const char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

} // namespace

std::vector<std::string> token_keys::ids() const {
  std::vector<std::string> all;
  for (const auto& [id, key] : keys_)
    all.push_back(id);
  return all;
}

result<token_keys> token_keys::load(const fs::path& directory) {
  std::error_code failure;
  fs::directory_iterator files{directory, failure};
  if (failure)
    return failure == std::errc::no_such_file_or_directory
               ? fail(errc::not_found, "there is no directory " + directory.string())
               : fail(errc::io,
                      "cannot look into " + directory.string() + ": " + failure.message());
  token_keys keys;
  for (const fs::directory_iterator end; files != end; files.increment(failure)) {
    const fs::path& file = files->path();
    if (file.extension() != ".pub")
      continue;
    if (!is_name(file.stem().string()) || keys.size() == token_keys_max)
      return fail(errc::invalid_argument, "there are more than 16 keys in " + directory.string() +
                                              ", or the id of one is no name");
    auto key = load_public_key(file);
    if (!key)
      return tl::unexpected(key.error());
    keys.keys_.emplace(file.stem().string(), std::move(*key));
  }
  if (failure)
    return fail(errc::io, "cannot look into " + directory.string() + ": " + failure.message());
  return keys;
}

result<token_claims> token_keys::verify(std::string_view token, std::string_view cluster,
                                        calendar_time now) const {
  const auto parts = take_apart(token);
  if (!parts)
    return tl::unexpected(parts.error());
  const auto id = key_id_in(parts->header);
  if (!id)
    return tl::unexpected(id.error());
  const auto key = keys_.find(*id);
  if (key == keys_.end())
    return fail(errc::not_permitted, "nobody here knows the key that has signed the token");
  if (!is_signed(*parts, *key->second))
    return fail(errc::not_permitted, "the token's signature is wrong");
  auto claims = claims_in(parts->payload);
  if (!claims)
    return claims;
  if (claims->who.cluster != cluster)
    return fail(errc::not_permitted, "the token is for another cluster");
  if (const auto good = check_times(*claims, now); !good)
    return tl::unexpected(good.error());
  return claims;
}

result<void> make_token_key(const fs::path& directory, const std::string& id) {
  if (!is_name(id))
    return fail(errc::invalid_argument, "a key's id is 1 to 64 of a-z A-Z 0-9 . _ -");
  if (auto made = make_directory(directory); !made)
    return made;
  const key_ptr key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  const std::array files = {
      new_file{.path = directory / (id + ".key"), .text = pem_of(*key), .mode = 0600},
      new_file{.path = directory / (id + ".pub"), .text = public_pem_of(*key), .mode = 0644}};
  return write_files(directory, files, if_there::refuse);
}

result<std::string> sign_token(const fs::path& file, const token_claims& claims) {
  const auto key = load_key(file);
  if (!key)
    return tl::unexpected(key.error());
  if (EVP_PKEY_get_id(key->get()) != EVP_PKEY_ED25519)
    return no_key(file);
  const std::string id = file.stem().string();
  if (!is_name(id) || !is_name(claims.who.cluster) || !is_name(claims.who.name) ||
      claims.who.kind == role::node)
    return fail(errc::invalid_argument,
                "a key, a cluster and whoever calls have names of 1 to 64 of a-z A-Z 0-9 . _ -");
  if (const auto good = check_times(claims, claims.issued); !good)
    return fail(errc::invalid_argument, good.error().message);
  const json header = {{"alg", "EdDSA"}, {"kid", id}, {"typ", "JWT"}};
  const json payload = {{"aud", claims.who.cluster},
                        {"exp", claims.expires.time_since_epoch().count()},
                        {"iat", claims.issued.time_since_epoch().count()},
                        {"role", std::string{to_string(claims.who.kind)}},
                        {"sub", claims.who.name}};
  const std::string text = base64url_of(header.dump()) + '.' + base64url_of(payload.dump());
  const auto made = signature_of(text, **key);
  if (!made)
    return fail(errc::io, "OpenSSL cannot sign by " + file.string());
  return text + '.' + base64url_of(*made);
}

} // namespace ducat::security
