#include <ducat/exit_reason.hpp>
#include <ducat/handle.hpp>

#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <gtest/gtest.h>

namespace ducat {
namespace {

TEST(ExitReason, ComesBackUnchangedFromAnActor) {
  for (const exit_kind kind : {exit_kind::shutdown, exit_kind::killed, exit_kind::crashed,
                               exit_kind::noproc, exit_kind::noconnection})
    for (const std::string detail : {"", "why"}) {
      const exit_reason reason{kind, detail};
      EXPECT_EQ(exit_reason_of(to_caf(reason)), reason) << reason;
    }
}

TEST(ExitReason, HasNoDetailIfItIsNormal) {
  EXPECT_EQ(exit_reason_of(to_caf(exit_reason{exit_kind::normal, "why"})), exit_reason{});
}

TEST(ExitReason, IsACrashIfAnErrorOfSomebodyElseEndedTheActor) {
  EXPECT_EQ(exit_reason_of(caf::sec::request_timeout).kind, exit_kind::crashed);
  EXPECT_EQ(exit_reason_of(to_caf(error{errc::io, "no disk"})).kind, exit_kind::crashed);
}

TEST(ExitReason, SaysThatAnActorHadNothingToDo) { // S3
  const exit_reason ignored{exit_kind::ignored, ""};
  EXPECT_EQ(exit_reason_of(to_caf(ignored)), ignored);
  EXPECT_TRUE(is_normal_end(ignored));
}

TEST(ExitReason, IsNormalOnlyForNormalAndShutdown) { // S7, S8
  EXPECT_TRUE(is_normal_end({exit_kind::normal, ""}));
  EXPECT_TRUE(is_normal_end({exit_kind::shutdown, ""}));
  EXPECT_TRUE(is_normal_end({exit_kind::shutdown, "why"}));
  for (const exit_kind kind :
       {exit_kind::killed, exit_kind::crashed, exit_kind::noproc, exit_kind::noconnection})
    EXPECT_FALSE(is_normal_end({kind, ""}));
}

TEST(ErrorOf, GivesADucatErrorBackUnchanged) {
  const error back = error_of(to_caf(error{errc::epoch_lost, "by node2"}));
  EXPECT_EQ(back.code, errc::epoch_lost);
  EXPECT_EQ(back.message, "by node2");
}

TEST(ErrorOf, NeverSaysThatNothingWasDoneIfItMayHaveBeen) {
  EXPECT_EQ(error_of(caf::sec::request_timeout).code, errc::outcome_unknown);
  EXPECT_EQ(error_of(caf::sec::request_receiver_down).code, errc::outcome_unknown);
  EXPECT_EQ(error_of(caf::sec::unexpected_response).code, errc::outcome_unknown);
  EXPECT_EQ(error_of(caf::exit_reason::kill).code, errc::outcome_unknown);
  EXPECT_EQ(error_of(caf::error{}).code, errc::outcome_unknown);
}

TEST(ErrorOf, SaysThatTheReceiverIsNotRunningOrDoesNotUnderstand) {
  EXPECT_EQ(error_of(caf::sec::invalid_argument).code, errc::unavailable);
  EXPECT_EQ(error_of(caf::sec::unexpected_message).code, errc::invalid_argument);
}

} // namespace
} // namespace ducat
