#include "check/check_command.hpp"

#include <fstream>
#include <ostream>

namespace ducat::cli {

namespace {

/// Returns the lines of a file that are not empty.
result<std::vector<std::string>> lines_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in)
    return fail(errc::not_found, "there is no file " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (!line.empty())
      lines.push_back(std::move(line));
  return lines;
}

} // namespace

exit_code check_command(const check_arguments& arguments, std::ostream& out, std::ostream& err) {
  check_options options = arguments.options;
  if (!arguments.said.empty()) {
    auto lines = lines_of(arguments.said);
    if (!lines) {
      err << "ducat: cannot check: " << lines.error() << '\n';
      return exit_code::failed;
    }
    options.said = std::move(*lines);
  }
  const auto given = check_files(arguments.data, arguments.record, options);
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
