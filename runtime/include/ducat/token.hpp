/// Signed tokens: who calls, for a quarter of an hour at most. They are JSON Web Tokens (RFC 7519)
/// with one algorithm only, EdDSA over Ed25519 (RFC 8037): the key says what is verified, and not
/// the token.
#pragma once

#include <ducat/certificates.hpp>
#include <ducat/error.hpp>
#include <ducat/identity.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;

namespace ducat::security {

constexpr std::chrono::seconds token_validity_max{900};
constexpr std::chrono::seconds token_clock_skew_max{30}; ///< Of whoever issues, ahead of us.
constexpr std::size_t token_length_max = 2'048;
constexpr std::size_t token_keys_max = 16;

/// What a token says.
struct token_claims {
  identity who{};          ///< Claims aud (the cluster), role and sub (the name).
  calendar_time issued{};  ///< iat
  calendar_time expires{}; ///< exp: from then on it is not valid.
};

/// Public keys of those who issue tokens, by their ids: more than one while keys are replaced.
/// Copies share the keys. Thread-safety: as a const std::map.
class token_keys {
public:
  /// Returns the keys in `directory`: each file ID.pub holds one, Ed25519 in PEM; other files are
  /// nobody's. Errors: not_found (no directory), invalid_argument (a file is no such key, an id is
  /// no name, or there are more than token_keys_max), io.
  static result<token_keys> load(const std::filesystem::path& directory);

  /// Returns what `token` says, if one of the keys has signed it, it is for `cluster`, and it is
  /// valid at `now`. Errors: invalid_argument (no token, or of another form), not_permitted (an
  /// unknown key, a wrong signature, another cluster, expired, not valid yet or for too long).
  result<token_claims> verify(std::string_view token, std::string_view cluster,
                              calendar_time now) const;

  std::size_t size() const noexcept { return keys_.size(); }

  /// Returns their ids, in order.
  std::vector<std::string> ids() const;

private:
  std::map<std::string, std::shared_ptr<evp_pkey_st>, std::less<>> keys_;
};

/// Makes a key that signs tokens: ID.key and ID.pub in `directory`, which is made if it is missing.
/// Errors: invalid_argument (id), not_permitted (one of the files is there), io.
result<void> make_token_key(const std::filesystem::path& directory, const std::string& id);

/// Returns a token that says `claims`, signed by the key in `file`, which is ID.key. Errors: as
/// check_key_file(); invalid_argument (no such key, no name, or valid for no time or too long).
result<std::string> sign_token(const std::filesystem::path& file, const token_claims& claims);

} // namespace ducat::security
