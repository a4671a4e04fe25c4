#include "security/sign.hpp"

#include <ducat/check.hpp>

#include <arpa/inet.h>
#include <openssl/ec.h>

#include <array>

namespace ducat::security {

namespace {

constexpr int serial_bits = 127;
constexpr long version_3 = 2;

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

bool is_dns_name(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (text.size() > 253 || text.find_first_not_of(allowed) != std::string_view::npos)
    return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::size_t label_size = dot == std::string_view::npos ? text.size() : dot;
    if (label_size == 0 || label_size > 63)
      return false;
    if (dot == std::string_view::npos)
      return true;
    text.remove_prefix(dot + 1);
  }
}

void set_serial(X509& certificate) {
  const std::unique_ptr<BIGNUM, freed_by<BN_free>> number{BN_new()};
  DUCAT_CHECK(number != nullptr);
  DUCAT_CHECK(BN_rand(number.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1);
  DUCAT_CHECK(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) != nullptr);
}

void add_to_subject(X509& certificate, int field, const std::string& text) {
  DUCAT_CHECK(X509_NAME_add_entry_by_NID(X509_get_subject_name(&certificate), field, MBSTRING_UTF8,
                                         reinterpret_cast<const unsigned char*>(text.data()),
                                         static_cast<int>(text.size()), -1, 0) == 1);
}

/// Adds `value` to `names`, which owns it from then on.
void add_name(GENERAL_NAMES& names, int type, ASN1_STRING* value) {
  DUCAT_CHECK(value != nullptr);
  GENERAL_NAME* const name = GENERAL_NAME_new();
  DUCAT_CHECK(name != nullptr);
  GENERAL_NAME_set0_value(name, type, value);
  DUCAT_CHECK(sk_GENERAL_NAME_push(&names, name) > 0);
}

ASN1_STRING* ia5_string(const std::string& text) {
  ASN1_STRING* const value = ASN1_IA5STRING_new();
  DUCAT_CHECK(value != nullptr);
  DUCAT_CHECK(ASN1_STRING_set(value, text.data(), static_cast<int>(text.size())) == 1);
  return value;
}

void add_alternative_names(X509& certificate, const certificate_plan& plan) {
  const general_names_ptr names{GENERAL_NAMES_new()};
  DUCAT_CHECK(names != nullptr);
  if (!plan.uri.empty())
    add_name(*names, GEN_URI, ia5_string(plan.uri));
  for (const std::string& host : plan.hosts) {
    if (is_address(host))
      add_name(*names, GEN_IPADD, a2i_IPADDRESS(host.c_str()));
    else
      add_name(*names, GEN_DNS, ia5_string(host));
  }
  if (sk_GENERAL_NAME_num(names.get()) > 0)
    DUCAT_CHECK(X509_add1_ext_i2d(&certificate, NID_subject_alt_name, names.get(), 0,
                                  X509V3_ADD_DEFAULT) == 1);
}

void add_extension(X509& certificate, const X509& issuer, const extension& what) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, const_cast<X509*>(&issuer), &certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>> made{
      X509V3_EXT_conf_nid(nullptr, &context, what.nid, what.value)};
  DUCAT_CHECK(made != nullptr);
  DUCAT_CHECK(X509_add_ext(&certificate, made.get(), -1) == 1);
}

void set_validity(X509& certificate, const certificate_plan& plan) {
  DUCAT_CHECK(ASN1_TIME_set(X509_getm_notBefore(&certificate),
                            plan.not_before.time_since_epoch().count()) != nullptr);
  DUCAT_CHECK(ASN1_TIME_set(X509_getm_notAfter(&certificate),
                            plan.not_after.time_since_epoch().count()) != nullptr);
}

} // namespace

bool is_host(const std::string& text) {
  return is_address(text) || is_dns_name(text);
}

key_ptr make_key() {
  key_ptr key{EVP_EC_gen("P-256")};
  DUCAT_CHECK(key != nullptr);
  return key;
}

certificate_ptr sign(const certificate_plan& plan, EVP_PKEY& key, EVP_PKEY& issuer_key,
                     const X509* issuer) {
  certificate_ptr made{X509_new()};
  DUCAT_CHECK(made != nullptr);
  const X509* const signer = issuer != nullptr ? issuer : made.get();
  DUCAT_CHECK(X509_set_version(made.get(), version_3) == 1);
  DUCAT_CHECK(X509_set_pubkey(made.get(), &key) == 1);
  set_serial(*made);
  set_validity(*made, plan);
  add_to_subject(*made, NID_organizationName, plan.organization);
  add_to_subject(*made, NID_commonName, plan.common_name);
  DUCAT_CHECK(X509_set_issuer_name(made.get(), X509_get_subject_name(signer)) == 1);
  for (const extension& each : plan.extensions)
    add_extension(*made, *signer, each);
  // In this order: a CA's own authority key identifier is made from its subject key identifier.
  add_extension(*made, *signer, {NID_subject_key_identifier, "hash"});
  add_extension(*made, *signer, {NID_authority_key_identifier, "keyid:always"});
  add_alternative_names(*made, plan);
  DUCAT_CHECK(X509_sign(made.get(), &issuer_key, EVP_sha256()) > 0);
  return made;
}

} // namespace ducat::security
