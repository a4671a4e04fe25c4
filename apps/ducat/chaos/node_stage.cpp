#include "chaos/node_stage.hpp"

#include "hosts/hosted_process.hpp"
#include "up/layout.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <fstream>

namespace ducat::cli {

namespace {

using namespace std::chrono_literals;

constexpr duration node_limit = 60s; ///< To be ready, and to stop.
const char* const only_node = "node1";

/// What is crashed for show is to be back soon, however often, and what is paused is to wake.
std::string config_of_one(const std::filesystem::path& directory, const node_place& at) {
  return fmt::format("node = \"{0}\"\n"
                     "data = \"{1}/{0}\"\n"
                     "\n[listen]\nhttp = \"127.0.0.1:{2}\"\ngrpc = \"127.0.0.1:{3}\"\n"
                     "\n[faults]\nallowed = true\n"
                     "\n[guardian]\nrestarts_max = 1000\nwindow_s = 60\nbackoff_ms = 50\n"
                     "backoff_max_ms = 200\nhang_after_s = 60\n",
                     only_node, directory.string(), at.http, at.grpc);
}

class node_stage final : public stage {
public:
  node_stage(std::filesystem::path directory, const node_place& at,
             const std::vector<std::string>& words)
      : directory_{std::move(directory)}, endpoint_{fmt::format("127.0.0.1:{}", at.grpc)},
        node_{words, directory_ / "logs" / (std::string{only_node} + ".log")} {}

  bool wait_until_ready() const { return node_.wait_until_ready(1, node_limit); }

  std::vector<std::string> nodes() const override { return {only_node}; }

  std::vector<std::string> members() const override { return {}; }

  std::string endpoint(const std::string&) const override { return endpoint_; }

  void signal(const std::string&, int number) const override { node_.signal(number); }

  result<void> break_network(const std::string&, fault_action) const override {
    return fail(errc::invalid_argument, "one node has no network");
  }

  void mend_network(const std::string&) const override {}

  std::uint64_t lives(const std::string&) const override { return node_.readies(); }

  void tend() override {} // Its guardian does.

  result<verdict> check(const std::filesystem::path& record) override {
    if (!stop())
      return fail(errc::unavailable, "the node does not stop");
    return check_files(directory_ / only_node, record, {});
  }

  bool stop() override {
    if (!is_stopped_)
      node_.signal(SIGTERM);
    is_stopped_ = true;
    return node_.wait_until_ended(node_limit);
  }

private:
  std::filesystem::path directory_;
  std::string endpoint_;
  hosted_process node_;
  bool is_stopped_ = false;
};

} // namespace

result<std::unique_ptr<stage>> start_node_stage(const std::filesystem::path& program,
                                                const std::filesystem::path& directory) {
  const auto layout = make_layout({.nodes = 1, .base_port = 0});
  if (!layout)
    return tl::unexpected(layout.error());
  std::filesystem::create_directories(directory / "logs");
  const auto config = directory / (std::string{only_node} + ".toml");
  std::ofstream{config} << config_of_one(directory, layout->nodes.front());
  try {
    auto made = std::make_unique<node_stage>(
        directory, layout->nodes.front(),
        std::vector<std::string>{program.string(), "node", "--config", config.string()});
    if (!made->wait_until_ready())
      return fail(errc::unavailable, "the node is not ready");
    return made;
  } catch (const std::exception& why) { // From hosted_process: it cannot be started.
    return fail(errc::io, why.what());
  }
}

} // namespace ducat::cli
