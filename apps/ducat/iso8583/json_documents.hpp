/// JSON objects one after the other, on lines of their own or not.
#pragma once

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include <iosfwd>
#include <optional>
#include <string>

namespace ducat::cli {

/// Reads the next object of `in`: nothing at its end, or what is wrong with it. A name that an
/// object has twice is wrong. Objects may be nested 16 deep. After an error it is not known where
/// the next one begins.
tl::expected<std::optional<nlohmann::ordered_json>, std::string> next_object(std::istream& in);

} // namespace ducat::cli
