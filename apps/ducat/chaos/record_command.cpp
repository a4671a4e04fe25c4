#include "chaos/record_command.hpp"

#include "chaos/recorded_faults.hpp"
#include "chaos/schedule_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace ducat::cli {

namespace {

bool is_report(const std::string& file) {
  return file.ends_with(".json");
}

/// Errors: not_found, and those of faults_in_report().
result<std::vector<recorded_fault>> faults_in(const std::string& file) {
  std::ifstream in{file};
  if (!in)
    return fail(errc::not_found, "there is no file " + file);
  if (is_report(file))
    return faults_in_report(in);
  return faults_in_log(in, std::filesystem::path{file}.stem().string());
}

exit_code refuse_record(const console& io, const std::string& why) {
  io.err << "ducat: " << why << '\n';
  return exit_code::usage;
}

} // namespace

exit_code record_faults(const chaos_record_arguments& arguments, const console& io) {
  if (const auto reports = std::ranges::count_if(arguments.files, is_report);
      reports > 1 || (reports == 1 && arguments.files.size() > 1))
    return refuse_record(io, "a report counts its time by itself: give no other file with it");
  std::vector<recorded_fault> all;
  for (const std::string& each : arguments.files) {
    const auto found = faults_in(each);
    if (!found)
      return refuse_record(io, each + ": " + to_string(found.error()));
    all.insert(all.end(), found->begin(), found->end());
  }
  if (all.empty())
    return refuse_record(io, "nothing was broken by hand");
  const std::string text = to_toml(schedule_of(std::move(all)));
  if (arguments.out.empty()) {
    io.out << text;
    return exit_code::done;
  }
  std::ofstream file{arguments.out};
  file << text;
  return file.flush() ? exit_code::done : refuse_record(io, "cannot write " + arguments.out);
}

} // namespace ducat::cli
