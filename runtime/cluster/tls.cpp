#include "cluster/tls.hpp"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

namespace ducat::cluster {

namespace {

namespace tls = grpc::experimental;

constexpr unsigned seconds_between_looks = 1;

std::shared_ptr<tls::CertificateProviderInterface> provider(const security::credentials& files) {
  return std::make_shared<tls::FileWatcherCertificateProvider>(
      files.key.string(), files.certificate.string(), files.ca.string(), seconds_between_looks);
}

} // namespace

std::shared_ptr<grpc::ServerCredentials> server_credentials(const security::credentials& files) {
  tls::TlsServerCredentialsOptions options{provider(files)};
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> channel_credentials(const security::credentials& files) {
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(provider(files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  return tls::TlsCredentials(options);
}

} // namespace ducat::cluster
