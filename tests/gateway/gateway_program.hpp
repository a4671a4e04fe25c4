/// The program as it ships, with a port for terminals and an acquirer in a process of its own.
#pragma once

#include "acquirer/acquirer_process.hpp"
#include "command_line.hpp"
#include "exit_code.hpp"
#include "support/child_program.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace ducat::gateway::test {

using nlohmann::json;

struct program_options {
  std::uint16_t acquirer = 0; ///< Its port.
  std::string dialect = "ascii87";
  std::uint32_t answer_timeout_ms = 25'000; ///< Of the acquirer.
  std::string gateway = "plain = true\n";
};

/// A node in a process of its own, and the command line against it.
class gateway_program {
public:
  gateway_program(const std::filesystem::path& place, const program_options& options)
      : config_{place / "node.toml"}, log_{place / "node.err"} {
    std::ofstream{config_}
        << "node = \"node1\"\n"
        << "data = \"" << (place / "data").string() << "\"\n"
        << "[listen]\ngrpc = \"127.0.0.1:0\"\nhttp = \"127.0.0.1:0\"\n"
        << "[faults]\nallowed = true\n[log]\nlevel = \"trace\"\n"
        << "[[acquirer]]\nname = \"acme\"\nplain = true\n"
        << "address = \"127.0.0.1:" << options.acquirer << "\"\n"
        << "dialect = \"" << options.dialect << "\"\n"
        << "terminal = \"DUCAT001\"\nmerchant = \"MERCHANT0000001\"\n"
        << "answer_timeout_ms = " << options.answer_timeout_ms << "\n"
        << "[gateway]\nlisten = \"127.0.0.1:0\"\nfrom = \"world\"\n"
        << "dialect = \"" << options.dialect << "\"\n"
        << options.gateway
        << "[[terminal]]\naccept_any = true\nto = \"shop\"\ncurrency = \"EUR\"\n";
    start();
    for (const char* account : {"world", "shop"})
      run({"account", "create", account, "--currency", "EUR", "--overdraft"});
  }

  void start() {
    node_.emplace(testing::child_program_options{
        .words = {DUCAT_PROGRAM, "node", "--config", config_.string()}, .error_file = log_});
    ready_ = node_->read_line().value_or("");
    endpoint_ = word_after("grpc=");
  }

  /// Returns the port for terminals.
  std::uint16_t port() const {
    const std::string address = word_after("iso8583=");
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }

  const std::string& ready_line() const { return ready_; }

  /// Runs a command; returns the JSON that it prints.
  json run(std::vector<std::string> arguments) {
    for (const std::string& word :
         {std::string{"json"}, std::string{"--output"}, endpoint_, std::string{"--endpoint"}})
      arguments.insert(arguments.begin(), word);
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    (void)cli::run(arguments, {.in = in, .out = out, .err = err});
    return json::parse(out.str(), nullptr, false);
  }

  /// Returns all payments, the oldest first.
  std::vector<json> payments() {
    const json all = run({"pay", "list", "--all"});
    return all.value("data", json::array()).get<std::vector<json>>();
  }

  /// Waits until no attempt is sent or owes a reversal; returns all payments.
  std::vector<json> settled_payments() {
    for (;;) {
      const auto all = payments();
      const bool is_settled = std::ranges::none_of(all, [](const json& payment) {
        const json attempts = payment.value("attempts", json::array());
        if (attempts.empty())
          return false;
        const auto state = attempts.back().value("state", "");
        return state == "SENT" || state == "REVERSING";
      });
      if (is_settled)
        return all;
      std::this_thread::yield();
    }
  }

  testing::child_program& process() { return *node_; }

private:
  std::string word_after(const std::string& name) const {
    const auto at = ready_.find(name);
    if (at == std::string::npos)
      throw std::runtime_error("the node is not ready: " + ready_);
    const auto begin = at + name.size();
    return ready_.substr(begin, ready_.find(' ', begin) - begin);
  }

  std::filesystem::path config_;
  std::filesystem::path log_;
  std::optional<testing::child_program> node_;
  std::string ready_;
  std::string endpoint_;
};

/// What the acquirer will pay for, by RRN: what it captured and has not taken back.
inline std::map<std::string, std::int64_t>
paid_by(const acquirer::testing::acquirer_process& host) {
  std::map<std::string, std::int64_t> owed;
  std::map<std::uint64_t, std::string> captured;
  for (const json& each : host.control({"journal"})) {
    const auto effect = each.at("effect").get<std::string>();
    const auto rrn = each.at("rrn").get<std::string>();
    if (effect == "captured") {
      EXPECT_TRUE(owed.emplace(rrn, each.at("amount").get<std::int64_t>()).second)
          << "paid twice: " << rrn;
      captured[each.at("sequence").get<std::uint64_t>()] = rrn;
    } else if (effect == "reversed") {
      owed.erase(captured[each.at("original").at("sequence").get<std::uint64_t>()]);
    }
  }
  return owed;
}

} // namespace ducat::gateway::test
