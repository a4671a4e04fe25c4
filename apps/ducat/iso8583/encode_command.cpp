#include "iso8583/commands.hpp"
#include "iso8583/dialect_file.hpp"
#include "iso8583/hex_text.hpp"
#include "iso8583/json_documents.hpp"
#include "iso8583/message_json.hpp"

#include <ducat/iso8583/codec.hpp>

#include <algorithm>
#include <ostream>

namespace ducat::cli {

namespace {

tl::expected<std::string, std::string> bytes_of(const iso8583::dialect& with,
                                                const nlohmann::ordered_json& document) {
  return message_of(with, document).and_then([&](const iso8583::message& what) {
    return iso8583::encode_frame(with, what).map_error([](const iso8583::problem& why) {
      return to_string(why);
    });
  });
}

/// Text is one line.
tl::expected<std::string, std::string> printable(byte_form form, std::string bytes) {
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (form == byte_form::text && !std::ranges::all_of(bytes, is_printable))
    return tl::unexpected(std::string{"it has bytes that are no text: without --text"});
  return bytes;
}

void print(std::ostream& out, byte_form form, const std::string& bytes) {
  if (form == byte_form::binary)
    out << bytes << std::flush;
  else
    out << (form == byte_form::text ? bytes : hex_text(bytes)) << '\n' << std::flush;
}

} // namespace

exit_code encode_messages(const iso8583_arguments& arguments, const byte_streams& io) {
  auto with = find_dialect(arguments.dialect);
  if (!with) {
    io.err << "ducat: " << with.error().message << '\n';
    return exit_code::usage;
  }
  if (arguments.bare)
    with->header = iso8583::length_header::none;
  std::size_t number = 0;
  bool is_good = true;
  auto document = next_object(io.in);
  for (; document && *document; document = next_object(io.in)) {
    ++number;
    const auto bytes = bytes_of(*with, **document).and_then([&](std::string made) {
      return printable(arguments.form, std::move(made));
    });
    if (bytes)
      print(io.out, arguments.form, *bytes);
    else
      io.err << "ducat: message " << number << ": " << bytes.error() << '\n';
    is_good = is_good && bytes;
  }
  if (!document)
    io.err << "ducat: message " << number + 1 << ": " << document.error() << '\n';
  else if (number == 0)
    io.err << "ducat: there is no message on standard input\n";
  return is_good && document && number != 0 ? exit_code::done : exit_code::failed;
}

} // namespace ducat::cli
