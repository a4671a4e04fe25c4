#include "config.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <ostream>

namespace ducat {

namespace {

/// Returns what load_config makes of a file `node.toml` that holds `text`; messages are without
/// the folder of the file.
result<node_config> load(std::string_view text) {
  const testing::temporary_directory folder;
  const auto file = folder.path() / "node.toml";
  std::ofstream(file, std::ios::binary) << text;
  return load_config(file).map_error([&](error why) {
    const auto prefix = folder.path().string() + "/";
    EXPECT_EQ(why.message.substr(0, prefix.size()), prefix);
    return error{why.code, why.message.substr(prefix.size())};
  });
}

struct wrong_file {
  std::string_view text;
  std::string message;
};

std::ostream& operator<<(std::ostream& out, const wrong_file& file) {
  return out << file.text;
}

class WrongConfig : public ::testing::TestWithParam<wrong_file> {};

} // namespace

TEST(Config, TakesTheTimeOfDayOfAReconciliation) {
  const std::string acquirer = "[[acquirer]]\nname = 'a'\naddress = '127.0.0.1:1'\n";
  EXPECT_EQ(load(acquirer + "reconcile_at = '23:59'\n").value().acquirers[0].reconcile_at, "23:59");
  for (const char* wrong : {"24:00", "12:60", "1:00", "12-30", "", "12:30:00"})
    EXPECT_FALSE(load(acquirer + "reconcile_at = '" + wrong + "'\n")) << wrong;
}

TEST(Config, TakesTheMessageThatOrdersPayouts) {
  EXPECT_EQ(load("").value().bank_order, "pain.001.001.09");
  for (const std::string known : {"pain.001.001.03", "pain.001.001.09", "pacs.008.001.08"})
    EXPECT_EQ(load("[settlement]\norder = '" + known + "'\n").value().bank_order, known);
  EXPECT_EQ(load("[settlement]\norder = 'pacs.009.001.08'\n").error().message,
            "node.toml:2:9: `settlement.order` must be pain.001.001.03, pain.001.001.09 or "
            "pacs.008.001.08");
}

TEST(Config, TakesEveryKey) {
  const auto config = load("node = 'n2'\n"
                           "cluster = 'north'\n"
                           "data = '/var/lib/ducat'\n"
                           "[listen]\n"
                           "grpc = '127.0.0.1:1'\n"
                           "http = '[::1]:0'\n"
                           "[faults]\n"
                           "allowed = true\n"
                           "[payments]\n"
                           "workers = 1024\n"
                           "nodes = ['n2', 'n1']\n"
                           "mode = 'exclusive'\n"
                           "standby = 'cold'\n"
                           "takeover = true\n"
                           "[guardian]\n"
                           "restarts_max = 0\n"
                           "window_s = 86400\n"
                           "backoff_ms = 7\n"
                           "backoff_max_ms = 3600000\n"
                           "hang_after_s = 1\n"
                           "[log]\n"
                           "level = 'debug'\n");
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->node, "n2");
  EXPECT_EQ(config->cluster, "north");
  EXPECT_EQ(config->data, "/var/lib/ducat");
  EXPECT_EQ(config->grpc, "127.0.0.1:1");
  EXPECT_EQ(config->http, "[::1]:0");
  EXPECT_TRUE(config->faults);
  EXPECT_EQ(config->workers, 1024U);
  EXPECT_EQ(config->payments.nodes, (std::vector<std::string>{"n2", "n1"}));
  EXPECT_EQ(config->payments.mode, redundancy_mode::exclusive);
  EXPECT_EQ(config->payments.standby, standby_policy::cold);
  EXPECT_TRUE(config->payments.takeover);
  EXPECT_EQ(config->log_level, "debug");
  EXPECT_EQ(config->guardian.restarts_max, 0U);
  EXPECT_EQ(config->guardian.window_s, 86'400U);
  EXPECT_EQ(config->guardian.backoff_ms, 7U);
  EXPECT_EQ(config->guardian.backoff_max_ms, 3'600'000U);
  EXPECT_EQ(config->guardian.hang_after_s, 1U);
}

TEST(Config, TakesAGatewayAndItsTerminals) {
  const auto config = load("[gateway]\n"
                           "listen = '127.0.0.1:0'\n"
                           "plain = true\n"
                           "certificate = 'gw.crt'\n"
                           "key = 'gw.key'\n"
                           "ca = 'ca.crt'\n"
                           "dialect = 'npm-iso8583'\n"
                           "from = 'world'\n"
                           "[[terminal]]\n"
                           "id = 'TERM0001'\n"
                           "merchant = 'MERCHANT0000001'\n"
                           "to = 'shop'\n"
                           "currency = 'EUR'\n"
                           "partial = true\n"
                           "locked = true\n"
                           "[[terminal]]\n"
                           "accept_any = true\n"
                           "to = 'fair'\n"
                           "currency = 'SEK'\n");
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->gateway.listen, "127.0.0.1:0");
  EXPECT_TRUE(config->gateway.plain);
  EXPECT_EQ(config->gateway.certificate, "gw.crt");
  EXPECT_EQ(config->gateway.key, "gw.key");
  EXPECT_EQ(config->gateway.ca, "ca.crt");
  EXPECT_EQ(config->gateway.dialect, "npm-iso8583");
  EXPECT_EQ(config->gateway.from, "world");
  ASSERT_EQ(config->terminals.size(), 2U);
  EXPECT_EQ(config->terminals[0].id, "TERM0001");
  EXPECT_EQ(config->terminals[0].merchant, "MERCHANT0000001");
  EXPECT_TRUE(config->terminals[0].partial);
  EXPECT_TRUE(config->terminals[0].locked);
  EXPECT_TRUE(config->terminals[1].accept_any);
  EXPECT_EQ(config->terminals[1].to, "fair");
  EXPECT_EQ(config->terminals[1].currency, "SEK");
}

