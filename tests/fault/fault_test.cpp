#include <ducat/fault.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace ducat {
namespace {

inline fault_point point{"test.point"};

fault_point_status status() {
  const auto all = list_fault_points();
  return *std::ranges::find(all, point.name(), &fault_point_status::name);
}

TEST(FaultPoint, DoesNothingWhileDisarmed) {
  EXPECT_NO_THROW(point.hit());
  EXPECT_EQ(status().remaining, 0u);
}

TEST(FaultPoint, FiresAsOftenAsArmedAndThenDisarmsItself) {
  const auto before = status().fired;
  ASSERT_TRUE(arm_fault("test.point", {.times = 2}));
  EXPECT_THROW(point.hit(), injected_fault);
  EXPECT_THROW(point.hit(), injected_fault);
  EXPECT_NO_THROW(point.hit());
  EXPECT_EQ(status().fired, before + 2);
}

TEST(FaultPoint, DoesNothingOnceDisarmedAgain) {
  ASSERT_TRUE(arm_fault("test.point", {.times = 2}));
  ASSERT_TRUE(disarm_fault("test.point"));
  EXPECT_NO_THROW(point.hit());
}

TEST(FaultPoint, OfAProcessDoesNotThrow) {
  static fault_point deep{"test.deep", fault_scope::process};
  const auto refused = arm_fault("test.deep", {.kind = fault_kind::crash});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_argument);
  EXPECT_NO_THROW(deep.hit());
  EXPECT_TRUE(arm_fault("test.deep", {.kind = fault_kind::hang, .lease = {}}));
  EXPECT_NO_THROW(deep.hit());
}

TEST(FaultPoint, HangsUntilItsLeaseEnds) {
  using namespace std::chrono_literals;
  ASSERT_TRUE(arm_fault("test.point", {.kind = fault_kind::hang, .lease = 1ms}));
  point.hit(); // Returns: the lease ends by itself.
  EXPECT_EQ(status().remaining, 0u);
}

TEST(FaultPoint, StopsHangingWhenDisarmed) {
  ASSERT_TRUE(arm_fault("test.point", {.kind = fault_kind::hang, .lease = fault_lease_max}));
  const auto before = status().fired;
  std::thread hanging{[] { point.hit(); }};
  while (status().fired == before)
    std::this_thread::yield();
  ASSERT_TRUE(disarm_fault("test.point"));
  hanging.join();
}

TEST(FaultPointDeathTest, EndsTheProcessAsSigkillDoes) {
  ASSERT_TRUE(arm_fault("test.point", {.kind = fault_kind::exit}));
  EXPECT_EXIT(point.hit(), ::testing::KilledBySignal(SIGKILL), "");
  ASSERT_TRUE(disarm_fault("test.point"));
}

TEST(FaultPointDeathTest, EndsTheProcessByARealSegmentationFault) {
  ASSERT_TRUE(arm_fault("test.point", {.kind = fault_kind::segv}));
  struct sigaction of_this_test{};
  // Under a sanitizer its own handler would end the process, with a code of its own.
  EXPECT_EXIT(
      {
        of_this_test.sa_flags = SA_SIGINFO;
        of_this_test.sa_sigaction = [](int, siginfo_t* info, void*) {
          std::_Exit(info->si_addr == reinterpret_cast<void*>(16) ? 11 : 1);
        };
        ::sigaction(SIGSEGV, &of_this_test, nullptr);
        point.hit();
      },
      ::testing::ExitedWithCode(11), "");
  ASSERT_TRUE(disarm_fault("test.point"));
}

TEST(FaultPoint, RefusesAnUnknownNameAndImpossibleNumbers) {
  EXPECT_EQ(arm_fault("test.nowhere", {}).error().code, errc::not_found);
  EXPECT_EQ(disarm_fault("test.nowhere").error().code, errc::not_found);
  EXPECT_EQ(arm_fault("test.point", {.times = 0}).error().code, errc::invalid_argument);
  const fault endless{.lease = fault_lease_max + std::chrono::milliseconds{1}};
  EXPECT_EQ(arm_fault("test.point", endless).error().code, errc::invalid_argument);
}

TEST(FaultKind, IsReadAsItIsPrinted) {
  for (const fault_kind kind :
       {fault_kind::crash, fault_kind::exit, fault_kind::hang, fault_kind::segv})
    EXPECT_EQ(fault_kind_of(to_string(kind)), kind);
  EXPECT_EQ(fault_kind_of("melt"), std::nullopt);
}

} // namespace
} // namespace ducat
