/// What a node's configuration says of alerts, and the secret that it names.

#include "alerts_child.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace ducat::cli {
namespace {

class AlertsChild : public ::testing::Test {
protected:
  AlertsChild() { config_.alerts.are_looked_for = true; }

  /// Writes a file that is the configuration's secret.
  void put_secret(const std::string& text, mode_t mode = 0600) {
    config_.alerts.secret = directory_.path() / "alerts.secret";
    std::ofstream{config_.alerts.secret} << text;
    ASSERT_EQ(::chmod(config_.alerts.secret.c_str(), mode), 0);
  }

  errc refusal() {
    const auto made = alerting_of(config_);
    EXPECT_FALSE(made);
    return made ? errc::io : made.error().code;
  }

  testing::temporary_directory directory_;
  node_config config_;
};

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

TEST_F(AlertsChild, NobodyLooksWithoutTheTable) {
  config_.alerts.are_looked_for = false;
  EXPECT_FALSE(alerting_of(config_).value());
}

TEST_F(AlertsChild, AnEmptyTableLogsAndShows) {
  const auto made = alerting_of(config_).value();
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->url);
  EXPECT_FALSE(made->heartbeat);
  EXPECT_NE(made->board, nullptr);
}

TEST_F(AlertsChild, TakesTheSecretOfAFile) {
  put_secret(secret + "\n");
  config_.alerts.url = "https://pager.example/";
  const auto made = alerting_of(config_).value();
  EXPECT_EQ(made->secret, secret);
  EXPECT_EQ(made->url->host, "pager.example");
}

TEST_F(AlertsChild, RefusesASecretThatOthersMayRead) {
  put_secret(secret, 0640);
  EXPECT_EQ(refusal(), errc::not_permitted);
}

TEST_F(AlertsChild, RefusesWhatIsNoSecret) {
  put_secret("hunter2");
  EXPECT_EQ(refusal(), errc::invalid_argument);
  config_.alerts.secret = directory_.path() / "missing";
  EXPECT_EQ(refusal(), errc::not_found);
}

TEST_F(AlertsChild, RefusesAuthoritiesThatItCannotRead) {
  config_.alerts.ca = directory_.path() / "missing.crt";
  EXPECT_EQ(refusal(), errc::invalid_argument);
}

} // namespace
} // namespace ducat::cli
