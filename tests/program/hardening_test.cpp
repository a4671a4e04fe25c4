/// What compiler and linker are asked for against mistakes with memory is in the programs: see
/// docs/security.md.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <regex>
#include <string>

namespace ducat::cli {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

/// Returns what binutils' readelf says of a program.
std::string told_of(const std::string& program, const std::string& what) {
  const std::string command = "LC_ALL=C readelf --wide " + what + " '" + program + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen(command.c_str(), "r"), &::pclose};
  std::string told;
  char line[4096];
  while (pipe != nullptr && std::fgets(line, sizeof line, pipe.get()) != nullptr)
    told += line;
  return told;
}

class Programs : public ::testing::TestWithParam<const char*> {};

TEST_P(Programs, LieAtAnotherAddressEachTime) {
  EXPECT_THAT(told_of(GetParam(), "--file-header"), ContainsRegex("Type: +DYN"));
}

TEST_P(Programs, HaveNothingToOverwriteThatIsJumpedTo) {
  EXPECT_THAT(told_of(GetParam(), "--segments"), HasSubstr("GNU_RELRO"));
  EXPECT_THAT(told_of(GetParam(), "--dynamic"), ContainsRegex("FLAGS_1\\).*NOW"));
}

TEST_P(Programs, RunNothingThatLiesOnTheStack) {
  const std::string segments = told_of(GetParam(), "--segments");
  EXPECT_THAT(segments, ContainsRegex("GNU_STACK.* RW "));
  EXPECT_THAT(segments, Not(ContainsRegex("GNU_STACK.* RWE ")));
}

TEST_P(Programs, NoticeThatAStackWasOverwritten) {
  EXPECT_THAT(told_of(GetParam(), "--dyn-syms"), HasSubstr("__stack_chk_fail@"));
}

#if defined(_FORTIFY_SOURCE)
TEST_P(Programs, CopyNoMoreThanThereIsRoomFor) {
  const std::string symbols = told_of(GetParam(), "--dyn-syms");
  const std::regex checked{"__(mem|str|read|recv|snprintf|vsnprintf|fread|poll)[a-z]*_chk@"};
  EXPECT_TRUE(std::regex_search(symbols, checked)) << symbols.substr(0, 2'000);
}
#endif

INSTANTIATE_TEST_SUITE_P(Shipped, Programs,
                         ::testing::Values(DUCAT_PROGRAM, DUCAT_ACQUIRER, DUCAT_TERMINALS),
                         [](const auto& of) {
                           std::string name = of.param;
                           name.erase(0, name.rfind('/') + 1);
                           std::erase(name, '-');
                           return name;
                         });

} // namespace
} // namespace ducat::cli
