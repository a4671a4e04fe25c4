#include "toml_file.hpp"

#include <fstream>
#include <sstream>

namespace ducat {

namespace {

result<std::string> contents_of(const std::filesystem::path& file) {
  std::error_code failure;
  if (!std::filesystem::exists(file, failure))
    return fail(errc::not_found, file.string() + ": there is no such file");
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream contents;
  contents << stream.rdbuf();
  if (!stream.is_open() || std::filesystem::is_directory(file, failure))
    return fail(errc::io, file.string() + ": cannot be read");
  return contents.str();
}

} // namespace

result<toml::table> read_toml(const std::filesystem::path& path) {
  const auto contents = contents_of(path);
  if (!contents)
    return tl::unexpected(contents.error());
  try {
    return toml::parse(*contents, path.string());
  } catch (const toml::parse_error& why) {
    return wrong_at(path, why.source(), std::string(why.description()));
  }
}

tl::unexpected<error> wrong_at(const std::filesystem::path& file, const toml::source_region& at,
                               const std::string& why) {
  return fail(errc::invalid_argument, file.string() + ":" + std::to_string(at.begin.line) + ":" +
                                          std::to_string(at.begin.column) + ": " + why);
}

} // namespace ducat
