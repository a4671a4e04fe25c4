#include "chaos/cluster_stage.hpp"
#include "up/cluster_process.hpp"

#include <ducat/etcd_log.hpp>

namespace ducat::cli {

namespace {

class loopback_stage final : public stage {
public:
  explicit loopback_stage(std::unique_ptr<cluster_process> cluster)
      : cluster_{std::move(cluster)} {}

  std::vector<std::string> nodes() const override {
    std::vector<std::string> all;
    for (const node_place& each : cluster_->layout().nodes)
      all.push_back(each.name);
    return all;
  }

  std::vector<std::string> members() const override {
    std::vector<std::string> all;
    for (const etcd_place& each : cluster_->layout().members)
      all.push_back(each.name);
    return all;
  }

  std::string endpoint(const std::string& node) const override { return cluster_->endpoint(node); }

  void signal(const std::string& part, int number) const override {
    cluster_->signal(part, number);
  }

  result<void> break_network(const std::string&, fault_action) const override {
    return fail(errc::invalid_argument, "all nodes share the loopback");
  }

  void mend_network(const std::string&) const override {}

  std::uint64_t lives(const std::string& node) const override { return cluster_->readies(node); }

  void tend() override {} // ducat up does, and the guardians.

  result<verdict> check(const std::filesystem::path& record) override {
    const auto log = open_etcd_log({{.endpoints = cluster_->etcd_endpoints()},
                                    "ducat/" + cluster_->layout().cluster + "/log/"});
    return log ? check_log(**log, record, {}) : tl::unexpected(log.error());
  }

  bool stop() override { return cluster_->stop(); }

private:
  std::unique_ptr<cluster_process> cluster_;
};

} // namespace

result<std::unique_ptr<stage>> start_loopback_stage(const cluster_stage_options& options) {
  auto cluster = cluster_process::start(
      {.program = options.program, .directory = options.directory, .nodes = options.nodes});
  if (!cluster)
    return tl::unexpected(cluster.error());
  return std::make_unique<loopback_stage>(std::move(*cluster));
}

} // namespace ducat::cli
