/// A directory with the CA of a cluster, at a time of its own.
#pragma once

#include "support/temporary_directory.hpp"

#include <ducat/certificates.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace ducat::testing {

using namespace std::chrono_literals;

constexpr security::calendar_time noon =
    std::chrono::sys_days{std::chrono::year{2031} / std::chrono::May / 1} + 12h;

inline std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

inline void write_text(const std::filesystem::path& path, std::string_view text) {
  std::ofstream{path, std::ios::binary} << text;
}

/// Returns the rights of `path`, such as 0600.
inline mode_t mode_of(const std::filesystem::path& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

inline std::vector<std::string> files_in(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  for (const auto& each : std::filesystem::directory_iterator{directory})
    names.push_back(each.path().filename());
  std::ranges::sort(names);
  return names;
}

/// Returns what went wrong; nothing if it did not.
template <class T>
std::optional<error> error_of(const result<T>& what) {
  return what ? std::nullopt : std::optional{what.error()};
}

template <class T>
std::optional<errc> code_of(const result<T>& what) {
  return what ? std::nullopt : std::optional{what.error().code};
}

/// Returns the message; empty if nothing went wrong.
template <class T>
std::string message_of(const result<T>& what) {
  return what ? "" : what.error().message;
}

class cluster_ca {
public:
  explicit cluster_ca(const std::string& cluster = "test",
                      std::chrono::days valid = security::authority_validity) {
    (void)security::make_authority(path(), {.cluster = cluster, .valid = valid}, noon).value();
  }

  const std::filesystem::path& path() const noexcept { return home_.path(); }

  std::filesystem::path file() const { return path() / "ca.crt"; }

  security::issued_files node(const std::string& id, std::vector<std::string> hosts = {}) const {
    return security::issue_node(path(), {.id = id, .hosts = std::move(hosts)}, noon).value();
  }

  security::issued_files client(const std::string& name) const {
    return security::issue_client(path(), {.name = name}, noon).value();
  }

  /// Returns the files of `own` to be shown to those who trust this CA.
  security::credentials credentials_of(const security::issued_files& own) const {
    return {.ca = file(), .certificate = own.certificate, .key = own.key};
  }

private:
  temporary_directory home_;
};

} // namespace ducat::testing
