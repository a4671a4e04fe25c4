/// A cluster on a network, clients that pay, and what must be true whatever was broken.
#pragma once

#include "hosts/host_cluster.hpp"
#include "hosts/network.hpp"
#include "network/load.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace ducat::testing {

using cli::host_cluster;
using cli::host_cluster_options;
using cli::network;
using cli::run_program;
using cli::why_no_network;

class BrokenWorld : public ::testing::Test {
protected:
  static constexpr std::size_t hosts = 3;

  /// Skips the test where there can be no network of its own.
  void SetUp() override;
  void TearDown() override;

  /// Called before the members and nodes are started for the first time.
  virtual void prepare() {}

  /// Returns the host of the node that writes the log, when all is well.
  std::size_t writer() const { return cluster_->wait_until_whole(); }

  /// Shows at the end of a test that nothing was lost or doubled: every acknowledged payment is in
  /// the log once, each etcd member has the same log, and each node the same balances.
  void expect_nothing_lost_or_doubled();

  host_cluster& cluster() { return *cluster_; }

  network& net() { return *network_; }

  load& clients() { return *load_; }

  const std::filesystem::path& directory() const { return directory_.path(); }

private:
  temporary_directory directory_;
  std::unique_ptr<network> network_;
  std::unique_ptr<host_cluster> cluster_;
  std::unique_ptr<load> load_;
};

} // namespace ducat::testing
