#include "security/pem.hpp"

#include <ducat/check.hpp>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace ducat::security {

namespace {

using store_ptr = std::unique_ptr<X509_STORE, freed_by<X509_STORE_free>>;
using verification_ptr = std::unique_ptr<X509_STORE_CTX, freed_by<X509_STORE_CTX_free>>;

store_ptr store_of(const std::vector<certificate_ptr>& authorities) {
  store_ptr store{X509_STORE_new()};
  DUCAT_CHECK(store != nullptr);
  for (const certificate_ptr& each : authorities)
    DUCAT_CHECK(X509_STORE_add_cert(store.get(), each.get()) == 1);
  return store;
}

/// Returns why OpenSSL took the certificate for no good one.
error reason(X509_STORE_CTX& verification, const credentials& files) {
  const int code = X509_STORE_CTX_get_error(&verification);
  const bool is_of_ca = X509_STORE_CTX_get_error_depth(&verification) > 0;
  const std::string which =
      is_of_ca ? "the CA in " + files.ca.string() : "the certificate " + files.certificate.string();
  const auto* const current = X509_STORE_CTX_get_current_cert(&verification);
  switch (code) {
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return {errc::not_permitted,
            which + " expired at " + utc(info_of(*current).not_after) + "; issue a new one"};
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return {errc::not_permitted, which + " is not valid before " +
                                     utc(info_of(*current).not_before) +
                                     "; is the clock of this machine right?"};
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    return {errc::not_permitted, "the certificate " + files.certificate.string() +
                                     " was signed by another CA than that in " + files.ca.string()};
  default:
    return {errc::not_permitted, which + " cannot be used: " + X509_verify_cert_error_string(code)};
  }
}

result<void> verify(X509& certificate, const std::vector<certificate_ptr>& authorities,
                    const credentials& files, calendar_time now) {
  const store_ptr store = store_of(authorities);
  const verification_ptr verification{X509_STORE_CTX_new()};
  DUCAT_CHECK(verification != nullptr);
  DUCAT_CHECK(X509_STORE_CTX_init(verification.get(), store.get(), &certificate, nullptr) == 1);
  X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(verification.get()),
                             now.time_since_epoch().count());
  const bool is_good = X509_verify_cert(verification.get()) == 1;
  ERR_clear_error();
  return is_good ? result<void>{} : tl::unexpected(reason(*verification, files));
}

} // namespace

result<certificate_info> check_credentials(const credentials& files, calendar_time now) {
  const auto key = load_key(files.key);
  if (!key)
    return tl::unexpected(key.error());
  const auto certificates = load_certificates(files.certificate);
  if (!certificates)
    return tl::unexpected(certificates.error());
  const auto authorities = load_certificates(files.ca);
  if (!authorities)
    return tl::unexpected(authorities.error());
  X509& own = *certificates->front();
  const bool is_pair = X509_check_private_key(&own, key->get()) == 1;
  ERR_clear_error();
  if (!is_pair)
    return fail(errc::not_permitted, "the key " + files.key.string() +
                                         " belongs to another certificate than " +
                                         files.certificate.string());
  if (auto good = verify(own, *authorities, files, now); !good)
    return tl::unexpected(good.error());
  auto info = info_of(own);
  if (!info.who)
    return fail(errc::not_permitted, "the certificate " + files.certificate.string() +
                                         " names neither a node nor a client of a cluster");
  return info;
}

} // namespace ducat::security
