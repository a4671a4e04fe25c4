#include "client/credentials.hpp"

#include <ducat/certificates.hpp>

#include <fstream>
#include <iterator>
#include <string>

namespace ducat::cli {

namespace {

result<std::string> text_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in || text.empty())
    return fail(errc::not_found, "cannot read " + file.string());
  return text;
}

result<std::string> secret_in(const std::filesystem::path& file) {
  if (const auto own = security::check_key_file(file); !own)
    return tl::unexpected(own.error());
  return text_of(file);
}

result<void> check_together(const caller_files& files) {
  const bool has_any = !files.certificate.empty() || !files.key.empty() || !files.token.empty();
  if (files.ca.empty() && has_any)
    return fail(errc::invalid_argument, "--ca is needed: who has signed the node's certificate");
  if (files.certificate.empty() != files.key.empty())
    return fail(errc::invalid_argument, "a certificate and its key need each other");
  return {};
}

result<grpc::SslCredentialsOptions> tls_of(const caller_files& files) {
  grpc::SslCredentialsOptions options;
  auto ca = text_of(files.ca);
  if (!ca)
    return tl::unexpected(ca.error());
  options.pem_root_certs = std::move(*ca);
  if (files.certificate.empty())
    return options;
  auto certificate = text_of(files.certificate);
  auto key = secret_in(files.key);
  if (!certificate || !key)
    return tl::unexpected(!certificate ? certificate.error() : key.error());
  options.pem_cert_chain = std::move(*certificate);
  options.pem_private_key = std::move(*key);
  return options;
}

} // namespace

result<std::shared_ptr<grpc::ChannelCredentials>> credentials_in(const caller_files& files) {
  if (const auto good = check_together(files); !good)
    return tl::unexpected(good.error());
  if (files.ca.empty())
    return nullptr;
  const auto options = tls_of(files);
  if (!options)
    return tl::unexpected(options.error());
  auto by = grpc::SslCredentials(*options);
  if (files.token.empty())
    return by;
  auto token = secret_in(files.token);
  if (!token)
    return tl::unexpected(token.error());
  token->erase(token->find_last_not_of(" \r\n") + 1);
  return grpc::CompositeChannelCredentials(by, grpc::AccessTokenCredentials(*token));
}

} // namespace ducat::cli
