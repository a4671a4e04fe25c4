#include "ledger/exec.hpp"

#include "ledger/ledger_session.hpp"
#include "ledger/script_command.hpp"

#include <fstream>
#include <istream>
#include <ostream>

namespace ducat::cli {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

/// Returns the outcome of one line. Throws malformed.
ordered_json run_line(ledger_session& session, const std::string& line) {
  const json parsed = json::parse(line, nullptr, false);
  if (parsed.is_discarded())
    throw malformed{"not JSON"};
  return run_command(session, parsed);
}

exit_code run_script(std::istream& script, ledger_session& session, std::ostream& out,
                     std::ostream& err) {
  std::size_t number = 0;
  for (std::string line; std::getline(script, line);) {
    ++number;
    if (is_blank(line))
      continue;
    try {
      out << run_line(session, line).dump() << std::endl; // A program may wait for it to go on.
    } catch (const malformed& what) {
      out << ordered_json{{"error", {{"line", number}, {"message", what.why}}}}.dump() << '\n';
      err << "ducat: line " << number << ": " << what.why << '\n';
      return exit_code::usage;
    } catch (const session_failed& failure) {
      err << "ducat: line " << number << ": " << failure.what << '\n';
      return exit_code::failed;
    }
  }
  return exit_code::done;
}

} // namespace

exit_code exec_ledger(const exec_arguments& arguments, std::istream& in, std::ostream& out,
                      std::ostream& err) {
  std::ifstream file;
  if (arguments.file != "-") {
    file.open(arguments.file);
    if (!file) {
      err << "ducat: cannot read " << arguments.file << '\n';
      return exit_code::usage;
    }
  }
  const auto session = arguments.data ? open_session(*arguments.data) : in_memory_session();
  if (session)
    return run_script(arguments.file == "-" ? in : file, **session, out, err);
  err << "ducat: cannot open the ledger in " << arguments.data->string() << ": " << session.error()
      << '\n';
  return session.error().code == errc::in_use ? exit_code::in_use : exit_code::failed;
}

} // namespace ducat::cli
