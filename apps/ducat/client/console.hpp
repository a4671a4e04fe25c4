/// Where a command's answer goes, and in which form.
#pragma once

#include "client/failure.hpp"
#include "exit_code.hpp"

#include <google/protobuf/message.h>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace ducat::cli {

enum class output_format : std::uint8_t { table, json };

struct console {
  std::ostream& out;
  std::ostream& err;
  output_format format = output_format::table;
  bool colours = false; ///< The output is a terminal, and NO_COLOR is not set.

  bool is_json() const noexcept { return format == output_format::json; }
};

enum class colour : std::uint8_t { plain, green, yellow, red };

/// Returns `text` in `shade` if the console has colours.
std::string painted(const console& io, colour shade, std::string text);

/// Returns `message` as proto JSON on one line, with the names of the schema, and fields that have
/// their default value included.
std::string json_of(const google::protobuf::Message& message);

/// Says why a call failed: on stderr, or as {"error": ...} on stdout with JSON. `retry` says what
/// to repeat if the outcome is unknown, such as "--key K". Returns the exit code.
exit_code report(const console& io, const failure& failed, std::string_view retry);

} // namespace ducat::cli
