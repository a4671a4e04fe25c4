/// What callers keep with a payment: part of the request, of the log and of every answer.

#include "payment_world.hpp"

#include <gtest/gtest.h>

#include <map>

namespace ducat::payment::test {
namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

v1::Command with_metadata(const pairs& metadata, const std::string& key = "k1") {
  v1::Command command = create_payment(key, "alice", "shop", 2'500);
  for (const auto& [name, value] : metadata) {
    v1::MetadataPair& pair = *command.mutable_create_payment()->add_metadata();
    pair.set_key(name);
    pair.set_value(value);
  }
  return command;
}

std::string refused(const pairs& metadata) {
  world w;
  const v1::Error error = w.run(with_metadata(metadata)).error();
  return error.code() + " " + error.param();
}

pairs many(int count) {
  pairs all;
  for (int i = 0; i < count; ++i)
    all.emplace_back("k" + std::to_string(100 + i), "");
  return all;
}

TEST(Metadata, IsShownWithThePaymentByGetAndList) {
  world w;
  const auto made = w.run(with_metadata({{"cart", "7"}, {"order-id", "A_1 \xc3\xa9"}}));
  const std::map<std::string, std::string> expected{{"cart", "7"}, {"order-id", "A_1 \xc3\xa9"}};
  const auto shown = [](const v1::Payment& payment) {
    return std::map<std::string, std::string>(payment.metadata().begin(), payment.metadata().end());
  };
  EXPECT_EQ(shown(made.payment()), expected);
  EXPECT_EQ(shown(w.payment(made.payment().id())), expected);
  v1::Question list;
  list.mutable_payments()->set_limit(100);
  EXPECT_EQ(shown(*w.ask(list).payments().data().rbegin()), expected);
}

TEST(Metadata, IsPartOfWhatAKeyWasUsedFor) {
  world w;
  w.run(with_metadata({{"cart", "7"}}));
  EXPECT_TRUE(w.run(with_metadata({{"cart", "7"}})).replayed());
  for (const pairs& other :
       {pairs{}, pairs{{"cart", "8"}}, pairs{{"Cart", "7"}}, pairs{{"cart", "7"}, {"more", ""}}}) {
    const auto answer = w.run(with_metadata(other));
    EXPECT_EQ(answer.error().code(), "idempotency_key_reused") << answer.DebugString();
  }
}

TEST(Metadata, IsRefusedIfItIsTooMuchOrItsKeysAreWrong) {
  EXPECT_EQ(refused(many(50)), " ");
  EXPECT_EQ(refused(many(51)), "metadata_too_large metadata");
  EXPECT_EQ(refused({{std::string(40, 'a'), std::string(500, 'x')}}), " ");
  EXPECT_EQ(refused({{std::string(41, 'a'), ""}}), "metadata_key_invalid metadata");
  EXPECT_EQ(refused({{"a", std::string(501, 'x')}}), "metadata_value_too_long metadata");
  for (const char* key : {"", "a b", "a.b", "a/b", "\xc3\xa9", "a="})
    EXPECT_EQ(refused({{key, ""}}), "metadata_key_invalid metadata") << key;
}

// Otherwise the same metadata would have several fingerprints.
TEST(Metadata, HasOneOrderInTheLog) {
  EXPECT_EQ(refused({{"b", ""}, {"a", ""}}), "command_malformed metadata");
  EXPECT_EQ(refused({{"a", ""}, {"a", ""}}), "command_malformed metadata");
}

TEST(Metadata, IsWrittenAndAnsweredAsTheSameBytesByEveryMachine) {
  const v1::Command command = with_metadata(many(50));
  const std::string bytes = command.SerializeAsString();
  const auto opened = [](machine& of) {
    of.apply({1, {1}}, ducat::testing::open_account("alice", true).SerializeAsString());
    of.apply({2, {2}}, ducat::testing::open_account("shop", false).SerializeAsString());
  };
  machine first;
  machine second;
  opened(first);
  opened(second);
  EXPECT_EQ(first.apply({3, {3}}, bytes), second.apply({3, {3}}, bytes));
  EXPECT_EQ(first.answer_without_commit(bytes), second.answer_without_commit(bytes));
  EXPECT_EQ(first.state_digest(), second.state_digest());
}

TEST(Metadata, MakesAnotherStateDigest) {
  world with;
  world without;
  with.run(with_metadata({{"cart", "7"}}));
  without.run(with_metadata({}));
  EXPECT_NE(with.state_digest(), without.state_digest());
}

} // namespace
} // namespace ducat::payment::test
