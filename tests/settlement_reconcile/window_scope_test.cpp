#include <ducat/settlement/window_scope.hpp>

#include <gmock/gmock.h>

#include <vector>

namespace ducat::settlement::testing {
namespace {

using ::testing::ElementsAre;

v1::Window window(std::uint64_t number, std::uint32_t date,
                  v1::Window::State state = v1::Window::CLOSED) {
  v1::Window made;
  made.set_number(number);
  made.set_business_date(date);
  made.set_state(state);
  return made;
}

const std::vector<v1::Window> week{window(7, 20'261'201, v1::Window::OPEN), window(6, 20'261'130),
                                   window(5, 20'261'130), window(4, 20'261'127),
                                   window(3, 20'261'126)};

// Saturday and Sunday are of Monday's window.
TEST(WindowScope, HasTheDatesSinceTheWindowBefore) {
  const auto scope = scope_of(week, 6);
  ASSERT_TRUE(scope);
  EXPECT_EQ(scope->dates, (date_range{.after = 20'261'127, .through = 20'261'130}));
  EXPECT_TRUE(scope->dates.contains(20'261'128));
  EXPECT_FALSE(scope->dates.contains(20'261'127));
}

TEST(WindowScope, OfADateWithSeveralWindowsBelongsToTheLast) {
  const auto scope = scope_of(week, 5);
  ASSERT_TRUE(scope);
  EXPECT_FALSE(scope->dates.contains(20'261'130));
  EXPECT_FALSE(scope->dates.contains(20'261'128));
}

TEST(WindowScope, NamesTheWindowsBeforeAndAfter) {
  EXPECT_THAT(scope_of(week, 4)->others, ElementsAre(3, 5, 6));
  EXPECT_THAT(scope_of(week, 6)->others, ElementsAre(4, 5, 7));
}

TEST(WindowScope, IsOnlyOfWindowsThatWereCut) {
  EXPECT_EQ(scope_of(week, 7).error().code, errc::invalid_argument);
  EXPECT_EQ(scope_of(week, 8).error().code, errc::invalid_argument);
}

} // namespace
} // namespace ducat::settlement::testing
