#include "api/admission.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

namespace ducat::api {
namespace {

const access::principal nobody{};
constexpr time_point at{};

TEST(Admission, LetsSoManyIn) {
  admission door{2};
  auto first = door.enter(nobody, at);
  const auto second = door.enter(nobody, at);
  EXPECT_NE(first, nullptr);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(door.enter(nobody, at), nullptr);
  EXPECT_EQ(door.enter(nobody, at), nullptr) << "who was refused takes no place";
  first.reset();
  EXPECT_NE(door.enter(nobody, at), nullptr);
}

// What may be had of how many is tested in fair_shares_test.cpp.
TEST(Admission, OfOneLeavesAPlaceToAnother) {
  const access::principal kiosk{.role = security::role::merchant, .name = "kiosk"};
  const access::principal bakery{.role = security::role::merchant, .name = "bakery"};
  admission door{2};
  const auto first = door.enter(kiosk, at);
  auto other = door.enter(bakery, at);
  EXPECT_NE(other, nullptr);
  other.reset();
  EXPECT_EQ(door.enter(kiosk, at), nullptr);
  EXPECT_NE(door.enter(bakery, at), nullptr);
}

TEST(Admission, WhoIsInsideMayOutliveIt) {
  std::optional<admission> door{std::in_place, 1u};
  auto inside = door->enter(nobody, at);
  door.reset();
  inside.reset();
}

TEST(Admission, LosesNoPlaceWhoeverComesAtTheSameTime) {
  admission door{3};
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i)
    all.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n)
        (void)door.enter(nobody, at);
    });
  for (std::thread& each : all)
    each.join();
  const std::vector<std::shared_ptr<void>> inside{door.enter(nobody, at), door.enter(nobody, at),
                                                  door.enter(nobody, at)};
  for (const auto& each : inside)
    EXPECT_NE(each, nullptr);
  EXPECT_EQ(door.enter(nobody, at), nullptr);
}

} // namespace
} // namespace ducat::api
