/// What a node tells its machine about the writer of the log.

#include "cluster/writer_watch.hpp"
#include "etcd/keys.hpp"

#include <gtest/gtest.h>

namespace ducat::cluster {
namespace {

constexpr const char* me = "me";

cluster_options of_me() {
  cluster_options made;
  made.node = me;
  return made;
}

class WriterWatch : public ::testing::Test {
protected:
  void put_holder(const std::string& id) {
    view_.put(keys_.epoch(), etcd::encode(etcd::epoch_record{5, id + "/some-name"}));
  }

  writer_news look() { return watch_.look(view_, me, false, time_point{}); }

  member_keys keys_{"shop"};
  member_view view_{of_me(), keys_};
  writer_watch watch_;
};

// Another life of the machine may have begun in between, and may not have read who it is.
TEST_F(WriterWatch, TellsTheHolderEachTime) {
  put_holder("a");
  const shared_log::holder holder{.granted = {5}, .node = "a"};
  EXPECT_EQ(look().holder, holder);
  EXPECT_EQ(look().holder, holder);
}

TEST_F(WriterWatch, GivesNoTurnBeforeOwnBeatsHaveComeBack) {
  put_holder(me);
  for (std::uint64_t beats = 0; beats < beats_to_join; ++beats) {
    EXPECT_EQ(look().turn, std::nullopt) << beats;
    view_.put(keys_.beat(me), ducat::link::v1::Beat{}.SerializeAsString());
  }
}

} // namespace
} // namespace ducat::cluster
