/// What nodes of another version say has to be understood, and what this one says by them. These
/// bytes are kept for ever: a change of this file is a change of the wire.

#include "cluster/durable_messages.hpp"
#include "durable/batch_codec.hpp"
#include "link.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat::cluster {
namespace {

using ::testing::ElementsAre;
namespace pb = ducat::link::v1;

/// Returns the bytes that hexadecimal digits stand for; blanks are skipped.
std::string bytes(std::string_view digits) {
  std::string all;
  std::string pair;
  for (const char digit : digits) {
    if (digit != ' ')
      pair += digit;
    if (pair.size() == 2)
      all += static_cast<char>(std::stoi(std::exchange(pair, ""), nullptr, 16));
  }
  return all;
}

/// A field that no version has had so far: what a later one may add.
std::string with_more(const std::string& message) {
  return message + bytes("fa07 01 31");
}

receipt example_receipt() {
  receipt made{.index = 5, .hash = {}};
  made.hash.fill(decltype(made.hash)::value_type{0xab});
  return made;
}

const std::string receipt_bytes =
    bytes("08 05 12 20 abababababababab abababababababab abababababababab abababababababab");

/// Returns what both the bytes and the same with more in them say.
template <class T>
T read(const std::string& wire) {
  EXPECT_TRUE(decode<T>(with_more(wire)));
  return decode<T>(wire).value();
}

TEST(Wire, CarriesACommand) {
  const std::string plain = bytes("0a03 706179");
  EXPECT_EQ(read<commit>(plain).command, "pay");
  EXPECT_EQ(encode(commit{"pay"}), plain) << "a command without a token is as it always was";
  const std::string fenced = bytes("0a03 706179 12 01 67 18 07");
  EXPECT_EQ(read<commit>(fenced).token, (fencing_token{"g", 7}));
  EXPECT_EQ(encode(commit{"pay", fencing_token{"g", 7}}), fenced);
}

TEST(Wire, CarriesAReply) {
  const std::string wire = bytes("0a02 6f6b 12 24") + receipt_bytes;
  EXPECT_EQ(read<committed>(wire).reply, "ok");
  EXPECT_EQ(read<committed>(wire).receipt, example_receipt());
  EXPECT_EQ(encode(committed{"ok", example_receipt()}), wire);
}

TEST(Wire, CarriesQuestionsAndAnswers) {
  EXPECT_EQ(read<query>(bytes("0a01 71")).question, "q");
  EXPECT_EQ(encode(query{"q"}), bytes("0a01 71"));
  EXPECT_EQ(read<answer>(bytes("0a01 61")).text, "a");
  EXPECT_EQ(encode(answer{"a"}), bytes("0a01 61"));
  EXPECT_EQ(read<locate>(bytes("08 ac02")).index, 300u);
  EXPECT_EQ(encode(locate{300}), bytes("08 ac02"));
  const std::string position = bytes("0a 24") + receipt_bytes + bytes("10 09");
  EXPECT_EQ(read<log_position>(position).receipt, example_receipt());
  EXPECT_EQ(read<log_position>(position).writer, epoch{9});
  EXPECT_EQ(encode(log_position{example_receipt(), {9}}), position);
}

TEST(Wire, CarriesGrants) {
  const std::string asked = bytes("0a01 67 12 02 6e31 18 07");
  EXPECT_EQ(read<take_grant>(asked).node, "n1");
  EXPECT_EQ(encode(take_grant{.group = "g", .node = "n1", .after = 7}), asked);
  EXPECT_EQ(read<grant>(bytes("0a02 6e31 10 08")), (grant{"n1", 8}));
  EXPECT_EQ(encode(grant{"n1", 8}), bytes("0a02 6e31 10 08"));
}

/// Expects that `wire` is read as `message`, with more in it too, and that it is written so.
template <class Message>
void expect_wire(const Message& message, const std::string& wire) {
  Message found;
  ASSERT_TRUE(found.ParseFromString(wire));
  EXPECT_EQ(found.DebugString(), message.DebugString());
  EXPECT_EQ(message.SerializeAsString(), wire);
  EXPECT_TRUE(found.ParseFromString(with_more(wire)));
}

TEST(Wire, CarriesAsksAndTheirAnswers) {
  pb::Ask ask;
  ask.set_id(7);
  ask.set_to("ledger");
  ask.set_timeout_ms(500);
  ask.set_type("commit");
  ask.set_body("x");
  expect_wire(ask, bytes("08 07 12 06 6c6564676572 18 f403 22 06 636f6d6d6974 2a 01 78"));
  pb::Answer answered;
  answered.set_id(7);
  answered.set_body("x");
  expect_wire(answered, bytes("08 07 22 01 78"));
  pb::Answer failed;
  failed.set_id(7);
  failed.set_error(3);
  failed.set_message("why");
  expect_wire(failed, bytes("08 07 10 03 1a 03 776879"));
  pb::ChildAnswer refused;
  refused.set_error(6);
  refused.set_message("no");
  expect_wire(refused, bytes("08 06 12 02 6e6f"));
}

TEST(Wire, CarriesWhatANodeSaysOfItself) {
  pb::Member member;
  member.set_id("n1");
  member.set_link("1.2.3.4:5");
  member.set_link_version(1);
  member.set_program_version("0.1.0");
  member.set_started_at_ns(10);
  member.set_draining(true);
  member.set_api("1.2.3.4:6");
  member.set_priority(1);
  expect_wire(member, bytes("0a02 6e31 12 09 312e322e332e343a35 18 01 22 05 302e312e30 28 0a 30 01"
                            "3a 09 312e322e332e343a36 40 01"));
  pb::Beat beat;
  beat.set_count(1);
  beat.set_clock_ns(2);
  beat.set_applied(3);
  expect_wire(beat, bytes("08 01 10 02 18 03"));
}

TEST(Wire, BatchesOfCommandsAreAsTheyWereBeforeThereWereGrants) {
  const std::string wire = bytes("01 02000000 6162 01000000 63");
  EXPECT_THAT(commands_of(wire).value(), ElementsAre("ab", "c"));
  batch_builder batch;
  batch.add("ab");
  batch.add("c");
  EXPECT_EQ(std::move(batch).take(), wire);
}

TEST(Wire, BatchesWithGrants) {
  const std::string wire = bytes("02 02000000 01 6162 04000000 02 01 67 6e31");
  const auto records = records_of(wire).value();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].group, "g");
  EXPECT_EQ(records[1].granted_node, "n1");
  batch_builder batch;
  batch.add("ab");
  batch.add_grant("g", "n1");
  EXPECT_EQ(std::move(batch).take(), wire);
}

} // namespace
} // namespace ducat::cluster
