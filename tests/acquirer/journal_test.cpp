#include "acquirer/effect_line.hpp"
#include "acquirer/journal.hpp"
#include "requests.hpp"
#include "support/temporary_directory.hpp"

#include <fstream>
#include <sstream>

namespace ducat::acquirer::testing {

namespace {

/// One effect of each kind.
std::vector<effect> some_effects() {
  host_world world;
  world.arm("decline:stan=000003");
  world.arm("drop_answer:mti=0100");
  world.send(payment({.mti = "0100"}));
  world.send(payment({.stan = "000002", .rrn = "6333\"\\00001"}));
  world.send(payment({.stan = "000003"}));
  world.send(payment({.mti = "0220", .stan = "000004"}));
  world.send(reversal(payment({.stan = "000002"}), "000005"));
  world.send(reversal(payment({.stan = "000077"}), "000006"));
  return world.effects();
}

class AcquirerJournal : public ::testing::Test {
protected:
  void write(const std::vector<effect>& effects) const {
    std::vector<effect> read;
    auto file = journal::open(path_, read);
    ASSERT_TRUE(file) << file.error();
    for (const effect& each : effects)
      file->append(each);
    ASSERT_TRUE(file->sync());
  }

  result<std::vector<effect>> read() const {
    std::vector<effect> found;
    const auto file = journal::open(path_, found);
    return file ? result<std::vector<effect>>{found} : tl::unexpected(file.error());
  }

  std::string text() const {
    std::ostringstream contents;
    contents << std::ifstream{path_, std::ios::binary}.rdbuf();
    return contents.str();
  }

  void set_text(const std::string& text) const {
    std::ofstream{path_, std::ios::binary | std::ios::trunc} << text;
  }

  ducat::testing::temporary_directory directory_;
  std::filesystem::path path_ = directory_.path() / "journal.jsonl";
};

TEST_F(AcquirerJournal, ReadsBackWhatItWrote) {
  const auto effects = some_effects();
  ASSERT_EQ(effects.size(), 6u);
  write(effects);
  EXPECT_EQ(read().value(), effects);
  EXPECT_EQ(text().find("4111111111111111"), std::string::npos);
}

TEST_F(AcquirerJournal, GoesOnWhereItEnded) {
  const auto effects = some_effects();
  write({effects.begin(), effects.begin() + 2});
  write({effects.begin() + 2, effects.end()});
  EXPECT_EQ(read().value(), effects);
}

TEST_F(AcquirerJournal, DropsALastLineWithoutAnEndAtEveryByte) {
  const auto effects = some_effects();
  write(effects);
  const std::string whole = text();
  const std::size_t begin = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t size = begin; size < whole.size(); ++size) {
    set_text(whole.substr(0, size));
    const auto found = read();
    ASSERT_TRUE(found) << found.error();
    ASSERT_EQ(found->size(), effects.size() - 1);
    ASSERT_EQ(text(), whole.substr(0, begin));
  }
}

TEST_F(AcquirerJournal, RefusesEveryOtherDamageWithItsLine) {
  write(some_effects());
  const std::string whole = text();
  const std::size_t second = whole.find('\n') + 1;
  const std::size_t third = whole.find('\n', second) + 1;
  for (std::size_t at = second; at + 1 < third; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    set_text(damaged);
    const auto found = read();
    ASSERT_FALSE(found) << at;
    ASSERT_EQ(found.error().code, errc::corrupt);
    ASSERT_NE(found.error().message.find("journal.jsonl:2: "), std::string::npos) << found.error();
    ASSERT_EQ(text(), damaged);
  }
}

TEST_F(AcquirerJournal, RefusesALineThatIsMissing) {
  write(some_effects());
  const std::string whole = text();
  set_text(whole.substr(whole.find('\n') + 1));
  const auto found = read();
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find(":1: the sequence is 2"), std::string::npos);
}

TEST_F(AcquirerJournal, BelongsToOneProcess) {
  std::vector<effect> none;
  const auto first = journal::open(path_, none);
  ASSERT_TRUE(first);
  const auto second = journal::open(path_, none);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::in_use);
}

TEST_F(AcquirerJournal, IsNotWrittenBeforeItIsSynced) {
  std::vector<effect> none;
  auto file = journal::open(path_, none);
  file->append(some_effects().at(0));
  EXPECT_EQ(text(), "");
  ASSERT_TRUE(file->sync());
  EXPECT_EQ(text(), line_of(some_effects().at(0)) + "\n");
}

} // namespace

} // namespace ducat::acquirer::testing
