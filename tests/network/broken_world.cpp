#include "network/broken_world.hpp"

#include "check/checker.hpp"
#include "demo/node_calls.hpp"
#include "demo/report.hpp"

#include <sstream>

namespace ducat::testing {

void BrokenWorld::SetUp() {
  if (const auto why = why_no_network())
    GTEST_SKIP() << *why;
  network_ = std::make_unique<network>(hosts);
  cluster_ = std::make_unique<host_cluster>(
      *network_, host_cluster_options{.program = DUCAT_PROGRAM, .directory = directory()});
  prepare();
  cluster_->start();
  cluster_->wait_until_whole();
  load_ = std::make_unique<load>(directory() / "record.jsonl", host_cluster::apis(cluster_->all()));
}

void BrokenWorld::TearDown() {
  load_.reset();
  cluster_.reset();
  network_.reset();
}

void BrokenWorld::expect_nothing_lost_or_doubled() {
  EXPECT_EQ(load_->finish(), "");
  cluster_->wait_until_whole();
  EXPECT_GT(load_->acknowledged(), 0u);
  for (const std::size_t host : cluster_->all()) {
    cluster_->hand_over_to(host); // It answers from its own copy now.
    const auto log = cluster_->log_through(host);
    auto found = cli::check_log(*log, load_->record(), {});
    const auto accounts = cli::accounts_of(host_cluster::api(host));
    const auto status = cluster_->status(host);
    ASSERT_TRUE(found && accounts && status);
    cli::add_differences(*accounts, *found);
    std::ostringstream text;
    cli::print_table(text, *found);
    EXPECT_TRUE(found->is_green()) << text.str();
    EXPECT_EQ(found->in_doubt, 0u);
    EXPECT_EQ(status->log_hash(), found->last_hash);
    EXPECT_EQ(found->payments, load_->acknowledged());
  }
}

} // namespace ducat::testing
