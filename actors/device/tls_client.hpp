/// TLS to a host, from files.
#pragma once

#include <ducat/device/link.hpp>
#include <ducat/error.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <string>

namespace ducat::device {

/// Returns a context that takes only hosts whose certificate is signed by the CA. Errors: a file is
/// missing, damaged, or a key that others may read.
result<std::shared_ptr<boost::asio::ssl::context>> tls_context(const link_tls& files);

/// The host has to have a certificate for `name`, and is told so.
result<void> expect_host(boost::asio::ssl::stream<boost::asio::ip::tcp::socket>& stream,
                         const std::string& name);

/// Returns why the certificate of the host was refused; empty if it was not.
std::string refusal_of_certificate(boost::asio::ssl::stream<boost::asio::ip::tcp::socket>& stream);

} // namespace ducat::device
