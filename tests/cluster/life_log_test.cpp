/// What the log of a node says of its machine, for whoever wants to know where a recovery's time
/// went.

#include "replicated_world.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace ducat::cluster {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using LifeLog = two_nodes;

TEST_F(LifeLog, SaysWhenTheMachineIsThereAndWhenItWrites) {
  write("x");
  write("y");
  a_.stop();
  std::ostringstream said;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(said)));
  a_.start();
  a_.lead_after(store_->newest.granted.value);
  spdlog::set_default_logger(before);
  const std::string taken = "log_taken epoch=" + std::to_string(store_->newest.granted.value);
  EXPECT_THAT(said.str(), AllOf(HasSubstr("machine_ready applied=2\n"),
                                HasSubstr(taken + " newest=2 took_ms=0\n")));
}

} // namespace
} // namespace ducat::cluster
