#include "durable/batch_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ducat {
namespace {

using ::testing::ElementsAre;

std::string payload_of(std::initializer_list<std::string_view> commands) {
  batch_builder batch;
  for (const std::string_view command : commands)
    batch.add(command);
  return std::move(batch).take();
}

TEST(Batch, GivesBackTheCommandsInOrder) {
  const std::string payload = payload_of({"first", "", "third"});
  EXPECT_THAT(commands_of(payload).value(), ElementsAre("first", "", "third"));
}

TEST(Batch, IsEmptyUntilACommandIsAdded) {
  batch_builder batch;
  EXPECT_TRUE(batch.is_empty());
  batch.add("");
  EXPECT_FALSE(batch.is_empty());
}

TEST(Batch, CutAtAnyByteIsCorruptOrShorter) {
  const std::string payload = payload_of({"first", "second"});
  for (std::size_t size = 0; size < payload.size(); ++size) {
    const auto commands = commands_of(std::string_view{payload}.substr(0, size));
    if (commands)
      EXPECT_LT(commands->size(), 2u) << size;
    else
      EXPECT_EQ(commands.error().code, errc::corrupt) << size;
  }
}

std::string payload_with_grant() {
  batch_builder batch;
  batch.add("first");
  batch.add_grant("group", "node");
  return std::move(batch).take();
}

TEST(Batch, GivesBackGrantsAmongItsCommands) {
  const std::string payload = payload_with_grant();
  const auto records = records_of(payload).value();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].kind, record_kind::command);
  EXPECT_EQ(records[0].command, "first");
  EXPECT_EQ(records[1].kind, record_kind::grant);
  EXPECT_EQ(records[1].group, "group");
  EXPECT_EQ(records[1].granted_node, "node");
  EXPECT_THAT(commands_of(payload).value(), ElementsAre("first"));
}

TEST(Batch, OfCommandsOnlyIsOneThatOlderVersionsRead) {
  EXPECT_EQ(payload_of({"first"}).front(), 1);
  EXPECT_EQ(payload_with_grant().front(), 2) << "they say of this that it is newer";
}

TEST(Batch, WithAGrantCutAtAnyByteIsCorruptOrShorter) {
  const std::string payload = payload_with_grant();
  for (std::size_t size = 0; size < payload.size(); ++size) {
    const auto records = records_of(std::string_view{payload}.substr(0, size));
    if (records)
      EXPECT_LT(records->size(), 2u) << size;
    else
      EXPECT_EQ(records.error().code, errc::corrupt) << size;
  }
}

TEST(Batch, WithARecordOfAnUnknownKindIsFromANewerVersion) {
  std::string payload = payload_with_grant();
  payload[5] = 3;
  EXPECT_EQ(records_of(payload).error().code, errc::newer_version);
}

TEST(Batch, OfAnUnknownFormatIsFromANewerVersion) {
  std::string payload = payload_of({"first"});
  payload[0] = 3;
  EXPECT_EQ(commands_of(payload).error().code, errc::newer_version);
}

TEST(Batch, WithAGrantOfNoGroupIsCorrupt) {
  using namespace std::string_literals;
  EXPECT_EQ(records_of("\2\5\0\0\0\2\0node"s).error().code, errc::corrupt);
  EXPECT_TRUE(records_of("\2\3\0\0\0\2\1gn"s));
}

TEST(Batch, WithAnAbsurdLengthIsCorrupt) {
  std::string payload = payload_of({"first"});
  payload[4] = '\xff';
  EXPECT_EQ(commands_of(payload).error().code, errc::corrupt);
}

} // namespace
} // namespace ducat
