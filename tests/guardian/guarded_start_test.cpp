/// What a guardian tells the runtime that it starts.

#include "guardian/guarded_start.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>

namespace ducat::guardian {
namespace {

using namespace std::chrono_literals;

/// Puts NAME=VALUE into the environment of this process, as a guardian does into that of another.
void put(const std::string& variable) {
  const auto equals = variable.find('=');
  ::setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
}

TEST(GuardedStart, IsTakenAsItWasTold) {
  const time_point ended = std::chrono::steady_clock::now() - 1s;
  for (const auto& each : variables_of({.last_end = "exit 70", .not_ready_since = ended}))
    put(each);
  const guarded_start told = take_guarded_start();
  EXPECT_EQ(told.last_end, "exit 70");
  EXPECT_EQ(told.not_ready_since, ended);
  EXPECT_EQ(take_guarded_start().not_ready_since, std::nullopt) << "it is taken once";
}

TEST(GuardedStart, OfTheFirstRuntimeSaysNothing) {
  for (const auto& each : variables_of({}))
    put(each);
  const guarded_start told = take_guarded_start();
  EXPECT_EQ(told.last_end, "");
  EXPECT_EQ(told.not_ready_since, std::nullopt);
}

TEST(GuardedStart, BelievesNoMomentThatHasNotBeen) {
  const auto to_come = std::chrono::steady_clock::now() + 1h;
  for (const std::string& text : {std::to_string(to_come.time_since_epoch().count()),
                                  std::string{"-5"}, std::string{"soon"}}) {
    put("DUCAT_NOT_READY_SINCE=" + text);
    EXPECT_EQ(take_guarded_start().not_ready_since, std::nullopt) << text;
  }
}

TEST(GuardedStart, KnowsItsOwnVariables) {
  for (const auto& each : variables_of({}))
    EXPECT_TRUE(is_of_guarded_start(each)) << each;
  EXPECT_FALSE(is_of_guarded_start("DUCAT_ENDPOINT=x"));
}

} // namespace
} // namespace ducat::guardian
