/// A CA of a cluster, for tests.
#pragma once

#include "support/temporary_directory.hpp"

#include <ducat/certificates.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace ducat::api::test {

inline security::calendar_time today() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// A CA with what it issues.
class authority {
public:
  explicit authority(const std::string& cluster = "test") {
    (void)security::make_authority(home_.path(), {.cluster = cluster},
                                   today() - std::chrono::days{30})
        .value();
  }

  std::filesystem::path ca() const { return home_.path() / "ca.crt"; }

  security::issued_files node(const std::string& id) const {
    return security::issue_node(home_.path(), {.id = id}, today()).value();
  }

  security::issued_files of(security::role who, const std::string& name,
                            security::calendar_time now = today()) const {
    return security::issue_client(home_.path(),
                                  {.name = name, .kind = who, .valid = std::chrono::days{1}}, now)
        .value();
  }

  const std::filesystem::path& path() const { return home_.path(); }

private:
  ::ducat::testing::temporary_directory home_;
};

} // namespace ducat::api::test
