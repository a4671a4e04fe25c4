#include "cluster/lenders.hpp"

#include <gmock/gmock.h>

namespace ducat::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

member_status keeping(const std::string& id, std::uint64_t kept) {
  return {.id = id, .is_linked = true, .kept = kept};
}

TEST(Lenders, AreTheNewestFirst) {
  EXPECT_THAT(lenders_among({keeping("a", 5), keeping("b", 9), keeping("c", 7), keeping("d", 9)},
                            {.me = "x"}),
              ElementsAre("b", "d", "c", "a"));
}

TEST(Lenders, AreNotTheOneThatAsksNorThoseThatCannotBeAsked) {
  member_status away = keeping("b", 9);
  away.is_linked = false;
  EXPECT_THAT(lenders_among({keeping("a", 5), away, keeping("c", 7)}, {.me = "c"}),
              ElementsAre("a"));
}

// The log begins at 7: what is older is of no use.
TEST(Lenders, KeepAStateThatTheLogGoesOnFrom) {
  EXPECT_THAT(lenders_among({keeping("a", 6), keeping("b", 7), keeping("c", 0)},
                            {.me = "x", .log_first = 7}),
              ElementsAre("b"));
  EXPECT_THAT(lenders_among({keeping("c", 0)}, {.me = "x", .log_first = 0}), IsEmpty());
}

} // namespace
} // namespace ducat::cluster
