/// How a certificate is made and signed.
#pragma once

#include "security/pem.hpp"

#include <string>
#include <vector>

namespace ducat::security {

/// An extension as `openssl x509v3_config` writes it.
struct extension {
  int nid;
  const char* value;
};

/// What a certificate is going to say.
struct certificate_plan {
  std::string organization;
  std::string common_name;
  calendar_time not_before;
  calendar_time not_after;
  std::vector<extension> extensions;
  std::string uri{};                ///< Empty for none.
  std::vector<std::string> hosts{}; ///< Invariant: each is_host().
};

/// Returns whether `text` is an address, or a DNS name that every TLS library reads: labels of
/// a-z A-Z 0-9 _ - between dots, 63 at most each, 253 in all.
bool is_host(const std::string& text);

/// Returns a new P-256 key.
key_ptr make_key();

/// Returns the certificate of `key`, signed by `issuer_key`, whose certificate is `issuer`; without
/// one it is signed by itself. Its serial number is random, of 127 bits.
certificate_ptr sign(const certificate_plan& plan, EVP_PKEY& key, EVP_PKEY& issuer_key,
                     const X509* issuer);

} // namespace ducat::security
