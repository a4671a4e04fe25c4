/// The messages of durable actors on their way to another node and back.

#include "cluster/durable_messages.hpp"
#include "link.pb.h"

#include <gtest/gtest.h>

namespace ducat::cluster {
namespace {

namespace pb = ducat::link::v1;

/// Every byte value, the zero too.
std::string all_bytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  return bytes;
}

const receipt some_receipt{.index = 0x1234567890abcdef, .hash = sha256({"somewhere"})};

template <class T>
std::optional<errc> refusal_of(const std::string& body) {
  const auto decoded = decode<T>(body);
  return decoded ? std::nullopt : std::optional{decoded.error().code};
}

/// Returns the lengths to which `body` can be cut so that it still is a T.
template <class T>
std::vector<std::size_t> readable_cuts(const std::string& body) {
  std::vector<std::size_t> lengths;
  for (std::size_t length = 0; length < body.size(); ++length)
    if (decode<T>(body.substr(0, length)))
      lengths.push_back(length);
  return lengths;
}

TEST(DurableMessages, BringACommandAsItIs) {
  for (const std::string& command : {std::string{}, std::string{"pay"}, all_bytes()})
    EXPECT_EQ(decode<commit>(encode(commit{command})).value().command, command);
}

TEST(DurableMessages, BringTheTokenOfACommand) {
  const commit fenced{.command = "pay", .token = fencing_token{all_bytes(), ~std::uint64_t{0}}};
  EXPECT_EQ(decode<commit>(encode(fenced)).value().token, fenced.token);
  EXPECT_EQ(decode<commit>(encode(commit{"pay"})).value().token, std::nullopt);
}

TEST(DurableMessages, BringAGrantAndWhatIsAskedForIt) {
  const auto asked =
      decode<take_grant>(encode(take_grant{.group = "g", .node = "n", .after = 7})).value();
  EXPECT_EQ(asked.group, "g");
  EXPECT_EQ(asked.node, "n");
  EXPECT_EQ(asked.after, 7u);
  EXPECT_EQ(decode<grant>(encode(grant{"n", 8})).value(), (grant{"n", 8}));
}

TEST(DurableMessages, BringAQuestionAndItsAnswerAsTheyAre) {
  for (const std::string& text : {std::string{}, std::string{"how much"}, all_bytes()}) {
    EXPECT_EQ(decode<query>(encode(query{text})).value().question, text);
    EXPECT_EQ(decode<answer>(encode(answer{text})).value().text, text);
  }
}

TEST(DurableMessages, BringAnIndexAsItIs) {
  for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}})
    EXPECT_EQ(decode<locate>(encode(locate{index})).value().index, index);
}

TEST(DurableMessages, BringAReplyWithItsReceipt) {
  for (const receipt& at : {receipt{}, some_receipt}) {
    const auto done = decode<committed>(encode(committed{all_bytes(), at})).value();
    EXPECT_EQ(done.reply, all_bytes());
    EXPECT_EQ(done.receipt, at);
  }
}

TEST(DurableMessages, BringAPositionWithItsEpoch) {
  const auto found = decode<log_position>(encode(log_position{some_receipt, {9}})).value();
  EXPECT_EQ(found.receipt, some_receipt);
  EXPECT_EQ(found.writer, epoch{9});
}

// What is cut to nothing is the empty message; anything else that is cut is told from a whole one.
TEST(DurableMessages, RefuseWhatIsCutAnywhere) {
  const std::vector<std::size_t> only_to_nothing{0};
  EXPECT_EQ(readable_cuts<commit>(encode(commit{all_bytes()})), only_to_nothing);
  EXPECT_EQ(readable_cuts<query>(encode(query{all_bytes()})), only_to_nothing);
  EXPECT_EQ(readable_cuts<answer>(encode(answer{all_bytes()})), only_to_nothing);
  EXPECT_EQ(readable_cuts<locate>(encode(locate{1'000'000})), only_to_nothing);
}

TEST(DurableMessages, RefuseACutReceiptAndWhatHasNone) {
  const std::vector<std::size_t> none;
  EXPECT_EQ(readable_cuts<committed>(encode(committed{"reply", some_receipt})), none);
  EXPECT_EQ(readable_cuts<log_position>(encode(log_position{some_receipt, {1'000'000}})), none);
}

TEST(DurableMessages, SayThatTheMessageIsWrong) {
  EXPECT_EQ(refusal_of<commit>("\xff"), errc::invalid_argument);
  EXPECT_EQ(refusal_of<query>("\xff"), errc::invalid_argument);
  EXPECT_EQ(refusal_of<locate>("\xff"), errc::invalid_argument);
  EXPECT_EQ(refusal_of<committed>("\xff"), errc::invalid_argument);
  EXPECT_EQ(refusal_of<answer>("\xff"), errc::invalid_argument);
  EXPECT_EQ(refusal_of<log_position>("\xff"), errc::invalid_argument);
}

TEST(DurableMessages, RefuseAHashOfAnotherSize) {
  for (const std::size_t size : {0, 1, 31, 33, 64}) {
    pb::Committed done;
    done.mutable_receipt()->set_hash(std::string(size, 'h'));
    EXPECT_EQ(refusal_of<committed>(done.SerializeAsString()), errc::invalid_argument) << size;
    pb::LogPosition found;
    found.set_epoch(1);
    found.mutable_receipt()->set_hash(std::string(size, 'h'));
    EXPECT_EQ(refusal_of<log_position>(found.SerializeAsString()), errc::invalid_argument) << size;
  }
}

} // namespace
} // namespace ducat::cluster
