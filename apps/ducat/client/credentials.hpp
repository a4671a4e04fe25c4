/// How a node that asks who calls is told that.
#pragma once

#include <ducat/error.hpp>

#include <grpcpp/security/credentials.h>

#include <filesystem>
#include <memory>

namespace ducat::cli {

/// Files. Nothing secret is an argument, or in the environment.
struct caller_files {
  std::filesystem::path ca{};          ///< Who has signed the node's certificate. Empty: no TLS.
  std::filesystem::path certificate{}; ///< Of whoever calls, and its key;
  std::filesystem::path key{};
  std::filesystem::path token{}; ///< or a token.
};

/// Returns the credentials in the files; null if none is given: in the clear. Errors:
/// invalid_argument (one needs another one that is missing), and those of check_key_file(), of the
/// token's file, too, and of reading.
result<std::shared_ptr<grpc::ChannelCredentials>> credentials_in(const caller_files& files);

} // namespace ducat::cli
