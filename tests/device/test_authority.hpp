/// A CA that lives as long as the test, and what it issues to hosts and links.
#pragma once

#include "support/temporary_directory.hpp"

#include <ducat/certificates.hpp>

#include <chrono>
#include <string>

namespace ducat::device::test {

class test_authority {
public:
  test_authority() {
    (void)security::make_authority(home_.path(), {.cluster = "bank"}, last_week()).value();
  }

  std::filesystem::path file() const { return home_.path() / "ca.crt"; }

  /// For localhost, 127.0.0.1 and its name.
  security::issued_files host(const std::string& name) const { return issue(name, today()); }

  security::issued_files expired_host(const std::string& name) const {
    return issue(name, last_week());
  }

  security::issued_files client(const std::string& name) const {
    return security::issue_client(home_.path(), {.name = name}, today()).value();
  }

private:
  static security::calendar_time today() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }

  /// When what is valid for a day was issued that has expired.
  static security::calendar_time last_week() { return today() - std::chrono::days{7}; }

  security::issued_files issue(const std::string& name, security::calendar_time at) const {
    return security::issue_node(home_.path(), {.id = name, .valid = std::chrono::days{1}}, at)
        .value();
  }

  testing::temporary_directory home_;
};

} // namespace ducat::device::test
