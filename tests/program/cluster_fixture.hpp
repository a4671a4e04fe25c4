/// A whole cluster as people use it: `ducat up`, real nodes, real etcd, and the command line.
#pragma once

#include "command_line.hpp"
#include "exit_code.hpp"
#include "support/temporary_directory.hpp"
#include "up/cluster_process.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ducat::cli {

using namespace std::chrono_literals;
using nlohmann::json;

struct printed {
  exit_code code;
  std::string out;
  std::string err;

  json document() const { return json::parse(out); }
};

inline printed run_at(const std::string& endpoint, std::vector<std::string> arguments) {
  for (const char* word : {"json", "--output", endpoint.c_str(), "--endpoint", "60", "--timeout"})
    arguments.insert(arguments.begin(), word);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const int code = cli::run(arguments, {.in = in, .out = out, .err = err});
  return {static_cast<exit_code>(code), out.str(), err.str()};
}

class ClusterProgram : public ::testing::Test {
protected:
  explicit ClusterProgram(std::string payments = "own", std::string alerts_to = {},
                          std::string traces_to = {})
      : payments_{std::move(payments)}, alerts_to_{std::move(alerts_to)},
        traces_to_{std::move(traces_to)} {
    start();
  }

  void start() {
    auto started = cluster_process::start({.program = DUCAT_PROGRAM,
                                           .directory = directory_.path() / "cluster",
                                           .nodes = 3,
                                           .payments = payments_,
                                           .alerts_to = alerts_to_,
                                           .traces_to = traces_to_});
    if (!started)
      throw std::runtime_error(to_string(started.error()));
    cluster_ = std::move(*started);
  }

  /// Runs a command against any node.
  printed run(const std::vector<std::string>& arguments) const {
    return run_at(cluster_->endpoints(), arguments);
  }

  void open_accounts() const {
    for (const char* id : {"world", "shop"})
      ASSERT_EQ(run({"account", "create", id, "--currency", "EUR", "--overdraft"}).code,
                exit_code::done);
  }

  static printed pay_at(const std::string& endpoint, const std::string& key) {
    return run_at(endpoint, {"pay", "create", "--from", "world", "--to", "shop", "--amount", "1",
                             "--currency", "EUR", "--key", key});
  }

  printed pay(const std::string& key) const { return pay_at(cluster_->endpoints(), key); }

  json nodes() const { return run({"nodes"}).document()["nodes"]; }

  /// Waits until every node is alive and one of them, other than `not_this`, writes; returns which.
  std::string wait_for_writer(const std::string& not_this = "") const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < end) {
      std::string writer;
      bool all_alive = true;
      for (const json& each : nodes()) {
        all_alive = all_alive && (each["state"] == "alive" || each["id"] == not_this);
        if (each["holds_log"].get<bool>())
          writer = each["id"];
      }
      if (all_alive && !writer.empty() && writer != not_this)
        return writer;
    }
    ADD_FAILURE() << "nobody writes the log";
    return {};
  }

  std::string balance() const { return run({"account", "show", "shop"}).document()["balance"]; }

  /// Returns where clients reach the nodes other than that one.
  std::string endpoints_without(const std::string& node) const {
    std::string others;
    for (const node_place& each : cluster_->layout().nodes)
      if (each.name != node)
        others += (others.empty() ? "" : ",") + cluster_->endpoint(each.name);
    return others;
  }

  std::string payments_;
  std::string alerts_to_;
  std::string traces_to_;
  testing::temporary_directory directory_;
  std::unique_ptr<cluster_process> cluster_;
};

} // namespace ducat::cli