TEST(Config, TakesWhereWebhooksMayGo) {
  const auto config = load("[webhooks]\nallow_private = true\nca = 'our-ca.crt'\n");
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->webhooks.allow_private);
  EXPECT_EQ(config->webhooks.ca, "our-ca.crt");
  EXPECT_FALSE(load("")->webhooks.allow_private);
}

TEST(Config, AsksForTls13UnlessItSaysOtherwise) {
  const std::string acquirer = "[[acquirer]]\nname = 'a'\naddress = '127.0.0.1:1'\n";
  EXPECT_FALSE(load(acquirer)->acquirers[0].tls_1_2);
  EXPECT_TRUE(load(acquirer + "tls_1_2 = true\n")->acquirers[0].tls_1_2);
  EXPECT_FALSE(load("")->gateway.tls_1_2 || load("")->webhooks.tls_1_2 || load("")->alerts.tls_1_2);
  EXPECT_TRUE(load("[webhooks]\ntls_1_2 = true\n")->webhooks.tls_1_2);
  EXPECT_TRUE(load("[alerts]\ntls_1_2 = true\n")->alerts.tls_1_2);
  EXPECT_TRUE(
      load("[gateway]\nlisten = '127.0.0.1:1'\nfrom = 'w'\ntls_1_2 = true\n")->gateway.tls_1_2);
}

TEST(Config, TakesHowManyPaymentsAreMadeAtATime) {
  const auto config = load("[payments]\nat_a_time = 7\ncards_at_a_time = 9\n");
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->payments_max, 7u);
  EXPECT_EQ(config->card_payments_max, 9u);
  EXPECT_FALSE(load("[payments]\nat_a_time = 0\n"));
}

TEST(Config, AsksForASecondPersonUnlessItSaysOtherwise) {
  const std::string access = "cluster = 'c'\n[access]\nca = 'a'\ncertificate = 'b'\nkey = 'k'\n";
  EXPECT_TRUE(load(access)->access.dual_control);
  EXPECT_FALSE(load(access + "dual_control = false\n")->access.dual_control);
  EXPECT_FALSE(load(access + "dual_control = 'no'\n"));
}

TEST(Config, TakesWhoIsToldOfAlerts) {
  const auto config = load("[alerts]\nurl = 'https://pager.example/hook?a=b'\n"
                           "heartbeat = 'http://127.0.0.1:1/'\nheartbeat_every_s = 5\n"
                           "secret = 'alerts.secret'\nallow_private = true\nca = 'our-ca.crt'\n");
  ASSERT_TRUE(config) << config.error();
  EXPECT_TRUE(config->alerts.are_looked_for);
  EXPECT_EQ(config->alerts.url, "https://pager.example/hook?a=b");
  EXPECT_EQ(config->alerts.heartbeat, "http://127.0.0.1:1/");
  EXPECT_EQ(config->alerts.heartbeat_every_s, 5u);
  EXPECT_EQ(config->alerts.secret, "alerts.secret");
  EXPECT_TRUE(config->alerts.allow_private);
  EXPECT_TRUE(load("[alerts]\n")->alerts.are_looked_for) << "they are logged and shown";
  EXPECT_FALSE(load("")->alerts.are_looked_for);
  for (const char* wrong : {"url = 'pager.example'", "url = 'ftp://pager.example/'", "url = 5",
                            "heartbeat = 'https://u@pager.example/'", "heartbeat_every_s = 0"})
    EXPECT_FALSE(load(std::string{"[alerts]\n"} + wrong + "\n")) << wrong;
}

