#include "check/check_command.hpp"

#include <ostream>

namespace ducat::cli {

exit_code check_command(const check_arguments& arguments, std::ostream& out, std::ostream& err) {
  const auto given = check_files(arguments.data, arguments.record, arguments.options);
  if (!given) {
    err << "ducat: cannot check: " << given.error() << '\n';
    return exit_code::failed;
  }
  if (arguments.json)
    print_json(out, *given);
  else
    print_table(out, *given);
  return given->is_green() ? exit_code::done : exit_code::failed;
}

} // namespace ducat::cli
