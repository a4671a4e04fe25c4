#include "iso8583/commands.hpp"
#include "iso8583/dialect_file.hpp"

#include <iomanip>
#include <ostream>

namespace ducat::cli {

exit_code list_dialects(const byte_streams& io) {
  for (const iso8583::dialect& each : iso8583::shipped_dialects())
    io.out << std::left << std::setw(12) << each.name << "  " << each.about << '\n';
  return exit_code::done;
}

exit_code show_dialect(const iso8583_arguments& arguments, const byte_streams& io) {
  const auto shown = find_dialect(arguments.dialect);
  if (!shown) {
    io.err << "ducat: " << shown.error().message << '\n';
    return exit_code::usage;
  }
  io.out << toml_of(*shown);
  return exit_code::done;
}

} // namespace ducat::cli
