/// Where a webhook goes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ducat::payment {

struct webhook_url {
  bool is_tls = true;
  std::string host{}; ///< A name or an address, without brackets.
  std::uint16_t port = 443;
  std::string target{}; ///< Path and query; at least "/".

  /// Returns the host as the header Host has it: with the port unless that is the scheme's.
  std::string authority() const;
};

constexpr std::size_t webhook_url_bytes_max = 2'048;

/// Returns the parts of http:// or https:// HOST [:PORT] [/PATH] [?QUERY], of printable ASCII;
/// nothing if it is anything else: with a user, with a fragment, too long.
std::optional<webhook_url> parse_webhook_url(std::string_view text);

/// Returns whether it is whsec_ and the base64 of 24 to 64 bytes.
bool is_webhook_secret(std::string_view text);

} // namespace ducat::payment
