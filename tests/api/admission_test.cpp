#include "api/admission.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

namespace ducat::api {
namespace {

TEST(Admission, LetsSoManyIn) {
  admission door{2};
  auto first = door.enter();
  const auto second = door.enter();
  EXPECT_NE(first, nullptr);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(door.enter(), nullptr);
  EXPECT_EQ(door.enter(), nullptr) << "who was refused takes no place";
  first.reset();
  EXPECT_NE(door.enter(), nullptr);
}

TEST(Admission, WhoIsInsideMayOutliveIt) {
  std::optional<admission> door{std::in_place, 1u};
  auto inside = door->enter();
  door.reset();
  inside.reset();
}

TEST(Admission, LosesNoPlaceWhoeverComesAtTheSameTime) {
  admission door{3};
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i)
    all.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n)
        (void)door.enter();
    });
  for (std::thread& each : all)
    each.join();
  const std::vector<std::shared_ptr<void>> inside{door.enter(), door.enter(), door.enter()};
  for (const auto& each : inside)
    EXPECT_NE(each, nullptr);
  EXPECT_EQ(door.enter(), nullptr);
}

} // namespace
} // namespace ducat::api
