#include "iso8583/commands.hpp"
#include "iso8583/dialect_file.hpp"
#include "iso8583/hex_text.hpp"
#include "iso8583/message_json.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/framer.hpp>

#include <algorithm>
#include <istream>
#include <ostream>
#include <vector>

namespace ducat::cli {

namespace {

using iso8583::dialect;
using iso8583::length_header;
using iso8583::message;

using readings = std::vector<iso8583::result<message>>;

/// The messages that `bytes` are: one, or with a length header one after the other. Nothing follows
/// a wrong one.
readings read_all(const dialect& with, std::string_view bytes) {
  readings read;
  if (with.header == length_header::none) {
    read.push_back(iso8583::decode(with, bytes));
    return read;
  }
  iso8583::framer cutter{with};
  cutter.feed(bytes);
  for (auto frame = cutter.next(); frame && *frame; frame = cutter.next()) {
    const std::size_t begins = bytes.size() - cutter.pending() - (*frame)->size();
    read.push_back(iso8583::decode(with, **frame).map_error([&](iso8583::problem why) {
      why.offset += begins;
      return why;
    }));
  }
  if (read.empty() || cutter.pending() != 0)
    read.push_back(iso8583::decode_frame(with, bytes.substr(bytes.size() - cutter.pending())));
  return read;
}

std::string hint(const iso8583::problem& wrong) {
  const bool is_header = wrong.what == iso8583::fault::bad_length_header;
  return is_header ? "; without length headers: --bare" : "";
}

bool all_good(const readings& read) {
  return std::ranges::all_of(read, [](const auto& each) { return each.has_value(); });
}

/// How far it was understood: not even the length header, the MTI, the bitmap, a field, all.
int depth_of(const readings& read) {
  const auto& last = read.back();
  return last ? iso8583::field_number_max + 1 : last.error().field.value_or(-1);
}

/// A line of digits may be either.
readings read_as_hex_or_text(const dialect& with, std::string_view bytes, std::string_view line) {
  readings as_hex = read_all(with, bytes);
  if (all_good(as_hex))
    return as_hex;
  readings as_text = read_all(with, line);
  return depth_of(as_text) > depth_of(as_hex) ? as_text : as_hex;
}

bool is_text(char c) {
  return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
}

class decoding {
public:
  decoding(const iso8583_arguments& arguments, const dialect& with, const byte_streams& io)
      : arguments_{arguments}, with_{with}, io_{io} {}

  exit_code run() {
    std::string begin;
    if (is_binary(begin))
      read_binary(std::move(begin));
    else
      read_lines(std::move(begin));
    if (good_ + wrong_ == 0)
      io_.err << "ducat: there is no message on standard input\n";
    return good_ != 0 && wrong_ == 0 ? exit_code::done : exit_code::failed;
  }

private:
  /// Looks at no more than the first line, which is `begin` then.
  bool is_binary(std::string& begin) const {
    if (arguments_.form != byte_form::automatic)
      return arguments_.form == byte_form::binary;
    for (char c = 0; io_.in.get(c);) {
      begin += c;
      if (!is_text(c))
        return true;
      if (c == '\n' && bytes_of_hex(begin) != std::string{})
        return false;
    }
    return false;
  }

  void read_lines(std::string begin) {
    std::size_t number = 0;
    const auto take = [&](std::string line) {
      ++number;
      if (!line.empty() && line.back() == '\r')
        line.pop_back();
      if (bytes_of_hex(line) != std::string{}) // Not a line of nothing but white space.
        read_line("line " + std::to_string(number), line);
    };
    std::string line;
    while (!begin.empty() && begin.find('\n') != std::string::npos) {
      take(begin.substr(0, begin.find('\n')));
      begin.erase(0, begin.find('\n') + 1);
    }
    for (bool is_first = true; std::getline(io_.in, line) || (is_first && !begin.empty());
         is_first = false) {
      take(std::exchange(begin, {}) + line);
      line.clear();
    }
  }

  void read_line(const std::string& where, const std::string& line) {
    const auto bytes = arguments_.form == byte_form::text ? std::nullopt : bytes_of_hex(line);
    if (!bytes && arguments_.form == byte_form::hex)
      return say_wrong(where, "it is not hexadecimal, two digits a byte");
    const readings read = bytes && arguments_.form == byte_form::automatic
                              ? read_as_hex_or_text(with_, *bytes, line)
                              : read_all(with_, bytes ? *bytes : line);
    for (const auto& each : read)
      show(where, each);
  }

  void read_binary(std::string begin) {
    if (with_.header == length_header::none) {
      const std::string bytes = begin + std::string{std::istreambuf_iterator<char>{io_.in}, {}};
      if (!bytes.empty())
        show("message 1", iso8583::decode(with_, bytes));
      return;
    }
    iso8583::framer cutter{with_};
    std::size_t number = 0;
    cutter.feed(begin);
    do {
      for (auto frame = cutter.next(); !frame || *frame; frame = cutter.next()) {
        const std::string where = "message " + std::to_string(++number);
        if (!frame)
          return say_wrong(where, to_string(frame.error()) + hint(frame.error()));
        show(where, iso8583::decode(with_, **frame));
      }
    } while (feed_next(cutter));
    if (cutter.pending() != 0)
      say_wrong("message " + std::to_string(number + 1), "the stream ends in the middle of it");
  }

  bool feed_next(iso8583::framer& cutter) const {
    char c = 0;
    if (!io_.in.get(c))
      return false;
    cutter.feed({&c, 1});
    return true;
  }

  void show(const std::string& where, const iso8583::result<message>& read) {
    if (!read)
      return say_wrong(where, to_string(read.error()) + hint(read.error()));
    ++good_;
    const auto how = arguments_.clear ? card_data::clear : card_data::masked;
    io_.out << json_of(with_, *read, how).dump(arguments_.pretty ? 2 : -1) << '\n' << std::flush;
  }

  void say_wrong(const std::string& where, const std::string& why) {
    ++wrong_;
    io_.err << "ducat: " << where << ": " << why << '\n';
  }

  const iso8583_arguments& arguments_;
  const dialect& with_;
  const byte_streams& io_;
  std::size_t good_ = 0;
  std::size_t wrong_ = 0;
};

} // namespace

exit_code decode_messages(const iso8583_arguments& arguments, const byte_streams& io) {
  auto with = find_dialect(arguments.dialect);
  if (!with) {
    io.err << "ducat: " << with.error().message << '\n';
    return exit_code::usage;
  }
  if (arguments.bare)
    with->header = length_header::none;
  return decoding{arguments, *with, io}.run();
}

} // namespace ducat::cli
