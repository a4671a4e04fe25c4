/// Events reach whoever has asked for them: at least once, those of a payment in order, signed;
/// whatever the receiver does, and whenever the actor that delivers dies.

#include "device/test_authority.hpp"
#include "support/payment_commands.hpp"
#include "webhook/fault_points.hpp"
#include "webhook/receiver.hpp"

#include <ducat/durable.hpp>
#include <ducat/payment/machine.hpp>
#include <ducat/testing.hpp>
#include <ducat/v1/machine.pb.h>
#include <ducat/webhook/delivery_actor.hpp>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <set>

namespace ducat::webhook {
namespace {

using namespace std::chrono_literals;
using namespace ducat::testing;
using payment::payment_id_of;
using test::received;
using test::receiver;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// As it is, but in milliseconds, and with more tries.
delivery_options fast() {
  delivery_options options;
  options.rules.schedule_ns = std::vector<std::uint64_t>(2'000, 5'000'000);
  options.rules.pause_ns = options.rules.pause_max_ns = 10'000'000;
  options.look_every = 5ms;
  options.timeout = 500ms;
  options.allow_private = true;
  return options;
}

/// A node that takes payments and delivers what is told of them.
class webhook_node : public local_node {
public:
  explicit webhook_node(const delivery_options& options = fast())
      : local_node{[options](node& n) {
          const auto signal = std::make_shared<payment::event_signal>();
          const handle ledger = n.replicate("ledger", payment::machines_with(signal));
          delivery_options with = options;
          with.signal = signal;
          n.supervise({.strategy = one_for_one, .restarts_max = 1'000, .window = 1s},
                      {{.id = "webhooks", .start = ducat::start(delivery_actor, ledger, with)}});
        }} {
    commit(open_account("world", true));
    commit(open_account("shop", false));
  }

  v1::Outcome commit(const v1::Command& command) {
    return parsed(
        ask<committed>("ledger", ducat::commit{command.SerializeAsString(), {}}).value().reply);
  }

  v1::Outcome question(const v1::Question& what) {
    return parsed(ask<answer>("ledger", query{what.SerializeAsString()}).value().text);
  }

  void put(const std::string& url, const std::string& id = "we_1") {
    v1::Command command;
    auto& endpoint = *command.mutable_put_endpoint();
    endpoint.set_id(id);
    endpoint.set_url(url);
    endpoint.set_secret(secret);
    endpoint.set_enabled(true);
    endpoint.set_is_new(true);
    ASSERT_FALSE(commit(command).has_error());
  }

  void pay(const std::string& key) {
    commit(create_payment(key, "world", "shop", 10));
    commit(authorize_payment(payment_id_of(key)));
    commit(capture_payment(payment_id_of(key), ""));
  }

  std::vector<v1::Event> events() {
    std::vector<v1::Event> all;
    v1::Question next;
    next.mutable_events()->set_limit(100);
    for (bool has_more = true; has_more;) {
      const v1::Outcome page = question(next);
      all.insert(all.end(), page.events().data().begin(), page.events().data().end());
      next.mutable_events()->set_after(page.events().next());
      has_more = page.events().has_more();
    }
    return all;
  }

  v1::Webhook webhook() {
    v1::Question all;
    all.mutable_webhooks();
    return question(all).webhooks().data(0);
  }

  /// Waits until the log says so of the webhook.
  v1::Webhook wait_for(const std::function<bool(const v1::Webhook&)>& wanted) {
    const time_point end = std::chrono::steady_clock::now() + 60s;
    for (;;) {
      const v1::Webhook now = webhook();
      if (wanted(now) || std::chrono::steady_clock::now() > end)
        return now;
      std::this_thread::yield();
    }
  }

  v1::Delivery delivery() {
    v1::Question deliveries;
    deliveries.mutable_deliveries()->set_id("we_1");
    return question(deliveries).deliveries().data(0);
  }

  /// Crashes what delivers; if it is just being restarted, its next life.
  void crash_delivery() {
    for (bool is_done = false; !is_done;)
      try {
        crash("webhooks");
        is_done = true;
      } catch (const std::runtime_error&) {
        std::this_thread::yield();
      }
  }

private:
  static v1::Outcome parsed(const std::string& bytes) {
    v1::Outcome outcome;
    if (!outcome.ParseFromString(bytes))
      throw std::runtime_error("the machine's reply is no Outcome");
    return outcome;
  }
};

/// Every event was accepted, signed, and those of each payment in order when they came first.
void expect_all(const std::vector<v1::Event>& events, const std::vector<received>& accepted) {
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    EXPECT_TRUE(accepted[i].is_signed);
    first.emplace(accepted[i].id, i);
  }
  std::map<std::string, std::size_t> last_of;
  for (const v1::Event& each : events) {
    ASSERT_TRUE(first.contains(each.id())) << each.type();
    auto& last = last_of[each.payment_id()];
    EXPECT_LE(last, first[each.id()]) << each.type();
    last = first[each.id()];
  }
}

bool has_all(const std::vector<v1::Event>& events, const std::vector<received>& accepted) {
  std::set<std::string> ids;
  for (const received& each : accepted)
    ids.insert(each.id);
  return std::ranges::all_of(events, [&](const v1::Event& e) { return ids.contains(e.id()); });
}

TEST(WebhookDelivery, AnEventArrivesSignedAndSaysWhatTheApiSays) {
  receiver shop{secret};
  webhook_node node;
  node.put(shop.url());
  node.pay("k");
  const auto events = node.events();
  ASSERT_TRUE(shop.wait([&](const auto& accepted) { return has_all(events, accepted); }));
  expect_all(events, shop.accepted());
  const auto body = nlohmann::json::parse(shop.accepted().at(0).body);
  EXPECT_EQ(body["type"], "payment.created");
  EXPECT_EQ(body["data"]["id"], events[0].id());
  EXPECT_EQ(body["data"]["payment"]["id"], payment_id_of("k"));
  EXPECT_EQ(body["data"]["payment"]["state"], "CREATED");
  const v1::Webhook known = node.wait_for([](const auto& w) { return w.delivered() == 3; });
  EXPECT_EQ(known.delivered(), 3u);
  EXPECT_EQ(known.cursor(), events.back().id());
  EXPECT_EQ(known.open(), 0u);
}

// It fails, hangs, goes away and comes back; the deliverer dies at any point, and the node
// restarts.
TEST(WebhookDelivery, EveryEventArrivesInOrderWhateverBreaks) {
  receiver shop{secret};
  webhook_node node;
  node.put(shop.url());
  std::mt19937 random{20261129};
  std::atomic<bool> is_bad{true};
  shop.answer_with([&] {
    constexpr int answers[] = {200, 500, 200, 302, 429, 200};
    return is_bad ? answers[random() % std::size(answers)] : 200;
  });
  for (int round = 0; round < 6; ++round) {
    node.arm(round % 2 == 0 ? after_post : after_note, {.times = 2});
    for (int i = 0; i < 8; ++i)
      node.pay("k" + std::to_string(round) + "-" + std::to_string(i));
    if (round == 1)
      shop.go_away();
    if (round == 2)
      node.restart();
    if (round == 3)
      shop.come_back();
    if (round == 4)
      node.crash_delivery();
  }
  is_bad = false;
  const auto events = node.events();
  EXPECT_EQ(events.size(), 6u * 8 * 3);
  ASSERT_TRUE(shop.wait([&](const auto& accepted) { return has_all(events, accepted); }));
  expect_all(events, shop.accepted());
  const auto known = node.wait_for(
      [&](const auto& w) { return w.cursor() == events.back().id() && w.open() == 0; });
  EXPECT_EQ(known.cursor(), events.back().id());
  EXPECT_EQ(known.open(), 0u);
  EXPECT_EQ(known.dead(), 0u);
}

TEST(WebhookDelivery, AReceiverThatNeverAnswersIsGivenUpAfterTheTimeAndNotWaitedForByOthers) {
  std::promise<void> release;
  const auto released = release.get_future().share();
  receiver slow{secret};
  slow.answer_with([released] {
    released.wait();
    return 200;
  });
  receiver quick{secret};
  delivery_options options = fast();
  options.timeout = 50ms;
  webhook_node node{options};
  node.put(slow.url(), "we_1");
  node.put(quick.url(), "we_2");
  node.pay("k");
  const auto events = node.events();
  ASSERT_TRUE(quick.wait([&](const auto& accepted) { return has_all(events, accepted); }));
  node.wait_for([](const auto& w) { return w.open() != 0; });
  EXPECT_EQ(node.delivery().problem(), "no answer in time");
  release.set_value();
}

TEST(WebhookDelivery, ARedirectIsNotFollowed) {
  receiver shop{secret};
  shop.answer_with([] { return 302; });
  webhook_node node;
  node.put(shop.url());
  node.pay("k");
  node.wait_for([](const auto& w) { return w.open() != 0; });
  EXPECT_EQ(node.delivery().last_status(), 302u);
  EXPECT_FALSE(shop.has_followed());
}

TEST(WebhookDelivery, AnEndpointThatIsGoneIsDisabledAndGoesOnWhenItIsEnabledAgain) {
  receiver shop{secret};
  std::atomic<int> status{410};
  shop.answer_with([&] { return status.load(); });
  webhook_node node;
  node.put(shop.url());
  node.pay("k");
  const v1::Webhook disabled = node.wait_for([](const auto& w) { return !w.enabled(); });
  EXPECT_FALSE(disabled.enabled());
  EXPECT_THAT(disabled.disabled_reason(), HasSubstr("410"));
  status = 200;
  v1::Command enable;
  enable.mutable_put_endpoint()->set_id("we_1");
  enable.mutable_put_endpoint()->set_enabled(true);
  node.commit(enable);
  const auto events = node.events();
  ASSERT_TRUE(shop.wait([&](const auto& accepted) { return has_all(events, accepted); }));
}

TEST(WebhookDelivery, WhatIsDeadIsDeliveredAfterAReplay) {
  receiver shop{secret};
  std::atomic<int> status{500};
  shop.answer_with([&] { return status.load(); });
  delivery_options options = fast();
  options.rules.schedule_ns = {0, 1'000'000};
  webhook_node node{options};
  node.put(shop.url());
  node.pay("k");
  EXPECT_EQ(node.wait_for([](const auto& w) { return w.dead() == 3; }).dead(), 3u);
  status = 200;
  v1::Command replay;
  replay.mutable_replay_events()->set_endpoint_id("we_1");
  replay.mutable_replay_events()->set_dead(true);
  node.commit(replay);
  const auto events = node.events();
  ASSERT_TRUE(shop.wait([&](const auto& accepted) { return has_all(events, accepted); }));
  EXPECT_EQ(node.wait_for([](const auto& w) { return w.delivered() == 3; }).dead(), 0u);
}

TEST(WebhookDelivery, AReplaySinceATimeDeliversAgainWhatWasDelivered) {
  receiver shop{secret};
  webhook_node node;
  node.put(shop.url());
  node.pay("k");
  node.wait_for([](const auto& w) { return w.delivered() == 3; });
  v1::Command replay;
  replay.mutable_replay_events()->set_endpoint_id("we_1");
  replay.mutable_replay_events()->set_since_ns(node.events()[1].occurred_at_ns());
  node.commit(replay);
  EXPECT_TRUE(shop.wait([](const auto& accepted) { return accepted.size() == 5; }));
}

// Nobody is to make the node talk to itself, or to its neighbours.
TEST(WebhookDelivery, APrivateAddressIsNotConnectedToUnlessTheConfigurationAllowsIt) {
  receiver shop{secret};
  delivery_options options = fast();
  options.allow_private = false;
  webhook_node node{options};
  node.put(shop.url("https", "localhost"));
  node.pay("k");
  node.wait_for([](const auto& w) { return w.open() != 0; });
  EXPECT_EQ(node.delivery().problem(), "its address is not a public one");
  EXPECT_EQ(shop.requests(), 0);
}

// A node says so when it starts, not a child at each of its starts.
TEST(WebhookDelivery, AnAuthorityThatCannotBeReadIsRefused) {
  EXPECT_TRUE(check(delivery_options{}));
  const auto refused = check({.ca = "no-such.crt"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("no-such.crt"));
}

TEST(WebhookDelivery, PlainHttpIsNotSpokenUnlessTheConfigurationAllowsIt) {
  receiver shop{secret};
  delivery_options options = fast();
  options.allow_private = false;
  webhook_node node{options};
  node.put(shop.url());
  node.pay("k");
  node.wait_for([](const auto& w) { return w.open() != 0; });
  EXPECT_EQ(node.delivery().problem(), "plain HTTP is not allowed");
}

// TLS --------------------------------------------------------------------------------------------

std::unique_ptr<httplib::Server> tls_server(const security::issued_files& files) {
  return std::make_unique<httplib::SSLServer>(files.certificate.c_str(), files.key.c_str());
}

TEST(WebhookDelivery, OverTlsToWhoeverIsTrusted) {
  const device::test::test_authority authority;
  receiver shop{secret, tls_server(authority.host("shop"))};
  delivery_options options = fast();
  options.ca = authority.file();
  webhook_node node{options};
  node.put(shop.url("https", "localhost"));
  node.pay("k");
  EXPECT_TRUE(shop.wait([](const auto& accepted) { return accepted.size() == 3; }));
}

TEST(WebhookDelivery, OverTls12OnlyIfThatIsAllowed) {
  const device::test::test_authority authority;
  auto server = std::make_unique<httplib::SSLServer>(authority.host("shop").certificate.c_str(),
                                                     authority.host("shop").key.c_str());
  SSL_CTX_set_max_proto_version(server->ssl_context(), TLS1_2_VERSION);
  receiver shop{secret, std::move(server)};
  delivery_options options = fast();
  options.ca = authority.file();
  {
    webhook_node node{options};
    node.put(shop.url("https", "localhost"));
    node.pay("k");
    node.wait_for([](const auto& w) { return w.open() != 0; });
    EXPECT_THAT(node.delivery().problem(), HasSubstr("TLS"));
  }
  options.allows_tls_1_2 = true;
  webhook_node node{options};
  node.put(shop.url("https", "localhost"));
  node.pay("k");
  EXPECT_TRUE(shop.wait([](const auto& accepted) { return accepted.size() == 3; }));
}

TEST(WebhookDelivery, NotToSomebodyWhoseCertificateNobodyKnows) {
  const device::test::test_authority authority;
  receiver shop{secret, tls_server(authority.host("shop"))};
  webhook_node node;
  node.put(shop.url("https", "localhost"));
  node.pay("k");
  node.wait_for([](const auto& w) { return w.open() != 0; });
  EXPECT_THAT(node.delivery().problem(), HasSubstr("TLS"));
  EXPECT_THAT(shop.accepted(), IsEmpty());
}

} // namespace
} // namespace ducat::webhook
