/// Nodes that a cluster does not take.

#include "cluster_fixture.hpp"
#include "support/child_program.hpp"

#include <ducat/certificates.hpp>

#include <fstream>

namespace ducat::cli {
namespace {

/// What a node says that is refused, run with the configuration of `node` after `change`.
class RefusedNode : public ClusterProgram {
protected:
  std::string home() const { return (directory_.path() / "cluster").string(); }

  std::string config_of(const std::string& node) const {
    std::ostringstream text;
    text << std::ifstream{home() + "/" + node + ".toml"}.rdbuf();
    return text.str();
  }

  static std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
  }

  /// Returns the exit code and the last words of a node with this configuration.
  std::pair<int, std::string> run_node(const std::string& config,
                                       std::vector<std::string> environment = {}) const {
    const auto file = directory_.path() / "refused.toml";
    const auto said = directory_.path() / "refused.log";
    std::ofstream{file} << config;
    testing::child_program node{
        {.words = {DUCAT_PROGRAM, "node", "--unguarded", "--config", file.string(), "--grpc",
                   "127.0.0.1:0", "--http", "127.0.0.1:0"},
         .environment = std::move(environment),
         .error_file = said}};
    const int code = node.wait();
    std::ostringstream text;
    text << std::ifstream{said}.rdbuf();
    return {code, text.str()};
  }
};

TEST_F(RefusedNode, HasTheIdOfANodeThatIsAlive) {
  const auto layout = cluster_->layout();
  const std::string config = replaced(
      config_of("node1"), "127.0.0.1:" + std::to_string(layout.nodes[0].link), "127.0.0.1:0");
  const auto [code, said] = run_node(config);
  EXPECT_EQ(code, static_cast<int>(exit_code::in_use)) << said;
  EXPECT_NE(said.find("a node with the id node1 is alive in this cluster"), std::string::npos)
      << said;
}

TEST_F(RefusedNode, HasACertificateOfAnotherNode) {
  const auto [code, said] =
      run_node(replaced(config_of("node1"), "node = \"node1\"", "node = \"node4\""));
  EXPECT_EQ(code, static_cast<int>(exit_code::refused)) << said;
  EXPECT_NE(said.find("is not for ducat://local/node/node4"), std::string::npos) << said;
}

TEST_F(RefusedNode, HasAKeyThatOthersMayRead) {
  std::filesystem::permissions(home() + "/certs/node1.key", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const auto [code, said] = run_node(config_of("node1"));
  EXPECT_EQ(code, static_cast<int>(exit_code::refused)) << said;
  EXPECT_NE(said.find("chmod 600"), std::string::npos) << said;
}

TEST_F(RefusedNode, IsOfAnotherCluster) {
  const auto certs = directory_.path() / "other";
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  ASSERT_TRUE(security::make_authority(certs, {.cluster = "other"}, now));
  ASSERT_TRUE(security::issue_node(certs, {.id = "node1"}, now));
  std::string config = config_of("node1");
  for (const char* file : {"ca.crt", "node1.crt", "node1.key"})
    config = replaced(config, home() + "/certs/" + file, (certs / file).string());
  const auto [code, said] = run_node(config);
  EXPECT_EQ(code, static_cast<int>(exit_code::refused)) << said;
}

// It sees what the others' clocks say, and they are minutes behind.
TEST_F(RefusedNode, HasAClockThatIsFarOff) {
  const char* const faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
  if (!std::filesystem::exists(faketime))
    GTEST_SKIP() << "libfaketime is not installed: see apps/packages.txt";
  const auto certs = std::filesystem::path{home()} / "certs";
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  ASSERT_TRUE(security::issue_node(certs, {.id = "node4"}, now));
  std::string config = config_of("node1");
  for (const char* each : {"node = \"node1\"", "certs/node1.crt", "certs/node1.key"}) {
    std::string own = each;
    own[own.find('1')] = '4';
    config = replaced(config, each, own);
  }
  config = replaced(config, "127.0.0.1:" + std::to_string(cluster_->layout().nodes[0].link),
                    "127.0.0.1:0");
  const auto [code, said] = run_node(
      config, {std::string{"LD_PRELOAD="} + faketime, "FAKETIME=+10m",
               "FAKETIME_DONT_FAKE_MONOTONIC=1", // Or else nothing that waits wakes up.
               // An allocator that asks for the time asks libfaketime, which allocates.
               "ASAN_OPTIONS=verify_asan_link_order=0:allocator_release_to_os_interval_ms=-1"});
  EXPECT_EQ(code, static_cast<int>(exit_code::refused)) << said;
  EXPECT_NE(said.find("the clock of this node is off by 600 s against that of node node"),
            std::string::npos)
      << said;
}

} // namespace
} // namespace ducat::cli
