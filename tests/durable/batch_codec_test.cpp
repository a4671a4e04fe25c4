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

TEST(Batch, OfAnUnknownFormatIsFromANewerVersion) {
  std::string payload = payload_of({"first"});
  payload[0] = 2;
  EXPECT_EQ(commands_of(payload).error().code, errc::newer_version);
}

TEST(Batch, WithAnAbsurdLengthIsCorrupt) {
  std::string payload = payload_of({"first"});
  payload[4] = '\xff';
  EXPECT_EQ(commands_of(payload).error().code, errc::corrupt);
}

} // namespace
} // namespace ducat
