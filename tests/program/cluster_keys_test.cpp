/// Idempotency keys in a cluster: whoever is asked, one key is one payment.

#include "cluster_fixture.hpp"

#include <signal.h>

#include <set>
#include <thread>

namespace ducat::cli {
namespace {

class ClusterKeys : public ClusterProgram {
protected:
  /// Asks every node `times` times at once for a payment under that key; returns the answers.
  std::vector<printed> pay_everywhere_at_once(const std::string& key, int times) {
    std::vector<printed> answers(3 * static_cast<std::size_t>(times));
    std::vector<std::thread> clients;
    for (std::size_t i = 0; i < answers.size(); ++i)
      clients.emplace_back([&, i] {
        answers[i] = pay_at(cluster_->endpoint("node" + std::to_string(i % 3 + 1)), key);
      });
    for (std::thread& each : clients)
      each.join();
    return answers;
  }

  /// Expects that all tell of one payment.
  static std::string expect_one_payment(const std::vector<printed>& answers) {
    std::set<std::string> ids;
    for (const printed& each : answers) {
      EXPECT_EQ(each.code, exit_code::done) << each.out << each.err;
      const json told = each.document();
      ids.insert(told["payment"]["id"].get<std::string>());
      EXPECT_EQ(told["payment"]["state"], "CAPTURED");
    }
    EXPECT_EQ(ids.size(), 1U);
    return *ids.begin();
  }
};

TEST_F(ClusterKeys, AreOnePaymentHoweverManyAskForItAtThreeNodesAtOnce) {
  open_accounts();
  for (int round = 0; round < 5; ++round)
    expect_one_payment(pay_everywhere_at_once("round-" + std::to_string(round), 3));
  EXPECT_EQ(balance(), "5");
}

TEST_F(ClusterKeys, AreKnownToWhoeverSucceedsTheWriter) {
  open_accounts();
  const std::string before = expect_one_payment({pay("kept")});
  const std::string writer = wait_for_writer();
  cluster_->signal(writer, SIGKILL);
  wait_for_writer(writer);
  const printed again = pay("kept");
  ASSERT_EQ(again.code, exit_code::done) << again.err;
  EXPECT_TRUE(again.document()["replayed"].get<bool>());
  EXPECT_EQ(again.document()["payment"]["id"], before);
  const printed other = run({"pay", "create", "--from", "world", "--to", "shop", "--amount", "2",
                             "--currency", "EUR", "--key", "kept"});
  EXPECT_EQ(other.document()["error"]["code"], "idempotency_key_reused") << other.out;
  EXPECT_EQ(balance(), "1");
}

} // namespace
} // namespace ducat::cli
