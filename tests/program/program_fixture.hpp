/// A node in a process of its own, and the command line against it.
#pragma once

#include "command_line.hpp"
#include "demo/node_process.hpp"
#include "exit_code.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

namespace ducat::cli {

using nlohmann::json;

struct printed {
  exit_code code;
  std::string out;
  std::string err;

  json document() const { return json::parse(out); }
};

class Program : public ::testing::Test {
protected:
  Program() { start(); }

  void start() {
    const auto address = node_.start(options_);
    ASSERT_TRUE(address) << address.error();
    options_.grpc = *address;
  }

  /// Runs a command against the node, with JSON output.
  printed run(std::vector<std::string> arguments, const std::string& input = "") {
    for (const char* word : {"json", "--output", options_.grpc.c_str(), "--endpoint"})
      arguments.insert(arguments.begin(), word);
    std::istringstream in{input};
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::run(arguments, {.in = in, .out = out, .err = err});
    return {static_cast<exit_code>(code), out.str(), err.str()};
  }

  void open_accounts() {
    EXPECT_EQ(run({"account", "create", "world", "--currency", "EUR", "--overdraft"}).code,
              exit_code::done);
    EXPECT_EQ(run({"account", "create", "alice", "--currency", "EUR"}).code, exit_code::done);
  }

  printed pay(const std::string& key, const std::string& amount) {
    return run({"pay", "create", "--from", "world", "--to", "alice", "--amount", amount,
                "--currency", "EUR", "--key", key});
  }

  /// Returns what the nodes of this test have written to standard error.
  std::string node_log() const {
    std::ostringstream text;
    text << std::ifstream{options_.log_file}.rdbuf();
    return text.str();
  }

  testing::temporary_directory directory_;
  node_process_options options_{.program = DUCAT_PROGRAM,
                                .data = directory_.path() / "data",
                                .log_file = directory_.path() / "node.log"};
  node_process node_;
};

} // namespace ducat::cli
