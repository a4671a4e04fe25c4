/// Certificates for mutual TLS in a cluster: a CA of its own, what it issues to nodes and clients,
/// and whether files that were given may be used.
///
/// Keys are P-256, signatures SHA-256, files PEM. A key is written with mode 0600 and a certificate
/// with 0644, whatever the umask; each file is whole and durable or not there. What the time is
/// comes in as an argument. All functions may be called from any thread; two processes that issue
/// to the same name at the same time may leave the certificate of one with the key of the other,
/// which check_credentials() tells.
#pragma once

#include <ducat/error.hpp>
#include <ducat/identity.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ducat::security {

/// What certificates are valid by: the clock of the calendar.
using calendar_time = std::chrono::sys_seconds;

/// Returns `time` as ISO 8601 in UTC: 2026-01-31T23:59:59Z.
std::string utc(calendar_time time);

/// What a certificate says.
struct certificate_info {
  std::string common_name;
  std::string organization;      ///< The cluster, in what is issued here.
  std::optional<identity> who{}; ///< Nothing unless it has one URI, and that is an identity.
  bool is_authority = false;     ///< It is a CA: it may sign others.
  calendar_time not_before{};
  calendar_time not_after{}; ///< From then on it is not valid, as OpenSSL has it.
  std::vector<std::string> alternative_names{}; ///< Such as DNS:localhost, IP:127.0.0.1, URI:…
  std::string serial{};                         ///< In hex.
};

// Issue -------------------------------------------------------------------------------------------

constexpr std::chrono::days authority_validity{3650};
constexpr std::chrono::days leaf_validity{365};
constexpr std::chrono::days validity_max{36500};

/// Certificates are valid from this long before they are issued: clocks differ.
constexpr std::chrono::hours validity_back{1};

struct authority_options {
  std::string cluster;
  std::chrono::days valid = authority_validity;
};

struct node_options {
  std::string id;
  std::vector<std::string> hosts{}; ///< DNS names and addresses that it is reached at, too.
  std::chrono::days valid = leaf_validity;
};

struct client_options {
  std::string name;
  role kind = role::client; ///< Not a node.
  std::chrono::days valid = leaf_validity;
};

/// What was written.
struct issued_files {
  std::filesystem::path certificate;
  std::filesystem::path key;
  certificate_info info;
};

/// Makes a CA for a cluster: ca.crt and ca.key in `directory`, which is made if it is missing. It
/// may sign nodes and clients, but no other CA. Errors: invalid_argument (name, validity),
/// not_permitted (one of the files is there: a CA is never overwritten), io.
result<issued_files> make_authority(const std::filesystem::path& directory,
                                    const authority_options& options, calendar_time now);

/// Issues a certificate, for servers and for clients, to a node of the CA in `directory`: ID.crt
/// and ID.key there. It is valid for ID, localhost, 127.0.0.1 and options.hosts, and not longer
/// than the CA. What was issued to the node before is replaced, the key first and then the
/// certificate. Errors: invalid_argument (id, host, validity, or a file of the CA is damaged or no
/// CA's), not_found (no CA), not_permitted (the CA is not valid now, its key is not its own or
/// others may read it, or ID.crt is somebody else's), io.
result<issued_files> issue_node(const std::filesystem::path& directory, const node_options& options,
                                calendar_time now);

/// Issues a certificate, only for clients, to NAME in a role: NAME.crt and NAME.key. Otherwise as
/// issue_node().
result<issued_files> issue_client(const std::filesystem::path& directory,
                                  const client_options& options, calendar_time now);

// Check -------------------------------------------------------------------------------------------

/// Returns what the first certificate in `file` says. Whether it is valid is not looked at. Errors:
/// not_found, invalid_argument (no certificate in PEM, or a damaged one), io.
result<certificate_info> read_certificate(const std::filesystem::path& file);

/// Returns the same of the first certificate in `pem`. Errors: invalid_argument.
result<certificate_info> certificate_in(const std::string& pem);

/// Expects a key that nobody else can read or write: a regular file of this process's user or of
/// root, without rights for group and others. Follows links. The message says how to mend it.
/// Errors: not_found, not_permitted, io.
result<void> check_key_file(const std::filesystem::path& file);

/// The files of one end of a connection.
struct credentials {
  std::filesystem::path ca; ///< Of the other end; may hold several, while a CA is replaced.
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// Expects files with which an end of a connection may show itself at the time `now`, and returns
/// what the certificate says. Looks at the key, then the certificate, then the CA: whether the file
/// is missing (not_found), the key as check_key_file(), whether it is damaged (invalid_argument).
/// After that, each not_permitted with a message of its own: the key belongs to another
/// certificate; none of the CAs signed it; its CA or itself is not valid yet, or has expired; it
/// names neither a node nor a client. Errors: those, and io.
result<certificate_info> check_credentials(const credentials& files, calendar_time now);

} // namespace ducat::security
