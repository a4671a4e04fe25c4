/// Certificates and keys as OpenSSL has them, and as PEM. Only .cpp files of this folder include
/// this.
#pragma once

#include <ducat/certificates.hpp>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <memory>

namespace ducat::security {

/// Lets a std::unique_ptr free what OpenSSL made.
template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using general_names_ptr = std::unique_ptr<GENERAL_NAMES, freed_by<GENERAL_NAMES_free>>;

/// Returns the certificates in `file`: one or more. Errors: not_found, invalid_argument (none, or a
/// damaged one), io.
result<std::vector<certificate_ptr>> load_certificates(const std::filesystem::path& file);

/// Returns the first certificate in `text`. Errors: invalid_argument.
result<certificate_ptr> parse_certificate(const std::string& text);

/// Returns the private key in `file`, if nobody else can read it. Errors: as check_key_file(), and
/// invalid_argument (none, a damaged one, or one under a passphrase).
result<key_ptr> load_key(const std::filesystem::path& file);

std::string pem_of(X509& certificate);
std::string pem_of(EVP_PKEY& key);

/// Returns what `certificate` says.
certificate_info info_of(const X509& certificate);

} // namespace ducat::security
