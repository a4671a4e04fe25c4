/// Mutual TLS between nodes, from files that may be renewed while they are used.
#pragma once

#include <ducat/certificates.hpp>

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>

namespace ducat::cluster {

/// The files are looked at again every second. What they have to be is checked by the caller.
std::shared_ptr<grpc::ServerCredentials> server_credentials(const security::credentials& files);

/// The server has to have a certificate of the same CA, for the name that is called.
std::shared_ptr<grpc::ChannelCredentials> channel_credentials(const security::credentials& files);

} // namespace ducat::cluster
