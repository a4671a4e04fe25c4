#include "load/load_commands.hpp"

#include "load/progress.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <istream>
#include <memory>
#include <ostream>

namespace ducat::cli {

namespace {

constexpr duration line_interval = std::chrono::seconds{5};

exit_code code_of(const import_summary& summary) {
  if (summary.in_doubt > 0)
    return exit_code::unknown;
  if (summary.not_done > 0)
    return exit_code::unreachable;
  return summary.refused > 0 ? exit_code::failed : exit_code::done;
}

/// Draws to a stream: one line that is redrawn, or a line from time to time.
class progress_display {
public:
  progress_display(std::ostream& out, bool is_bar) : out_{out}, is_bar_{is_bar} {}

  ~progress_display() {
    if (is_bar_)
      out_ << "\r\x1b[K" << std::flush;
  }

  progress_display(const progress_display&) = delete;
  progress_display& operator=(const progress_display&) = delete;

  void show(const import_summary& so_far) {
    if (is_bar_)
      out_ << '\r' << bar(so_far) << progress_line(so_far) << "\x1b[K" << std::flush;
    else if (so_far.elapsed >= next_) {
      next_ = so_far.elapsed + line_interval;
      out_ << progress_line(so_far) << std::endl;
    }
  }

private:
  static std::string bar(const import_summary& so_far) {
    constexpr std::uint64_t width = 20;
    const std::uint64_t filled =
        so_far.operations == 0 ? width : so_far.finished() * width / so_far.operations;
    return "[" + std::string(filled, '#') + std::string(width - filled, '.') + "] ";
  }

  std::ostream& out_;
  bool is_bar_;
  duration next_ = line_interval;
};

/// Returns a stream over a copy of `in` that can be rewound; the copy is gone with the stream.
std::unique_ptr<std::istream> rewindable_copy(std::istream& in) {
  std::string path = std::filesystem::temp_directory_path() / "ducat-import-XXXXXX";
  const int file = ::mkstemp(path.data());
  if (file < 0)
    return nullptr;
  ::close(file);
  auto copy = std::make_unique<std::fstream>(path, std::ios::in | std::ios::out);
  std::filesystem::remove(path);
  if (in.peek() != std::istream::traits_type::eof())
    *copy << in.rdbuf();
  copy->flush();
  copy->seekg(0);
  if (!*copy)
    return nullptr;
  return copy;
}

std::unique_ptr<std::istream> opened(const std::string& file, std::istream& in) {
  if (file == "-")
    return rewindable_copy(in);
  auto stream = std::make_unique<std::ifstream>(file);
  if (!*stream)
    return nullptr;
  return stream;
}

} // namespace

exit_code generate_command(const generator_options& options, std::ostream& out) {
  generate(options, out);
  out.flush();
  return out ? exit_code::done : exit_code::failed;
}

exit_code import_command(const import_arguments& arguments, std::istream& in, std::ostream& out,
                         std::ostream& err) {
  const auto file = opened(arguments.file, in);
  if (!file) {
    err << "ducat: cannot read " << arguments.file << '\n';
    return exit_code::usage;
  }
  auto summary = [&] {
    progress_display display{err, arguments.progress_bar};
    return run_import(arguments.options, *file,
                      [&](const import_summary& so_far) { display.show(so_far); });
  }();
  if (!summary) {
    err << "ducat: " << arguments.file << ": " << summary.error().message << '\n';
    return summary.error().code == errc::invalid_argument ? exit_code::usage : exit_code::failed;
  }
  if (arguments.json)
    out << summary_json(*summary) << '\n';
  else
    out << summary_text(*summary);
  return code_of(*summary);
}

} // namespace ducat::cli
