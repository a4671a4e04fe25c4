/// The files of one side of mutual TLS.
#pragma once

#include <filesystem>

namespace ducat {

/// PEM files.
struct tls_files {
  std::filesystem::path ca{};          ///< Who signs the certificates of both sides.
  std::filesystem::path certificate{}; ///< Of this side.
  std::filesystem::path key{};         ///< Of the certificate; only its owner may read it.

  bool empty() const { return ca.empty() && certificate.empty() && key.empty(); }
};

} // namespace ducat
