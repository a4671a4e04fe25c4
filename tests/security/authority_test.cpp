/// The CA of a cluster: how it is made, and that it is made once.

#include "security/certificate_world.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

namespace ducat::security {
namespace {

using namespace ducat::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The umask of the process, until the end of its life.
class umask_of_process {
public:
  explicit umask_of_process(mode_t mask) : before_{::umask(mask)} {}

  umask_of_process(const umask_of_process&) = delete;
  umask_of_process& operator=(const umask_of_process&) = delete;

  ~umask_of_process() { ::umask(before_); }

private:
  mode_t before_;
};

TEST(Authority, SaysWhichClusterItIsOfAndLastsTenYears) {
  const temporary_directory home;
  const auto made = make_authority(home.path(), {.cluster = "test"}, noon).value();
  EXPECT_EQ(made.certificate, home.path() / "ca.crt");
  EXPECT_EQ(made.key, home.path() / "ca.key");
  const auto info = read_certificate(made.certificate).value();
  EXPECT_TRUE(info.is_authority);
  EXPECT_EQ(info.organization, "test");
  EXPECT_EQ(info.who, std::nullopt);
  EXPECT_EQ(info.not_before, noon - 1h);
  EXPECT_EQ(info.not_after, noon + std::chrono::days{3650});
  EXPECT_EQ(made.info.not_after, info.not_after);
}

TEST(Authority, IsNeverOverwritten) {
  const cluster_ca ca;
  const std::string certificate = text_of(ca.file());
  const std::string key = text_of(ca.path() / "ca.key");
  const auto again = make_authority(ca.path(), {.cluster = "test"}, noon);
  EXPECT_EQ(code_of(again), errc::not_permitted);
  EXPECT_THAT(message_of(again), HasSubstr("ca.key is there already"));
  EXPECT_EQ(text_of(ca.file()), certificate);
  EXPECT_EQ(text_of(ca.path() / "ca.key"), key);
}

TEST(Authority, IsNotMadeBesideHalfOfAnother) {
  for (const char* half : {"ca.crt", "ca.key"}) {
    const temporary_directory home;
    write_text(home.path() / half, "precious");
    EXPECT_EQ(code_of(make_authority(home.path(), {.cluster = "test"}, noon)), errc::not_permitted);
    EXPECT_THAT(files_in(home.path()), ElementsAre(half));
    EXPECT_EQ(text_of(home.path() / half), "precious");
  }
}

TEST(Authority, IsMadeOnceByManyAtTheSameTime) {
  for (int i = 0; i < 10; ++i) {
    const temporary_directory home;
    std::atomic<int> made = 0;
    {
      std::vector<std::jthread> makers;
      for (int maker = 0; maker < 4; ++maker)
        makers.emplace_back([&] {
          made += make_authority(home.path(), {.cluster = "test"}, noon).has_value() ? 1 : 0;
        });
    }
    EXPECT_EQ(made, 1);
    EXPECT_EQ(error_of(issue_node(home.path(), {.id = "n1"}, noon)), std::nullopt);
  }
}

TEST(Authority, GetsTheSameModesWhateverTheUmask) {
  for (const mode_t mask : {0000, 0077}) {
    const umask_of_process masked{mask};
    const temporary_directory home;
    const auto directory = home.path() / "a" / "b";
    const auto made = make_authority(directory, {.cluster = "test"}, noon).value();
    EXPECT_EQ(mode_of(made.key), 0600u);
    EXPECT_EQ(mode_of(made.certificate), 0644u);
    EXPECT_EQ(mode_of(directory), 0700u);
    EXPECT_THAT(files_in(directory), ElementsAre("ca.crt", "ca.key"));
  }
}

TEST(Authority, LeavesTheModeOfADirectoryThatIsThere) {
  const temporary_directory home;
  std::filesystem::permissions(home.path(), std::filesystem::perms{0750});
  (void)make_authority(home.path(), {.cluster = "test"}, noon).value();
  EXPECT_EQ(mode_of(home.path()), 0750u);
}

TEST(Authority, NeedsTheNameOfACluster) {
  const temporary_directory home;
  for (const char* name : {"", "a/b", "a b", "a,b"})
    EXPECT_EQ(code_of(make_authority(home.path(), {.cluster = name}, noon)),
              errc::invalid_argument);
  EXPECT_THAT(files_in(home.path()), ElementsAre());
}

TEST(Authority, LastsOneDayToAHundredYears) {
  const temporary_directory home;
  for (const auto days : {-1, 0, 36501})
    EXPECT_EQ(code_of(make_authority(home.path(),
                                     {.cluster = "test", .valid = std::chrono::days{days}}, noon)),
              errc::invalid_argument);
  const auto made =
      make_authority(home.path(), {.cluster = "test", .valid = validity_max}, noon).value();
  EXPECT_EQ(made.info.not_after, noon + validity_max);
}

TEST(Authority, IsNotMadeWhereNoFileCanBe) {
  const temporary_directory home;
  write_text(home.path() / "file", "");
  EXPECT_EQ(code_of(make_authority(home.path() / "file", {.cluster = "test"}, noon)), errc::io);
}

} // namespace
} // namespace ducat::security
