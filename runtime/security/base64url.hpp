/// Base64 of RFC 4648, section 5, without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ducat::security {

std::string base64url_of(std::string_view bytes);

/// Returns the bytes; nothing unless base64url_of() makes exactly `text` of them.
std::optional<std::string> bytes_of_base64url(std::string_view text);

} // namespace ducat::security
