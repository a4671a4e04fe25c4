/// Who may read a key.

#include "security/certificate_world.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

namespace ducat::security {
namespace {

using namespace ducat::testing;
using ::testing::HasSubstr;

class KeyFile : public ::testing::Test {
protected:
  KeyFile() {
    write_text(file_, "key");
    set_mode(0600);
  }

  void set_mode(mode_t mode) { ASSERT_EQ(::chmod(file_.c_str(), mode), 0); }

  temporary_directory home_;
  std::filesystem::path file_ = home_.path() / "n1.key";
};

TEST_F(KeyFile, IsGoodIfOnlyItsOwnerMayReadIt) {
  for (const mode_t mode : {0600, 0400, 0700}) {
    set_mode(mode);
    EXPECT_EQ(error_of(check_key_file(file_)), std::nullopt);
  }
}

TEST_F(KeyFile, IsRefusedIfOthersMayReadOrWriteIt) {
  for (const mode_t mode : {0640, 0620, 0604, 0602, 0666, 0644}) {
    set_mode(mode);
    EXPECT_EQ(code_of(check_key_file(file_)), errc::not_permitted) << std::oct << mode;
  }
}

TEST_F(KeyFile, IsRefusedWithItsModeAndTheFix) {
  set_mode(0644);
  const std::string message = message_of(check_key_file(file_));
  EXPECT_THAT(message, HasSubstr("the key file " + file_.string() + " has mode 0644"));
  EXPECT_THAT(message, HasSubstr("chmod 600 " + file_.string()));
}

TEST_F(KeyFile, IsFoundThroughALink) {
  const auto link = home_.path() / "link";
  std::filesystem::create_symlink(file_, link);
  EXPECT_TRUE(check_key_file(link));
  set_mode(0644);
  EXPECT_EQ(code_of(check_key_file(link)), errc::not_permitted);
}

TEST_F(KeyFile, IsNotFoundIfItIsMissing) {
  EXPECT_EQ(code_of(check_key_file(home_.path() / "n2.key")), errc::not_found);
  EXPECT_EQ(code_of(check_key_file(file_ / "n2.key")), errc::not_found);
}

TEST_F(KeyFile, IsARegularFile) {
  const auto pipe = home_.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& path : {home_.path(), pipe}) {
    const auto refused = check_key_file(path);
    EXPECT_EQ(code_of(refused), errc::not_permitted);
    EXPECT_THAT(message_of(refused), HasSubstr("is no regular file"));
  }
}

TEST_F(KeyFile, BelongsToThisUserOrToRoot) {
  if (::geteuid() != 0)
    GTEST_SKIP() << "only root can give a file away";
  constexpr uid_t somebody = 12345;
  ASSERT_EQ(::chown(file_.c_str(), somebody, somebody), 0);
  const auto refused = check_key_file(file_);
  EXPECT_EQ(code_of(refused), errc::not_permitted);
  EXPECT_THAT(message_of(refused), HasSubstr("belongs to the user 12345"));
}

} // namespace
} // namespace ducat::security
