/// The time of a simulation: who waits, and what becomes of it.

#include "sim/clockwork.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace ducat::sim {
namespace {

using namespace std::chrono_literals;

struct one_clock {
  dice chance{1};
  clockwork time{chance};

  void run(duration how_long) {
    time.run_until([] { return false; }, how_long);
  }
};

TEST(Clockwork, LetsOthersGoOnWhileAHandlerWaits) {
  one_clock at;
  std::string said;
  at.time.start("a", [&] {
    said += "a";
    at.time.wait_for(10ms);
    said += "A";
  });
  at.time.start("b", [&] {
    said += "b";
    at.time.wait_for(5ms);
    said += "B";
  });
  at.run(20ms);
  EXPECT_EQ(said, "abBA");
}

TEST(Clockwork, HoldsHandlersOfAPlaceThatIsStopped) {
  one_clock at;
  bool is_over = false;
  at.time.start("a", [&] {
    at.time.wait_for(1ms);
    is_over = true;
  });
  const auto first = at.time.stop("a");
  const auto second = at.time.stop("a");
  at.time.go_on("a", first);
  at.run(1s);
  EXPECT_FALSE(is_over) << "another stop holds";
  at.time.go_on("a", second);
  at.run(1ms);
  EXPECT_TRUE(is_over);
}

TEST(Clockwork, EndsTheWaitingOfAPlaceThatEnds) {
  one_clock at;
  bool has_ended = false;
  at.time.start("a", [&] {
    try {
      at.time.wait_for(1h);
    } catch (const place_ended&) {
      has_ended = true;
    }
  });
  at.time.end("a");
  at.run(1ms);
  EXPECT_TRUE(has_ended);
}

/// What is handled in one handler is not what another one handles.
TEST(Clockwork, KeepsTheExceptionsOfHandlersApart) {
  one_clock at;
  std::string caught;
  at.time.start("a", [&] {
    try {
      throw std::runtime_error("a");
    } catch (const std::runtime_error&) {
      at.time.wait_for(10ms);
      try {
        throw;
      } catch (const std::runtime_error& again) {
        caught = again.what();
      }
    }
  });
  at.time.start("b", [&] {
    try {
      throw std::runtime_error("b");
    } catch (const std::runtime_error&) {
      at.time.wait_for(20ms);
    }
  });
  at.run(30ms);
  EXPECT_EQ(caught, "a");
}

} // namespace
} // namespace ducat::sim
