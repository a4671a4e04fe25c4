/// Somebody is told of what fires, over real HTTP: once, signed, whatever the receiver does and
/// whenever the actor that looks dies.

#include "alerts/alert_actor.hpp"
#include "alerts/figure_source.hpp"
#include "api/fake_service.hpp"
#include "webhook/receiver.hpp"

#include <ducat/testing.hpp>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace ducat::alerts {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using webhook::test::received;
using webhook::test::receiver;

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

using types = std::vector<std::string>;

types types_of(const std::vector<received>& all) {
  types found;
  for (const received& each : all)
    found.push_back(nlohmann::json::parse(each.body)["type"]);
  return found;
}

std::size_t beats_in(const std::vector<received>& all) {
  return static_cast<std::size_t>(std::ranges::count(types_of(all), "alert.heartbeat"));
}

class AlertActor : public ::testing::Test {
protected:
  void SetUp() override { figures_->open(service_); }

  /// Looks every few milliseconds, by rules that fire at once.
  alert_options options() {
    return {.from = {.node = "n1", .cluster = "c"},
            .board = board_,
            .figures = figures_,
            .url = payment::parse_webhook_url(pager_.url()),
            .secret = secret,
            .allow_private = true,
            .look_every = 5ms};
  }

  void run(const alert_options& with) {
    node_.emplace([with](node& n) {
      n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 1s},
                  {{.id = "alerts", .start = ducat::start(alert_actor, with)}});
    });
  }

  bool wait_for(const types& wanted) {
    return pager_.wait([&](const auto& all) { return types_of(all) == wanted; });
  }

  receiver pager_{secret};
  api::fake_service service_;
  std::shared_ptr<alert_board> board_ = std::make_shared<alert_board>(
      std::vector<rule>{{.name = "DucatNodeNotReady", .how = severity::page, .action = "run"}});
  std::shared_ptr<figure_source> figures_ = std::make_shared<figure_source>();
  std::optional<ducat::testing::local_node> node_; ///< Gone before all of these.
};

TEST_F(AlertActor, TellsThatItFiresAndThatItIsOver) {
  run(options());
  service_.ready = false;
  ASSERT_TRUE(wait_for({"alert.fired"}));
  service_.ready = true;
  ASSERT_TRUE(wait_for({"alert.fired", "alert.resolved"}));
  for (const received& each : pager_.accepted())
    EXPECT_TRUE(each.is_signed);
  const auto body = nlohmann::json::parse(pager_.accepted()[0].body);
  EXPECT_EQ(body["dedup_key"], "c/DucatNodeNotReady/n1");
}

TEST_F(AlertActor, TriesAgainUntilItIsTaken) {
  std::atomic<int> tries = 0;
  pager_.answer_with([&] { return ++tries < 3 ? 503 : 204; });
  run(options());
  service_.ready = false;
  ASSERT_TRUE(wait_for({"alert.fired"}));
  EXPECT_EQ(pager_.requests(), 3);
}

TEST_F(AlertActor, ItsNextLifeDoesNotTellAgain) {
  run(options());
  service_.ready = false;
  ASSERT_TRUE(wait_for({"alert.fired"}));
  const auto life = node_->crash("alerts");
  ASSERT_TRUE(node_->wait_until_restarted("alerts", life));
  service_.ready = true;
  ASSERT_TRUE(pager_.wait([](const auto& all) { return all.size() == 2; }));
  EXPECT_THAT(types_of(pager_.accepted()), ElementsAre("alert.fired", "alert.resolved"));
  EXPECT_NE(pager_.accepted()[0].id, pager_.accepted()[1].id)
      << "who knows the first id would leave the second notice out";
}

TEST_F(AlertActor, BeatsAsLongAsFiguresCome) {
  auto with = options();
  with.heartbeat = with.url;
  with.heartbeat_every = 1ms;
  run(with);
  ASSERT_TRUE(pager_.wait([](const auto& all) { return beats_in(all) >= 3; }));
  service_.hold();
  service_.wait_for_held(10); // Every question of a look.
  const auto looked_at = board_->read({}).looked_at;
  node_.reset(); // What is under way ends.
  EXPECT_EQ(board_->read({}).looked_at, looked_at);
  service_.release();
}

TEST_F(AlertActor, WaitsForFigures) {
  figures_->close();
  service_.ready = false;
  run(options());
  figures_->open(service_);
  ASSERT_TRUE(wait_for({"alert.fired"}));
}

TEST_F(AlertActor, TellsItsIdsWithoutASecretToo) {
  auto with = options();
  with.secret.clear();
  run(with);
  service_.ready = false;
  ASSERT_TRUE(wait_for({"alert.fired"}));
  EXPECT_FALSE(pager_.accepted()[0].id.empty());
  EXPECT_FALSE(pager_.accepted()[0].is_signed);
}

TEST_F(AlertActor, LooksWithoutAnybodyToTell) {
  auto with = options();
  with.url.reset();
  run(with);
  service_.ready = false;
  const time_point end = std::chrono::steady_clock::now() + 60s;
  while (board_->read({}).alerts.empty() && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  ASSERT_EQ(board_->read({}).alerts.size(), 1u);
  EXPECT_EQ(board_->read({}).alerts[0].now, alert::state::firing);
  EXPECT_EQ(pager_.requests(), 0);
}

TEST_F(AlertActor, RefusesAuthoritiesThatItCannotRead) {
  auto with = options();
  with.ca = "/nowhere/ca.crt";
  const auto good = check(with);
  ASSERT_FALSE(good);
  EXPECT_EQ(good.error().code, errc::invalid_argument);
}

} // namespace
} // namespace ducat::alerts
