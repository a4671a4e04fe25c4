#include "iso8583/foreign/installed_peer.hpp"

#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <sys/file.h>

#include <fstream>
#include <sstream>

namespace ducat::test {

namespace {

using testing::child_program;

/// One process at a time.
class install_lock {
public:
  explicit install_lock(const std::string& file)
      : descriptor_{::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)} {
    ::flock(descriptor_, LOCK_EX);
  }

  install_lock(const install_lock&) = delete;
  install_lock& operator=(const install_lock&) = delete;

  ~install_lock() { ::close(descriptor_); }

private:
  int descriptor_;
};

std::string contents_of(const std::string& file) {
  std::ostringstream contents;
  contents << std::ifstream{file}.rdbuf();
  return contents.str();
}

/// Returns why it did not go; empty if it did.
std::string run_quietly(std::vector<std::string> words, const std::string& errors) {
  try {
    child_program program{
        {.words = std::move(words),
         .environment = {"npm_config_fetch_retries=1", "npm_config_fetch_timeout=20000"},
         .error_file = errors}};
    while (program.read_line()) {
    }
    return program.wait() == 0 ? "" : contents_of(errors);
  } catch (const std::system_error& why) {
    return why.what();
  }
}

} // namespace

tl::expected<installed_peer, std::string> installed_peer::get(const std::string& package) {
  const std::string directory = DUCAT_PEER_DIRECTORY;
  const std::string errors = directory + "/errors.txt";
  const install_lock one_at_a_time{directory + "/lock"};
  if (const auto why = run_quietly({"node", "--version"}, errors); !why.empty())
    return tl::unexpected("there is no node here: " + why);
  if (!std::filesystem::exists(directory + "/node_modules/" + package + "/package.json"))
    if (const auto why = run_quietly({"npm", "--prefix", directory, "ci", "--ignore-scripts",
                                      "--no-audit", "--no-fund", "--prefer-offline"},
                                     errors);
        !why.empty())
      return tl::unexpected("npm cannot install the package " + package + " here: " + why);
  return installed_peer{directory};
}

std::vector<std::string> installed_peer::run(const std::string& what,
                                             const std::vector<std::string>& lines) const {
  const testing::temporary_directory home;
  const std::string file = home.path() / "lines";
  std::ofstream out{file};
  for (const std::string& line : lines)
    out << line << '\n';
  out.close();
  child_program peer{{.words = {"node", directory_ + "/peer.js", what, file}}};
  std::vector<std::string> answers;
  while (auto line = peer.read_line())
    answers.push_back(*std::move(line));
  return answers;
}

} // namespace ducat::test
