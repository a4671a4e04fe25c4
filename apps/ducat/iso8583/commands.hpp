/// `ducat iso8583`: runs messages of others through the codec.
#pragma once

#include "exit_code.hpp"
#include "iso8583/arguments.hpp"

#include <iosfwd>

namespace ducat::cli {

struct byte_streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

/// Prints each message that it reads as a JSON object, as soon as it is there. Says on `err` which
/// ones are wrong, with field and byte, and goes on if it knows where the next one begins. Returns
/// done, failed if one was wrong or there was none, usage if the dialect is.
exit_code decode_messages(const iso8583_arguments& arguments, const byte_streams& io);

/// Prints the message of each JSON object that it reads, as hexadecimal unless the form says
/// something else. Returns the same; goes on unless it is no JSON.
exit_code encode_messages(const iso8583_arguments& arguments, const byte_streams& io);

/// Lists the dialects that come with ducat. Returns done.
exit_code list_dialects(const byte_streams& io);

/// Prints the dialect as a file. Returns done, or usage if it is none.
exit_code show_dialect(const iso8583_arguments& arguments, const byte_streams& io);

} // namespace ducat::cli
