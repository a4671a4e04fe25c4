/// A node in a process of its own that shows metrics.
#pragma once

#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <httplib.h>

#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ducat::testing {

/// Runs until it is killed. Throws if it does not become ready.
class watched_node {
public:
  /// `more` is added to its words.
  explicit watched_node(const std::vector<std::string>& more = {})
      : program_{{.words = words(more), .error_file = directory_.path() / "node.log"}} {
    const auto ready = program_.read_line();
    std::istringstream words{ready.value_or("")};
    for (std::string word; words >> word;)
      if (word.starts_with("metrics="))
        address_ = word.substr(word.find('=') + 1);
    if (address_.empty())
      throw std::runtime_error("the node says: " + ready.value_or("nothing"));
  }

  /// HOST:PORT of its metrics.
  const std::string& address() const noexcept { return address_; }

  void kill() {
    program_.signal(SIGKILL);
    program_.wait();
  }

  httplib::Result get(const std::string& path) const {
    return httplib::Client{"http://" + address_}.Get(path);
  }

private:
  std::vector<std::string> words(const std::vector<std::string>& more) const {
    std::vector<std::string> all{DUCAT_PROGRAM,
                                 "node",
                                 "--unguarded",
                                 "--data",
                                 (directory_.path() / "data").string(),
                                 "--grpc",
                                 "127.0.0.1:0",
                                 "--http",
                                 "127.0.0.1:0",
                                 "--metrics",
                                 "127.0.0.1:0"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  temporary_directory directory_;
  child_program program_;
  std::string address_;
};

} // namespace ducat::testing
