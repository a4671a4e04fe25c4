#include "device/tls_client.hpp"

#include <ducat/certificates.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <openssl/ssl.h>

namespace ducat::device {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

namespace {

result<void> good(const error_code& failed, const std::filesystem::path& file) {
  if (failed)
    return fail(errc::invalid_argument, file.string() + ": " + failed.message());
  return {};
}

result<void> use_own(ssl::context& context, const link_tls& files) {
  if (files.certificate.empty())
    return {};
  if (auto key = security::check_key_file(files.key); !key)
    return key;
  error_code failed;
  context.use_certificate_chain_file(files.certificate.string(), failed);
  if (failed)
    return good(failed, files.certificate);
  context.use_private_key_file(files.key.string(), ssl::context::pem, failed);
  return good(failed, files.key);
}

} // namespace

result<std::shared_ptr<ssl::context>> tls_context(const link_tls& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(),
                                files.allows_tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION);
  context->set_verify_mode(ssl::verify_peer);
  error_code failed;
  context->load_verify_file(files.ca.string(), failed);
  return good(failed, files.ca).and_then([&] { return use_own(*context, files); }).map([&] {
    return context;
  });
}

result<void> expect_host(ssl::stream<boost::asio::ip::tcp::socket>& stream,
                         const std::string& name) {
  error_code failed;
  stream.set_verify_callback(ssl::host_name_verification{name}, failed);
  if (failed)
    return fail(errc::invalid_argument, failed.message());
  error_code is_name;
  boost::asio::ip::make_address(name, is_name);
  if (is_name && SSL_set_tlsext_host_name(stream.native_handle(), name.c_str()) != 1)
    return fail(errc::invalid_argument, "the name of the host cannot be told: " + name);
  return {};
}

std::string refusal_of_certificate(ssl::stream<boost::asio::ip::tcp::socket>& stream) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  return verdict == X509_V_OK ? "" : X509_verify_cert_error_string(verdict);
}

} // namespace ducat::device
