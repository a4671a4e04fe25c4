/// A node in a process of its own, with every port that one without a cluster has.
#pragma once

#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace ducat::bad_input {

class served_node {
public:
  /// `more` is added to its configuration.
  explicit served_node(std::string more = {})
      : more_{std::move(more)},
        program_{{.words = {DUCAT_PROGRAM, "node", "--unguarded", "--config", config()},
                  .error_file = directory_.path() / "node.log"}},
        ready_{program_.read_line().value_or("")} {
    if (!ready_.starts_with("node_ready"))
      throw std::runtime_error("the node says: " + ready_);
  }

  /// Returns the port of "grpc", "http", "metrics" or "iso8583".
  int port(const std::string& name) const { return std::stoi(address(name).substr(10)); }

  std::string address(const std::string& name) const {
    const auto at = ready_.find(" " + name + "=") + name.size() + 2;
    return ready_.substr(at, ready_.find(' ', at) - at);
  }

  testing::child_program& program() { return program_; }

  /// Returns the memory that it has now, in KiB.
  long memory_kib() const {
    std::ifstream status{"/proc/" + std::to_string(program_.pid()) + "/status"};
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmRSS:"))
        return std::stol(line.substr(6));
    return 0;
  }

  /// Returns how many descriptors it has open.
  long descriptors() const {
    const std::filesystem::path all = "/proc/" + std::to_string(program_.pid()) + "/fd";
    return std::distance(std::filesystem::directory_iterator{all}, {});
  }

  std::string log() const {
    std::ifstream file{directory_.path() / "node.log", std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

private:
  std::string config() const {
    const auto file = directory_.path() / "node.toml";
    std::ofstream{file}
        << "cluster = \"test\"\n"
        << "data = \"" << (directory_.path() / "data").string() << "\"\n"
        << "[listen]\ngrpc = \"127.0.0.1:0\"\nhttp = \"127.0.0.1:0\"\nmetrics = \"127.0.0.1:0\"\n"
        << "[alerts]\n"
        << "[[acquirer]]\nname = \"acme\"\nplain = true\naddress = \"127.0.0.1:1\"\n" // Nobody.
        << "terminal = \"DUCAT001\"\nmerchant = \"MERCHANT0000001\"\n"
        << "[gateway]\nlisten = \"127.0.0.1:0\"\nplain = true\nfrom = \"world\"\n"
        << "dialect = \"ascii87-hex\"\n"
        << "[[terminal]]\nid = \"TERM0001\"\nto = \"shop\"\ncurrency = \"EUR\"\n"
        << more_;
    return file.string();
  }

  const std::string more_;
  testing::temporary_directory directory_;
  testing::child_program program_;
  std::string ready_;
};

} // namespace ducat::bad_input
