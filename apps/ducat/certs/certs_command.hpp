/// `ducat certs`: makes and shows the certificates by which nodes and clients know each other.
#pragma once

#include "client/console.hpp"
#include "exit_code.hpp"

#include <ducat/certificates.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ducat::cli {

/// What is issued, and where.
struct certs_arguments {
  std::filesystem::path directory; ///< Where the CA is.
  std::string name;                ///< Of the cluster, the node or the client.
  std::vector<std::string> hosts;  ///< Of a node, beside its id and this machine.
  std::string role = "client";     ///< Of a client.
  std::optional<int> days;         ///< How long it is valid; without, as certificates.hpp says.
};

/// Each of the three writes a certificate and its key, and says which files these are and until
/// when they are valid. Returns done; usage if an argument or a file of the CA is wrong or missing;
/// failed if it must not be done or the disk refused. Then io.err says why.
exit_code make_authority(const certs_arguments& arguments, const console& io,
                         security::calendar_time now);
exit_code issue_node(const certs_arguments& arguments, const console& io,
                     security::calendar_time now);
exit_code issue_client(const certs_arguments& arguments, const console& io,
                       security::calendar_time now);

/// Prints whose certificate is in `file`, from when and until when it is valid, and whether it is
/// so now. Returns done, also for an expired one; usage if there is none in the file; failed if it
/// cannot be read. Then io.err says why.
exit_code show_certificate(const std::filesystem::path& file, const console& io,
                           security::calendar_time now);

} // namespace ducat::cli
