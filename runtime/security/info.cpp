#include "security/pem.hpp"

#include <ducat/check.hpp>

#include <arpa/inet.h>

#include <array>
#include <ctime>

namespace ducat::security {

namespace {

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

/// Returns the first `field` of the subject; empty if there is none.
std::string subject_field(const X509& certificate, int field) {
  const X509_NAME* const subject = X509_get_subject_name(&certificate);
  const int at = X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(subject), field, -1);
  return at < 0 ? "" : text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

/// A time that cannot be read is 1970: then nothing is valid.
calendar_time time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return {};
  return calendar_time{std::chrono::seconds{::timegm(&parts)}};
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(bytes) == sizeof(in_addr) ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(bytes) != sizeof(in6_addr))
    return "unknown";
  ::inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
  return text.data();
}

std::string name_text(const GENERAL_NAME& name) {
  switch (name.type) {
  case GEN_DNS:
    return "DNS:" + text_of(name.d.dNSName);
  case GEN_IPADD:
    return "IP:" + address_text(name.d.iPAddress);
  case GEN_URI:
    return "URI:" + text_of(name.d.uniformResourceIdentifier);
  default:
    return "other";
  }
}

std::vector<std::string> alternative_names_of(const X509& certificate) {
  const general_names_ptr names{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr))};
  std::vector<std::string> texts;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i)
    texts.push_back(name_text(*sk_GENERAL_NAME_value(names.get(), i)));
  return texts;
}

/// Who says to be two is nobody: another reader might take the other for it.
std::optional<identity> identity_in(const std::vector<std::string>& alternative_names) {
  constexpr std::string_view prefix = "URI:";
  std::optional<identity> who;
  for (const std::string_view each : alternative_names) {
    if (!each.starts_with(prefix))
      continue;
    auto parsed = parse_identity(each.substr(prefix.size()));
    if (!parsed || who)
      return std::nullopt;
    who = std::move(*parsed);
  }
  return who;
}

std::string serial_of(const X509& certificate) {
  const std::unique_ptr<BIGNUM, freed_by<BN_free>> number{
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr)};
  DUCAT_CHECK(number != nullptr);
  char* const digits = BN_bn2hex(number.get());
  DUCAT_CHECK(digits != nullptr);
  std::string text{digits};
  OPENSSL_free(digits);
  return text;
}

} // namespace

std::string utc(calendar_time time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

certificate_info info_of(const X509& certificate) {
  const auto alternative_names = alternative_names_of(certificate);
  return {.common_name = subject_field(certificate, NID_commonName),
          .organization = subject_field(certificate, NID_organizationName),
          .who = identity_in(alternative_names),
          .is_authority = X509_check_ca(const_cast<X509*>(&certificate)) == 1,
          .not_before = time_of(X509_get0_notBefore(&certificate)),
          .not_after = time_of(X509_get0_notAfter(&certificate)),
          .alternative_names = alternative_names,
          .serial = serial_of(certificate)};
}

result<certificate_info> certificate_in(const std::string& pem) {
  return parse_certificate(pem).map([](const certificate_ptr& found) { return info_of(*found); });
}

result<certificate_info> read_certificate(const std::filesystem::path& file) {
  return load_certificates(file).map(
      [](const std::vector<certificate_ptr>& found) { return info_of(*found.front()); });
}

} // namespace ducat::security
