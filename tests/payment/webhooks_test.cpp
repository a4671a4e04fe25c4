/// Endpoints of webhooks stand in the log, and so does what was delivered to them.

#include "payment/payment_world.hpp"

#include <ducat/payment/event.hpp>
#include <ducat/payment/webhook_url.hpp>
#include <ducat/v1/webhook.pb.h>

#include <gmock/gmock.h>

namespace ducat::payment {
namespace {

using namespace std::chrono_literals;
using test::world;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string other_secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

v1::Command put_new(const std::string& id = "we_1") {
  v1::Command command;
  auto& put = *command.mutable_put_endpoint();
  put.set_id(id);
  put.set_url("https://shop.example/hook");
  put.set_secret(secret);
  put.set_enabled(true);
  put.set_is_new(true);
  return command;
}

v1::Command change(bool enabled, const std::string& new_secret = {}, std::uint64_t keep_ms = 0) {
  v1::Command command;
  auto& put = *command.mutable_put_endpoint();
  put.set_id("we_1");
  put.set_enabled(enabled);
  put.set_secret(new_secret);
  put.set_keep_old_ms(keep_ms);
  return command;
}

v1::StoredEndpoint endpoint(const world& w) {
  v1::Question question;
  question.mutable_endpoints();
  return w.ask(question).endpoints().data(0);
}

v1::Webhook webhook(const world& w) {
  v1::Question question;
  question.mutable_webhooks();
  return w.ask(question).webhooks().data(0);
}

/// A note based on how the endpoint is now.
v1::Command noted(const world& w, std::uint64_t index, v1::DeliveryNote::State state) {
  v1::Command command;
  auto& notes = *command.mutable_note_deliveries();
  const v1::StoredEndpoint now = endpoint(w);
  notes.set_endpoint_id("we_1");
  notes.set_revision(now.revision());
  *notes.mutable_from() = now.cursor();
  *notes.mutable_cursor() = now.cursor();
  v1::DeliveryNote& note = *notes.add_notes();
  note.mutable_event()->set_index(index);
  note.mutable_event()->set_number(1);
  note.set_state(state);
  note.set_attempts(3);
  return command;
}

v1::Command replay() {
  v1::Command command;
  command.mutable_replay_events()->set_endpoint_id("we_1");
  return command;
}

// Old logs have events too: they are no news.
TEST(Webhooks, GetWhatHappensFromTheirRegistrationOn) {
  world w;
  w.pay_to_the_end("before", "alice", "shop", 1);
  w.run(put_new());
  v1::Question question;
  question.mutable_events()->set_after(webhook(w).cursor());
  EXPECT_EQ(w.ask(question).events().data_size(), 0);
  w.pay_to_the_end("after", "alice", "shop", 1);
  EXPECT_EQ(w.ask(question).events().data_size(), 3);
}

TEST(Webhooks, AreRefusedIfTheyAreWrong) {
  world w;
  const auto refused = [&](auto change) {
    v1::Command command = put_new();
    change(*command.mutable_put_endpoint());
    return w.run(command).error().code();
  };
  EXPECT_EQ(refused([](auto& put) { put.set_id("1"); }), "webhook_id_invalid");
  EXPECT_EQ(refused([](auto& put) { put.set_url("ftp://x"); }), "webhook_url_invalid");
  EXPECT_EQ(refused([](auto& put) { put.add_types("payment.lost"); }), "event_type_unknown");
  EXPECT_EQ(refused([](auto& put) { put.set_secret("whsec_short"); }), "command_malformed");
  EXPECT_EQ(w.run(change(false)).error().code(), "webhook_not_found");
  w.run(put_new());
  EXPECT_EQ(w.run(put_new()).error().code(), "webhook_exists");
}

TEST(Webhooks, ThereIsAMostOfThem) {
  world w;
  for (int i = 0; i < 100; ++i)
    w.run(put_new("we_" + std::to_string(i)));
  EXPECT_EQ(w.run(put_new("we_more")).error().code(), "webhooks_exhausted");
}

TEST(Webhooks, ShowNoSecret) {
  world w;
  EXPECT_THAT(w.run(put_new()).DebugString(), Not(HasSubstr(secret)));
  EXPECT_THAT(webhook(w).DebugString(), Not(HasSubstr("whsec_")));
  EXPECT_EQ(webhook(w).secrets(), 1u);
}

TEST(Webhooks, TheSecretBeforeSignsForAWhileAfterARotation) {
  world w;
  w.run(put_new());
  w.run(change(true, other_secret, 24 * 3'600'000));
  const v1::StoredEndpoint now = endpoint(w);
  ASSERT_EQ(now.secrets_size(), 2);
  EXPECT_EQ(now.secrets(0).secret(), other_secret);
  EXPECT_EQ(now.secrets(0).until_ns(), 0u);
  EXPECT_EQ(now.secrets(1).secret(), secret);
  EXPECT_GT(now.secrets(1).until_ns(), 86'400'000'000'000u);
  w.run(change(true, secret));
  EXPECT_EQ(endpoint(w).secrets_size(), 1);
}

// The node that rotates has seen the webhook before it was disabled.
TEST(Webhooks, ARotationDoesNotEnableWhatWasDisabledMeanwhile) {
  world w;
  w.run(put_new());
  v1::Command rotate = change(true, other_secret);
  rotate.mutable_put_endpoint()->set_keeps_enabled(true);
  v1::Command gone = noted(w, 50, v1::DeliveryNote::OPEN);
  gone.mutable_note_deliveries()->set_disable_reason("410");
  w.run(gone);
  w.run(rotate);
  EXPECT_FALSE(webhook(w).enabled());
  EXPECT_EQ(webhook(w).disabled_reason(), "410");
  EXPECT_EQ(endpoint(w).secrets(0).secret(), other_secret);
  rotate.mutable_put_endpoint()->clear_secret();
  EXPECT_TRUE(w.run(rotate).replayed()); // Nothing to change.
}

TEST(Webhooks, AreRemovedAndDisabled) {
  world w;
  w.run(put_new());
  w.run(change(false));
  EXPECT_FALSE(webhook(w).enabled());
  EXPECT_TRUE(w.run(change(false)).replayed()); // Nothing to change.
  v1::Command remove;
  remove.mutable_remove_endpoint()->set_id("we_1");
  w.run(remove);
  EXPECT_EQ(w.run(remove).error().code(), "webhook_not_found");
}

// Deliveries -------------------------------------------------------------------------------------

TEST(Deliveries, AreOpenUntilTheyAreDeliveredOrDead) {
  world w;
  w.run(put_new());
  w.run(noted(w, 50, v1::DeliveryNote::OPEN));
  w.run(noted(w, 51, v1::DeliveryNote::OPEN));
  EXPECT_EQ(webhook(w).open(), 2u);
  w.run(noted(w, 50, v1::DeliveryNote::DELIVERED));
  w.run(noted(w, 51, v1::DeliveryNote::DEAD));
  EXPECT_EQ(webhook(w).open(), 0u);
  EXPECT_EQ(webhook(w).delivered(), 1u);
  EXPECT_EQ(webhook(w).dead(), 1u);
}

// Two may deliver at a time, after a failover: whoever is behind takes what stands in the log.
TEST(Deliveries, NotesThatAreBasedOnSomethingElseAreRefused) {
  world w;
  w.run(put_new());
  const v1::Command early = noted(w, 50, v1::DeliveryNote::DELIVERED);
  v1::Command ahead = noted(w, 51, v1::DeliveryNote::OPEN);
  ahead.mutable_note_deliveries()->mutable_cursor()->set_index(60);
  w.run(ahead);
  EXPECT_EQ(w.run(early).error().code(), "delivery_superseded");
  v1::Command back = noted(w, 52, v1::DeliveryNote::OPEN);
  back.mutable_note_deliveries()->mutable_cursor()->set_index(59);
  EXPECT_EQ(w.run(back).error().code(), "delivery_superseded");
}

// An event that was delivered since would be open again, and one would be counted twice.
TEST(Deliveries, NotesThatComeOnceMoreChangeNothing) {
  world w;
  w.run(put_new());
  v1::Command open = noted(w, 50, v1::DeliveryNote::OPEN);
  open.mutable_note_deliveries()->set_after(0);
  w.run(open);
  v1::Command delivered = noted(w, 50, v1::DeliveryNote::DELIVERED);
  delivered.mutable_note_deliveries()->set_after(1);
  w.run(delivered);
  for (const v1::Command& stale : {open, delivered})
    EXPECT_EQ(w.run(stale).error().code(), "delivery_superseded");
  EXPECT_EQ(webhook(w).open(), 0u);
  EXPECT_EQ(webhook(w).delivered(), 1u);
}

TEST(Deliveries, AReplayIsNotUndoneByWhatWasUnderWay) {
  world w;
  w.run(put_new());
  const v1::Command under_way = noted(w, 50, v1::DeliveryNote::DELIVERED);
  v1::Command again = replay();
  again.mutable_replay_events()->mutable_event()->set_index(50);
  again.mutable_replay_events()->mutable_event()->set_number(1);
  w.run(again);
  EXPECT_EQ(w.run(under_way).error().code(), "delivery_superseded");
  EXPECT_EQ(webhook(w).open(), 1u);
}

TEST(Deliveries, TheDeadAreReplayedAllAtOnce) {
  world w;
  w.run(put_new());
  w.run(noted(w, 50, v1::DeliveryNote::DEAD));
  w.run(noted(w, 51, v1::DeliveryNote::DEAD));
  v1::Command again = replay();
  again.mutable_replay_events()->set_dead(true);
  w.run(again);
  EXPECT_EQ(webhook(w).dead(), 0u);
  ASSERT_EQ(endpoint(w).open_size(), 2);
  EXPECT_EQ(endpoint(w).open(0).attempts(), 0u);
  EXPECT_TRUE(w.run(again).replayed());
}

/// Notes of that state about the events from `first` on, as many as one command takes.
v1::Command a_thousand(const world& w, std::uint64_t first, v1::DeliveryNote::State state) {
  v1::Command command = noted(w, first, state);
  auto& notes = *command.mutable_note_deliveries();
  for (std::uint64_t i = 1; i < 1'000; ++i) {
    v1::DeliveryNote& note = *notes.add_notes() = notes.notes(0);
    note.mutable_event()->set_index(first + i);
  }
  return command;
}

// Or no note about them would ever be taken again.
TEST(Deliveries, NoMoreAreOpenThanTheMost) {
  world w;
  w.run(put_new());
  for (std::uint64_t first = 1; first < 20'000; first += 1'000)
    ASSERT_FALSE(w.run(a_thousand(w, first, v1::DeliveryNote::OPEN)).has_error());
  EXPECT_TRUE(w.run(noted(w, 20'001, v1::DeliveryNote::OPEN)).has_error());
  w.run(noted(w, 20'001, v1::DeliveryNote::DEAD));
  EXPECT_EQ(webhook(w).dead(), 1u);
  v1::Command again = replay();
  again.mutable_replay_events()->set_dead(true);
  EXPECT_EQ(w.run(again).error().code(), "deliveries_exhausted");
  again = replay();
  *again.mutable_replay_events()->mutable_event() =
      noted(w, 20'001, v1::DeliveryNote::OPEN).note_deliveries().notes(0).event();
  EXPECT_EQ(w.run(again).error().code(), "deliveries_exhausted");
  w.run(noted(w, 7, v1::DeliveryNote::DELIVERED));
  EXPECT_EQ(webhook(w).open(), 19'999u);
  EXPECT_FALSE(w.run(again).has_error());
}

TEST(Deliveries, AReplaySinceATimeBeginsAnew) {
  world w;
  w.run(put_new());
  v1::Command again = replay();
  again.mutable_replay_events()->set_since_ns(5);
  w.run(again);
  EXPECT_EQ(endpoint(w).cursor().index(), 0u);
  EXPECT_EQ(endpoint(w).since_ns(), 5u);
  EXPECT_EQ(w.run(replay()).error().code(), "command_malformed");
}

TEST(Deliveries, AnEndpointThatWantsNoMoreIsDisabled) {
  world w;
  w.run(put_new());
  v1::Command gone = noted(w, 50, v1::DeliveryNote::OPEN);
  gone.mutable_note_deliveries()->set_disable_reason("410");
  w.run(gone);
  EXPECT_FALSE(webhook(w).enabled());
  EXPECT_EQ(webhook(w).disabled_reason(), "410");
  w.run(change(true));
  EXPECT_EQ(webhook(w).disabled_reason(), "");
}

TEST(Deliveries, ArePartOfTheState) {
  world w;
  w.run(put_new());
  const digest before = w.state_digest();
  w.run(noted(w, 50, v1::DeliveryNote::OPEN));
  EXPECT_NE(w.state_digest(), before);
}

// URLs -------------------------------------------------------------------------------------------

TEST(WebhookUrl, IsTakenApart) {
  const auto url = parse_webhook_url("https://shop.example:8443/a/b?c=d");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->is_tls);
  EXPECT_EQ(url->host, "shop.example");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a/b?c=d");
  EXPECT_EQ(url->authority(), "shop.example:8443");
  EXPECT_EQ(parse_webhook_url("http://[::1]:80?x")->authority(), "[::1]");
  EXPECT_EQ(parse_webhook_url("http://[::1]?x")->target, "/?x");
  EXPECT_EQ(parse_webhook_url("https://h")->port, 443);
}

TEST(WebhookUrl, IsRefusedIfItIsAnythingElse) {
  for (const char* wrong :
       {"", "https://", "ftp://h", "https://user@h/", "https://h:0/", "https://h:65536/",
        "https://h:x/", "https://h/#f", "https://h /", "https://[::1", "https://h\r\nX: y/",
        "https://h\\@evil/", "HTTPS://h", "https://:443/", "https://h:/"})
    EXPECT_FALSE(parse_webhook_url(wrong)) << wrong;
  EXPECT_FALSE(parse_webhook_url("https://h/" + std::string(2'048, 'x')));
}

TEST(WebhookSecret, Is24To64BytesInBase64) {
  EXPECT_TRUE(is_webhook_secret(secret));
  for (const char* wrong :
       {"", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!"})
    EXPECT_FALSE(is_webhook_secret(wrong)) << wrong;
}

} // namespace
} // namespace ducat::payment
