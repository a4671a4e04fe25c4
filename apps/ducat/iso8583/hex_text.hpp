/// Bytes as people write them: hexadecimal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ducat::cli {

/// Returns two upper case digits for each byte.
std::string hex_text(std::string_view bytes);

/// Returns the bytes that `text` is, in upper or lower case, with white space anywhere; nothing if
/// there is anything else in it, or an odd number of digits.
std::optional<std::string> bytes_of_hex(std::string_view text);

} // namespace ducat::cli
