/// What is refused, with which code, and in which order: nothing of it is written.

#include "payment_world.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ducat::payment::test {
namespace {

struct refused_creation {
  const char* code;
  const char* param;
  v1::Command command;
};

v1::Command with_currency(v1::Command command, const std::string& currency) {
  command.mutable_create_payment()->set_currency(currency);
  return command;
}

v1::Command with_metadata(v1::Command command, int pairs, const std::string& key,
                          std::size_t length) {
  for (int i = 0; i < pairs; ++i) {
    v1::MetadataPair& pair = *command.mutable_create_payment()->add_metadata();
    pair.set_key(key);
    pair.set_value(std::string(length, 'x'));
  }
  return command;
}

v1::Command with_description(v1::Command command, std::size_t length) {
  command.mutable_create_payment()->set_description(std::string(length, 'x'));
  return command;
}

std::vector<refused_creation> refused_creations() {
  const auto make = create_payment;
  return {
      {"command_malformed", "", {}},
      {"idempotency_key_missing", "idempotency_key", make("", "", "", 0, false)},
      {"idempotency_key_invalid", "idempotency_key", make("a\n", "", "", 0, false)},
      {"idempotency_key_invalid", "idempotency_key", make(std::string(256, 'k'), "", "", 0, false)},
      {"account_id_invalid", "from", make("k", "", "", 0, false)},
      {"account_id_invalid", "from", make("k", std::string(65, 'a'), "", 0, false)},
      {"account_id_invalid", "to", make("k", "alice", "sh op", 0, false)},
      {"accounts_must_be_different", "to", make("k", "nobody", "nobody", 0, false)},
      {"amount_must_be_positive", "amount", make("k", "nobody", "shop", 0, false)},
      {"amount_must_be_positive", "amount", make("k", "nobody", "shop", -1, false)},
      {"amount_must_be_positive", "amount",
       make("k", "nobody", "shop", std::numeric_limits<std::int64_t>::min(), false)},
      {"currency_unknown", "currency", with_currency(make("k", "nobody", "shop", 1, false), "XXQ")},
      {"description_too_long", "description",
       with_description(make("k", "nobody", "shop", 1, false), 256)},
      {"metadata_too_large", "metadata",
       with_metadata(make("k", "nobody", "shop", 1, false), 51, "a b", 501)},
      {"metadata_key_invalid", "metadata",
       with_metadata(make("k", "nobody", "shop", 1, false), 1, "a b", 501)},
      {"metadata_value_too_long", "metadata",
       with_metadata(make("k", "nobody", "shop", 1, false), 1, "a", 501)},
      {"account_not_found", "from", make("k", "nobody", "shop", 1, false)},
      {"account_not_found", "to", make("k", "alice", "nobody", 1, false)},
      {"currency_mismatch", "from", with_currency(make("k", "alice", "shop", 1, false), "USD")},
  };
}

TEST(Refusal, OfACreationComesInTheDocumentedOrder) {
  world w;
  const auto entries = w.log().size();
  for (const auto& wrong : refused_creations()) {
    const auto outcome = w.run(wrong.command);
    EXPECT_EQ(outcome.error().code(), wrong.code);
    EXPECT_EQ(outcome.error().param(), wrong.param) << wrong.code;
    EXPECT_FALSE(outcome.error().message().empty());
  }
  EXPECT_EQ(w.log().size(), entries) << "a refusal leaves no trace";
}

TEST(Refusal, NamesTheBytesThatAreNoCommand) {
  machine m;
  const auto outcome = world::parsed(m.answer_without_commit("\xff\xff").value());
  EXPECT_EQ(outcome.error().code(), "command_malformed");
}

TEST(Refusal, OfAnAmountThatOnlyJustFitsIsADecline) {
  world w;
  const auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(w.hold("k1", "alice", "shop", most).payment().state(), v1::Payment::DECLINED);
  EXPECT_EQ(w.hold("k2", "world", "shop", most).payment().state(), v1::Payment::AUTHORIZED);
  EXPECT_EQ(w.hold("k3", "world", "shop", most).payment().state(), v1::Payment::AUTHORIZED);
  EXPECT_EQ(w.account("world").available(), -most) << "clipped, not wrapped";
}

TEST(Refusal, OfACaptureSaysWhy) {
  world w;
  const std::string held = w.hold("k1", "alice", "shop", 2'500).payment().id();
  EXPECT_EQ(w.capture(held, "c\x7f", 0).error().code(), "idempotency_key_invalid");
  EXPECT_EQ(w.capture(held, "c", -1).error().code(), "amount_must_not_be_negative");
  EXPECT_EQ(w.capture("pay_none", "c").error().code(), "payment_not_found");
  EXPECT_EQ(w.capture(held, "c", 2'501).error().code(), "amount_exceeds_authorized");
  w.capture(held, "c");
  EXPECT_EQ(w.capture(held, "d").error().code(), "payment_not_authorized");
}

TEST(Refusal, MeetsACaptureWithoutAKeyUnlessTheCreationAsksForIt) {
  world w;
  const std::string held = w.hold("k1", "alice", "shop", 2'500).payment().id();
  EXPECT_EQ(w.capture(held, "").error().code(), "idempotency_key_missing");
  const auto automatic = w.run(create_payment("k2", "alice", "shop", 100));
  w.authorize(automatic.payment().id());
  EXPECT_EQ(w.capture(automatic.payment().id(), "", 50).error().code(), "idempotency_key_missing");
  EXPECT_FALSE(w.capture(automatic.payment().id(), "").has_error());
}

TEST(Refusal, OfAVoidSaysWhy) {
  world w;
  const std::string done = w.pay_to_the_end("k1", "alice", "shop", 2'500).payment().id();
  EXPECT_EQ(w.cancel(done, "").error().code(), "idempotency_key_missing");
  EXPECT_EQ(w.cancel("pay_none", "v").error().code(), "payment_not_found");
  EXPECT_EQ(w.cancel(done, "v").error().code(), "payment_not_authorized");
}

TEST(Refusal, OfARefundSaysWhy) {
  world w;
  const std::string held = w.hold("k1", "alice", "shop", 2'500).payment().id();
  EXPECT_EQ(w.refund(held, "").error().code(), "idempotency_key_missing");
  EXPECT_EQ(w.refund(held, "r", -1).error().code(), "amount_must_not_be_negative");
  EXPECT_EQ(w.refund("pay_none", "r").error().code(), "payment_not_found");
  EXPECT_EQ(w.refund(held, "r").error().code(), "payment_not_captured");
  w.capture(held, "c", 1'000);
  EXPECT_EQ(w.refund(held, "r", 1'001).error().code(), "amount_exceeds_captured");
  w.refund(held, "r");
  EXPECT_EQ(w.refund(held, "s").error().code(), "amount_exceeds_captured");
}

TEST(Refusal, OfAnAccountSaysWhy) {
  world w;
  EXPECT_EQ(w.open("", "EUR", false).error().code(), "account_id_invalid");
  EXPECT_EQ(w.open("carol", "eur", false).error().code(), "currency_unknown");
}

} // namespace
} // namespace ducat::payment::test