TEST(Config, TakesWhoIsToldOfTraces) {
  const auto config = load("[traces]\nto = 'http://127.0.0.1:4318/v1/traces'\nsampled = '0.5'\n"
                           "waiting_max = 5\nevery_ms = 7\nca = 'our-ca.crt'\ntls_1_2 = true\n");
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->traces.to, "http://127.0.0.1:4318/v1/traces");
  EXPECT_EQ(config->traces.sampled, "0.5");
  EXPECT_EQ(config->traces.waiting_max, 5u);
  EXPECT_EQ(config->traces.every_ms, 7u);
  EXPECT_EQ(config->traces.ca, "our-ca.crt");
  EXPECT_TRUE(config->traces.tls_1_2);
  EXPECT_EQ(load("")->traces.to, "") << "nobody is told unless the file says so";
  EXPECT_EQ(load("[traces]\nto = 'https://c/'\n")->traces.sampled, "0.01");
  EXPECT_FALSE(load("[traces]\n")) << "whom, it does not say";
  for (const char* wrong : {"to = 'collector'", "sampled = '2'", "sampled = 0.5", "sampled = ''",
                            "waiting_max = 0", "every_ms = 0"})
    EXPECT_FALSE(load(std::string{"[traces]\nto = 'https://c/'\n"} + wrong + "\n")) << wrong;
}

TEST(Config, KeepsTheDefaultsOfWhatIsLeftOut) {
  const auto config = load("");
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->node, "node1");
  EXPECT_TRUE(config->data.empty());
  EXPECT_EQ(config->grpc, "127.0.0.1:7411");
  EXPECT_EQ(config->http, "127.0.0.1:7410");
  EXPECT_FALSE(config->faults);
  EXPECT_EQ(config->workers, 8U);
  EXPECT_EQ(config->log_level, "info");
  EXPECT_EQ(config->guardian.restarts_max, 5U);
  EXPECT_EQ(config->guardian.window_s, 60U);
  EXPECT_EQ(config->guardian.backoff_ms, 100U);
  EXPECT_EQ(config->guardian.backoff_max_ms, 10'000U);
  EXPECT_EQ(config->guardian.hang_after_s, 10U);
}

TEST(Config, AnAcquirerHasOneAddressOrSeveral) {
  const auto config =
      load("[[acquirer]]\nname = 'acme'\naddresses = ['h:1', 'h:2']\ntakeover = true\n"
           "takeover_after_ms = 5\n[[acquirer]]\nname = 'b'\naddress = 'h:3'\n");
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->acquirers[0].addresses, (std::vector<std::string>{"h:1", "h:2"}));
  EXPECT_TRUE(config->acquirers[0].takeover);
  EXPECT_EQ(config->acquirers[0].takeover_after_ms, 5U);
  EXPECT_EQ(config->acquirers[1].address, "h:3");
  EXPECT_FALSE(config->acquirers[1].takeover);
}

