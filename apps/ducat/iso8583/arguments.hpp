/// `ducat iso8583`, as given on the command line.
#pragma once

#include <cstdint>
#include <string>

namespace ducat::cli {

/// How the bytes of messages are written outside of the program.
enum class byte_form : std::uint8_t {
  automatic, ///< Binary if there are bytes that are no text; otherwise, for each line, hex or text.
  hex,       ///< A message a line, two digits a byte.
  text,      ///< A message a line, as it is.
  binary,    ///< As it is, one after the other.
};

struct iso8583_arguments {
  std::string dialect; ///< Name or file.
  byte_form form = byte_form::automatic;
  bool bare = false;   ///< Messages have no length header, whatever the dialect says.
  bool clear = false;  ///< Card data is shown.
  bool pretty = false; ///< An object takes many lines.
};

} // namespace ducat::cli
