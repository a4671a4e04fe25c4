/// Messages of ISO 8583 as JSON: {"mti": "0200", "fields": {"4": "000000001000", ...}}.
#pragma once

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/message.hpp>

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include <string>

namespace ducat::cli {

enum class card_data : std::uint8_t { masked, clear };

/// Returns `shown`; bytes as hexadecimal. Masked, it says "masked": true if it lacks anything.
nlohmann::ordered_json json_of(const iso8583::dialect& with, const iso8583::message& shown,
                               card_data how);

/// Returns the message that `document` is, or what is wrong with it. A masked one is refused.
tl::expected<iso8583::message, std::string> message_of(const iso8583::dialect& with,
                                                       const nlohmann::ordered_json& document);

} // namespace ducat::cli
