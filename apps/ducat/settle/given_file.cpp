#include "settle/given_file.hpp"

#include "client/table.hpp"

#include <fstream>
#include <ostream>

namespace ducat::cli {

namespace fs = std::filesystem;

result<given_file> given_file::open(const std::string& path) {
  std::error_code failure;
  if (!fs::exists(path, failure))
    return fail(errc::not_found, "there is no file " + path);
  if (!fs::is_regular_file(path, failure))
    return fail(errc::invalid_argument, path + " is no regular file");
  given_file made;
  made.path_ = path;
  made.begun_ = stamp_of(path);
  made.from_ = std::make_shared<std::ifstream>(path, std::ios::binary);
  if (!*made.from_)
    return fail(errc::io, "cannot read " + path);
  return made;
}

std::string given_file::beginning() {
  constexpr std::size_t wanted = 64 * 1024;
  std::string text(wanted, '\0');
  text.resize(bytes()(text));
  return text;
}

iso20022::byte_source given_file::bytes() {
  from_->clear();
  from_->seekg(0);
  return [from = from_](std::span<char> part) {
    from->read(part.data(), static_cast<std::streamsize>(part.size()));
    return static_cast<std::size_t>(from->gcount());
  };
}

bool given_file::is_unchanged() const {
  return !from_->bad() && stamp_of(path_) == begun_;
}

given_file::stamp given_file::stamp_of(const fs::path& path) {
  std::error_code failure;
  return {.size = fs::file_size(path, failure), .written = fs::last_write_time(path, failure)};
}

void print_notes(std::ostream& out, const iso20022::import_report& report) {
  for (const iso20022::note& each : report.notes)
    out << printable(to_string(each)) << '\n';
  if (report.notes_left_out > 0)
    out << "and " << report.notes_left_out << " notes more\n";
}

} // namespace ducat::cli
