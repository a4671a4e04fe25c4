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

TEST(Error, SaysWhatToDoAboutDamageAfterSayingWhatItIs) {
  EXPECT_EQ(explained({errc::corrupt, "log entry 7 is missing"}),
            "corrupt: log entry 7 is missing\n" + std::string{advice_for(errc::corrupt)});
  EXPECT_NE(advice_for(errc::corrupt).find("Delete no file by hand"), std::string_view::npos);
  EXPECT_EQ(explained({errc::not_found, "no such thing"}), "not_found: no such thing");
}

} // namespace
} // namespace ducat
