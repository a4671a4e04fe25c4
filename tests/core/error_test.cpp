#include <ducat/error.hpp>

#include <gtest/gtest.h>

namespace ducat {
namespace {

TEST(Error, AnUnknownOutcomeIsRetriedWithTheSameId) {
  EXPECT_EQ(disposition_of(errc::outcome_unknown), disposition::retry_same_id);
}

TEST(Error, ACodeOfANewerPeerIsTreatedAsAnUnknownOutcome) {
  EXPECT_EQ(disposition_of(static_cast<errc>(250)), disposition::retry_same_id);
}

TEST(Error, PrintsItsStableNameBeforeTheSentence) {
  EXPECT_EQ(to_string(error{errc::in_use, "by another"}), "in_use: by another");
  EXPECT_EQ(to_string(error{errc::io, ""}), "io");
}

} // namespace
} // namespace ducat
