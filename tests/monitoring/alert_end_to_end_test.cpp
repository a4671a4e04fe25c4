/// A node is killed, and somebody's pager rings: the real Prometheus and Alertmanager, with the
/// rules that ship.

#include "api/authority.hpp"
#include "watched_node.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

namespace ducat {
namespace {

using nlohmann::json;
using testing::child_program;
using testing::temporary_directory;
using testing::watched_node;

/// What Alertmanager tells of alerts that fire, by their names.
class pager {
public:
  pager() {
    server_.Post("/page", [this](const httplib::Request& request, httplib::Response&) {
      const std::lock_guard lock{guard_};
      const json told = json::parse(request.body, nullptr, false);
      for (const json& alert : told.value("alerts", json::array()))
        if (alert.value("status", "") == "firing")
          rung_.insert(alert["labels"].value("alertname", ""));
      changed_.notify_all();
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { server_.listen_after_bind(); }};
  }

  ~pager() {
    server_.stop();
    thread_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/page"; }

  bool has_rung(const std::string& alert) {
    const std::lock_guard lock{guard_};
    return rung_.contains(alert);
  }

  void wait_for(const std::string& alert) {
    std::unique_lock lock{guard_};
    changed_.wait(lock, [&] { return rung_.contains(alert); });
  }

private:
  httplib::Server server_;
  std::mutex guard_;
  std::condition_variable changed_;
  std::set<std::string> rung_;
  std::thread thread_;
  int port_ = 0;
};

/// A server that says in its log where it listens.
class monitoring_server {
public:
  monitoring_server(std::vector<std::string> words, const std::filesystem::path& log)
      : program_{{.words = std::move(words), .error_file = log}} {
    while (address_.empty() && program_.is_running()) {
      address_ = address_in(log);
      std::this_thread::yield();
    }
    if (address_.empty())
      throw std::runtime_error("it has ended: see " + log.string());
  }

  /// HOST:PORT.
  const std::string& address() const noexcept { return address_; }

private:
  /// Only lines that are complete count.
  static std::string address_in(const std::filesystem::path& log) {
    std::ifstream lines{log};
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      const auto at = line.find("address=127.0.0.1:");
      if (at != std::string::npos && !line.ends_with(":0"))
        return line.substr(at + 8, line.find(' ', at) - at - 8);
    }
    return {};
  }

  child_program program_;
  std::string address_;
};

/// Prometheus watches a node by the rules that ship, and tells Alertmanager, which rings a pager.
class alerting {
public:
  /// `how` is how it asks the node, in its own words.
  explicit alerting(const watched_node& node, const std::string& how = "scheme: http") {
    write("alertmanager.yml", "route: {receiver: pages, group_wait: 1s, group_interval: 1s}\n"
                              "receivers:\n"
                              "  - name: pages\n"
                              "    webhook_configs: [{url: '" +
                                  rings.url() + "'}]\n");
    manager_.emplace(words(DUCAT_ALERTMANAGER, "alertmanager.yml",
                           {"--cluster.listen-address=",
                            "--storage.path=" + (directory_.path() / "manager").string()}),
                     directory_.path() / "alertmanager.log");
    write("prometheus.yml", "global: {scrape_interval: 1s, scrape_timeout: 1s, "
                            "evaluation_interval: 1s}\n"
                            "rule_files: ['" DUCAT_RULES "']\n"
                            "alerting: {alertmanagers: [{static_configs: [{targets: ['" +
                                manager_->address() +
                                "']}]}]}\n"
                                "scrape_configs:\n"
                                "  - job_name: ducat\n"
                                "    " +
                                how +
                                "\n"
                                "    static_configs: [{targets: ['" +
                                node.address() + "']}]\n");
    prometheus_.emplace(words("prometheus", "prometheus.yml",
                              {"--rules.alert.resend-delay=1s", // The first one may find nobody.
                               "--storage.tsdb.path=" + (directory_.path() / "series").string()}),
                        directory_.path() / "prometheus.log");
  }

  /// Waits until it has seen that the node is ready.
  void wait_until_it_watches() const {
    httplib::Client client{"http://" + prometheus_->address()};
    for (;;) {
      const auto answer = client.Get("/api/v1/query?query=ducat_node_ready");
      if (answer && answer->body.find("\"1\"") != std::string::npos)
        return;
      std::this_thread::yield();
    }
  }

  pager rings;

private:
  void write(const char* name, const std::string& text) const {
    std::ofstream{directory_.path() / name} << text;
  }

  std::vector<std::string> words(const char* program, const char* configuration,
                                 std::vector<std::string> more) const {
    std::vector<std::string> all{program,
                                 "--config.file=" + (directory_.path() / configuration).string(),
                                 "--web.listen-address=127.0.0.1:0"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  temporary_directory directory_;
  std::optional<monitoring_server> manager_;
  std::optional<monitoring_server> prometheus_;
};

TEST(Alerting, PagesWhenANodeIsKilled) {
  if (std::string{DUCAT_ALERTMANAGER}.ends_with("NOTFOUND"))
    GTEST_SKIP() << "there is no Alertmanager";
  watched_node node;
  alerting watches{node};
  watches.wait_until_it_watches();
  watches.rings.wait_for("DucatWatchdog"); // The way to the pager is open.
  EXPECT_FALSE(watches.rings.has_rung("DucatNodeDown"));
  const auto killed = std::chrono::steady_clock::now();
  node.kill();
  watches.rings.wait_for("DucatNodeDown");
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - killed;
  std::cout << "from the kill to the page: " << time.count() << " s\n";
}

TEST(Alerting, WatchesANodeThatAsksWhoCalls) {
  if (std::string{DUCAT_ALERTMANAGER}.ends_with("NOTFOUND"))
    GTEST_SKIP() << "there is no Alertmanager";
  const api::test::authority ours;
  const auto own = ours.node("node1");
  const auto shown = ours.of(security::role::viewer, "prometheus");
  const auto config = ours.path() / "node.toml";
  std::ofstream{config} << "cluster = 'test'\n[access]\nca = '" << ours.ca().string()
                        << "'\ncertificate = '" << own.certificate.string() << "'\nkey = '"
                        << own.key.string() << "'\n";
  const watched_node node{{"--config", config.string()}};
  const alerting watches{node, "scheme: https\n    tls_config: {ca_file: '" + ours.ca().string() +
                                   "', cert_file: '" + shown.certificate.string() +
                                   "', key_file: '" + shown.key.string() + "'}"};
  watches.wait_until_it_watches();
}

} // namespace
} // namespace ducat