TEST_P(WrongConfig, IsRefusedWithThePlaceAndTheKey) {
  const auto config = load(GetParam().text);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, errc::invalid_argument);
  EXPECT_THAT(config.error().message, ::testing::StartsWith(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Config, WrongConfig,
    ::testing::Values(
        wrong_file{"[[acquirer]]\nname = 'a'",
                   "node.toml:1:1: an acquirer needs `name` and either"},
        wrong_file{"[[acquirer]]\nname = 'a'\naddress = 'h:1'\naddresses = ['h:2']",
                   "node.toml:1:1: an acquirer needs `name` and either"},
        wrong_file{"[[acquirer]]\nname = 'a'\naddresses = ['h']",
                   "node.toml:3:13: `acquirer.addresses` must be HOST:PORT"},
        wrong_file{"nodes = 'a'", "node.toml:1:1: `nodes` is not known"},
        wrong_file{"\n[listen]\ntls = true", "node.toml:3:1: `listen.tls` is not known"},
        wrong_file{"[metrics]\n", "node.toml:1:2: `metrics` is not known"},
        wrong_file{"log.level.x = 1", "node.toml:1:5: `log.level` must be a string"},
        wrong_file{"node = ''", "node.toml:1:8: `node` must be 1 to 64 of"},
        wrong_file{"node = 'a b'", "node.toml:1:8: `node` must be 1 to 64 of"},
        wrong_file{"node = 5", "node.toml:1:8: `node` must be a string"},
        wrong_file{"data = ''", "node.toml:1:8: `data` must be a path"},
        wrong_file{"listen = 'here'", "node.toml:1:10: `listen` must be a table"},
        wrong_file{"[listen]\ngrpc = 7411", "node.toml:2:8: `listen.grpc` must be a string"},
        wrong_file{"[listen]\nhttp = ':7410'", "node.toml:2:8: `listen.http` must be HOST:PORT"},
        wrong_file{"[faults]\nallowed = 'yes'", "node.toml:2:11: `faults.allowed` must be true"},
        wrong_file{"[payments]\nworkers = 0", "node.toml:2:11: `payments.workers` must be 1 to"},
        wrong_file{"[payments]\nnodes = ['n/1']",
                   "node.toml:2:9: `payments.nodes` must be 1 to 64"},
        wrong_file{"[payments]\nmode = 'twin'",
                   "node.toml:2:8: `payments.mode` must be one of pri"},
        wrong_file{"[payments]\nstandby = 3",
                   "node.toml:2:11: `payments.standby` must be one of co"},
        wrong_file{"[payments]\nworkers = -1", "node.toml:2:11: `payments.workers` must be 1 to"},
        wrong_file{"[payments]\nworkers = 4294967297", "node.toml:2:11: `payments.workers`"},
        wrong_file{"[payments]\nworkers = 2.0", "node.toml:2:11: `payments.workers` must be a n"},
        wrong_file{"[guardian]\nrestarts = 1", "node.toml:2:1: `guardian.restarts` is not known"},
        wrong_file{"[guardian]\nrestarts_max = 1001", "node.toml:2:16: `guardian.restarts_max` mu"},
        wrong_file{"[guardian]\nwindow_s = 0", "node.toml:2:12: `guardian.window_s` must be 1 to"},
        wrong_file{"[guardian]\nhang_after_s = 0", "node.toml:2:16: `guardian.hang_after_s` must"},
        wrong_file{
            "[guardian]\nbackoff_ms = 10001",
            "node.toml:1:1: `guardian.backoff_ms` must be at most `guardian.backoff_max_ms`"},
        wrong_file{"[gateway]\ntls = true", "node.toml:2:1: `gateway.tls` is not known"},
        wrong_file{"[gateway]\nlisten = 'here'", "node.toml:2:10: `gateway.listen` must be HOST"},
        wrong_file{"[gateway]\nfrom = 'world'", "node.toml: a gateway needs `gateway.listen`"},
        wrong_file{"[gateway]\nlisten = '127.0.0.1:0'",
                   "node.toml: a gateway needs `gateway.from`"},
        wrong_file{"terminal = 'T'", "node.toml:1:12: `terminal` must be tables: [[terminal]]"},
        wrong_file{"[[terminal]]\npin = 1", "node.toml:2:1: `terminal.pin` is not known"},
        wrong_file{"[[terminal]]\nid = 'TERM0001'",
                   "node.toml:1:1: a terminal needs `to` and `currency`"},
        wrong_file{"[[terminal]]\nto = 'shop'\ncurrency = 'EUR'",
                   "node.toml:1:1: a terminal has either `id` or `accept_any`"},
        wrong_file{"[[terminal]]\nid = 'TERM0001'\nto = 'shop'\ncurrency = 'EUR'",
                   "node.toml: terminals need the table `gateway`"},
        wrong_file{"[log]\nlevel = 'loud'", "node.toml:2:9: `log.level` must be trace"},
        wrong_file{"node = 'a'\nnode = 'b'", "node.toml:2:"},
        wrong_file{"node = \n", "node.toml:1:"}, wrong_file{"\n\n  =", "node.toml:3:"},
        wrong_file{"node = '\xff'", "node.toml:1:"},
        wrong_file{"[payments]\nworkers = 99999999999999999999", "node.toml:2:"}));

TEST(Config, TellsThatAFileIsMissing) {
  const auto config = load_config("no-such-folder/node.toml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, errc::not_found);
  EXPECT_THAT(config.error().message, ::testing::HasSubstr("no-such-folder/node.toml"));
}

TEST(Config, TellsThatAFolderIsNoFile) {
  const testing::temporary_directory folder;
  EXPECT_EQ(load_config(folder.path()).error().code, errc::io);
}

} // namespace ducat
