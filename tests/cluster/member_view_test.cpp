/// What a node concludes from the keys of its cluster and from its links.

#include "cluster/member_view.hpp"
#include "etcd/keys.hpp"

#include <gmock/gmock.h>

namespace ducat::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using state = member_status::state;

constexpr std::uint32_t beats_missed = 3;

cluster_options options_of(const std::string& node) {
  cluster_options made;
  made.node = node;
  made.beats_missed_max = beats_missed;
  return made;
}

struct member_record {
  std::uint32_t priority = 100;
  bool draining = false;
};

/// The view of node "me".
class MemberView : public ::testing::Test {
protected:
  void put_member(const std::string& id, const member_record& what = {}) {
    ducat::link::v1::Member record;
    record.set_id(id);
    record.set_link("link-of-" + id);
    record.set_api("api-of-" + id);
    record.set_program_version("1.2.3");
    record.set_priority(what.priority);
    record.set_draining(what.draining);
    view_.put(keys_.member(id), record.SerializeAsString());
  }

  void put_beat(const std::string& id, std::uint64_t applied = 0) {
    ducat::link::v1::Beat beat;
    beat.set_applied(applied);
    view_.put(keys_.beat(id), beat.SerializeAsString());
  }

  void put_kept(const std::string& id, std::uint64_t index) {
    ducat::link::v1::Kept kept;
    kept.set_index(index);
    view_.put(keys_.kept(id), kept.SerializeAsString());
  }

  void put_epoch(std::uint64_t number, const std::string& by) {
    view_.put(keys_.epoch(), etcd::encode(etcd::epoch_record{number, by + "/some-name"}));
  }

  void pass_own_beats(unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      put_beat("me");
  }

  /// Makes `id` the holder, alive and connected.
  void put_holder(const std::string& id) {
    put_member(id);
    put_beat(id);
    view_.set_link(id, link_state::up);
    put_epoch(5, id);
  }

  member_status status_of(const std::string& id) const {
    for (const member_status& each : view_.statuses())
      if (each.id == id)
        return each;
    ADD_FAILURE() << "there is no status of " << id;
    return {};
  }

  member_keys keys_{"shop"};
  member_view view_{options_of("me"), keys_};
};

TEST(MemberKeys, StandInOneRangeWithoutTheEntriesOfTheLog) {
  const member_keys keys{"shop"};
  for (const std::string& each : {keys.epoch(), keys.beat("a"), keys.member("z")}) {
    EXPECT_GE(each, keys.epoch());
    EXPECT_LT(each, keys.end());
  }
  EXPECT_LT(etcd::keys{keys.log()}.end_of_entries(), keys.epoch());
  EXPECT_EQ(etcd::keys{keys.log()}.epoch(), keys.epoch());
}

// What is kept -----------------------------------------------------------------------------------

TEST_F(MemberView, KnowsWhatANodeKeepsThatIsGoneSinceBeforeItsTime) {
  put_kept("a", 7);
  EXPECT_EQ(status_of("a").kept, 7u);
  EXPECT_EQ(status_of("a").now, member_status::state::gone);
}

// A node that was removed for good does not count any more, whoever was told to remove it.
TEST_F(MemberView, ForgetsANodeThatIsGoneWhenItKeepsNothingAnyMore) {
  put_kept("a", 7);
  view_.remove(keys_.kept("a"));
  EXPECT_TRUE(view_.statuses().empty());
}

TEST_F(MemberView, TakesNothingForKeptThatDoesNotStandThereAnyMore) {
  put_member("a");
  put_kept("a", 7);
  view_.begin_anew();
  put_member("a");
  view_.end_anew();
  EXPECT_EQ(status_of("a").kept, 0u);
}

// Holder -----------------------------------------------------------------------------------------

TEST_F(MemberView, KnowsWhoTookTheNewestEpoch) {
  EXPECT_EQ(view_.holder(), shared_log::holder{});
  put_epoch(5, "a");
  put_epoch(6, "b");
  EXPECT_EQ(view_.holder(), (shared_log::holder{{6}, "b"}));
}

TEST_F(MemberView, HasAFailedHolderIfThereNeverWasOne) {
  EXPECT_TRUE(view_.has_holder_failed());
}

TEST_F(MemberView, TrustsAHolderThatBeats) {
  put_holder("a");
  pass_own_beats(beats_missed);
  EXPECT_FALSE(view_.has_holder_failed());
}

TEST_F(MemberView, TakesAHolderForFailedThatIsNoMember) {
  put_epoch(5, "a");
  EXPECT_TRUE(view_.has_holder_failed());
}

TEST_F(MemberView, TakesAHolderForFailedThatIsGone) {
  put_holder("a");
  view_.remove(keys_.member("a"));
  EXPECT_TRUE(view_.has_holder_failed());
}

TEST_F(MemberView, TakesAHolderForFailedThatIsSilent) {
  put_holder("a");
  pass_own_beats(beats_missed + 1);
  EXPECT_TRUE(view_.has_holder_failed());
  put_beat("a");
  EXPECT_FALSE(view_.has_holder_failed());
}

TEST_F(MemberView, TakesAHolderForFailedSoonerThatCannotBeReachedEither) {
  put_holder("a");
  view_.set_link("a", link_state::broken);
  pass_own_beats(beats_missed / 2);
  EXPECT_FALSE(view_.has_holder_failed());
  pass_own_beats(1);
  EXPECT_TRUE(view_.has_holder_failed());
  view_.set_link("a", link_state::up);
  EXPECT_FALSE(view_.has_holder_failed()) << "it has not missed too many beats";
  view_.set_link("a", link_state::broken);
  put_beat("a");
  EXPECT_FALSE(view_.has_holder_failed()) << "it beats";
}

TEST_F(MemberView, TakesAHolderForFailedThatDrains) {
  put_holder("a");
  put_member("a", {.draining = true});
  EXPECT_TRUE(view_.has_holder_failed());
}

// Nobody listens there: the process is gone. A connection that was lost says less.
TEST_F(MemberView, TakesAHolderForFailedThatRefusesConnectionsButNotForOneThatWasLost) {
  put_holder("a");
  for (const auto now : {link_state::connecting, link_state::broken, link_state::up}) {
    view_.set_link("a", now);
    EXPECT_FALSE(view_.has_holder_failed());
  }
  view_.set_link("a", link_state::refused);
  EXPECT_TRUE(view_.has_holder_failed());
}

// Two nodes that cannot reach each other's ports would take the log from each other for ever.
TEST_F(MemberView, TrustsAHolderThatGoesOnBeatingAlthoughItsPortIsClosed) {
  put_holder("a");
  view_.set_link("a", link_state::refused);
  put_beat("a"); // It may have been under way when the node ended.
  EXPECT_TRUE(view_.has_holder_failed());
  put_beat("a");
  EXPECT_FALSE(view_.has_holder_failed());
  view_.set_link("a", link_state::up);
  view_.set_link("a", link_state::refused);
  EXPECT_TRUE(view_.has_holder_failed());
}

TEST_F(MemberView, NeverTakesItselfForFailed) {
  put_epoch(5, "me");
  EXPECT_FALSE(view_.has_holder_failed());
  view_.remove(keys_.member("me"));
  EXPECT_FALSE(view_.has_holder_failed());
}

// Rank -------------------------------------------------------------------------------------------

TEST_F(MemberView, RanksTheNodesThatAreAble) {
  put_holder("h");
  for (const char* id : {"a", "b", "me"})
    put_member(id);
  EXPECT_EQ(view_.rank(), 2u);
  put_member("me", {.priority = 1});
  EXPECT_EQ(view_.rank(), 0u);
  put_member("me");
  put_member("a", {.draining = true});
  EXPECT_EQ(view_.rank(), 1u);
  view_.remove(keys_.member("b"));
  EXPECT_EQ(view_.rank(), 0u);
}

TEST_F(MemberView, LeavesOutOfTheRankWhoIsSilentOrCannotBeReached) {
  put_holder("h");
  for (const char* id : {"a", "b", "me"})
    put_member(id);
  view_.set_link("a", link_state::broken);
  EXPECT_EQ(view_.rank(), 1u);
  view_.set_link("a", link_state::refused);
  EXPECT_EQ(view_.rank(), 1u);
  pass_own_beats(beats_missed + 1);
  EXPECT_EQ(view_.rank(), 0u);
  view_.set_link("a", link_state::connecting);
  put_beat("a");
  EXPECT_EQ(view_.rank(), 1u);
}

TEST_F(MemberView, HasNoRankWhileItDrainsOrIsNoMember) {
  put_holder("h");
  EXPECT_EQ(view_.rank(), std::nullopt);
  put_member("me");
  EXPECT_EQ(view_.rank(), 0u);
  put_member("me", {.draining = true});
  EXPECT_EQ(view_.rank(), std::nullopt);
}

// Told anew --------------------------------------------------------------------------------------

TEST_F(MemberView, TakesForGoneWhatIsNotToldAnew) {
  put_holder("a");
  put_holder("b");
  view_.begin_anew();
  EXPECT_FALSE(view_.has_holder_failed()) << "not before the end";
  put_member("a");
  view_.end_anew();
  EXPECT_TRUE(view_.has_holder_failed());
  EXPECT_EQ(status_of("a").now, state::alive);
  EXPECT_EQ(status_of("b").now, state::gone);
  EXPECT_THAT(view_.addresses(), ElementsAre(Pair("a", "link-of-a")));
}

TEST_F(MemberView, KeepsWhatIsToldAnewEachTime) {
  put_member("a");
  for (int i = 0; i < 2; ++i) {
    view_.begin_anew();
    put_member("a");
    view_.end_anew();
    EXPECT_EQ(status_of("a").now, state::alive);
  }
  view_.begin_anew();
  view_.end_anew();
  EXPECT_EQ(status_of("a").now, state::gone);
}

// A beat alone may be older than its node's end.
TEST_F(MemberView, IsNotToldOfAMemberByItsBeat) {
  put_member("a");
  view_.begin_anew();
  put_beat("a");
  view_.end_anew();
  EXPECT_EQ(status_of("a").now, state::gone);
}

TEST_F(MemberView, TakesAMemberThatHasJustComeForAlive) {
  put_member("a");
  pass_own_beats(beats_missed + 1);
  EXPECT_EQ(status_of("a").now, state::silent);
  put_member("a"); // As before: it has not come anew.
  EXPECT_EQ(status_of("a").now, state::silent);
  view_.remove(keys_.member("a"));
  put_member("a");
  EXPECT_EQ(status_of("a").now, state::alive);
}

// Statuses ---------------------------------------------------------------------------------------

TEST_F(MemberView, TellsWhatANodeSaysOfItself) {
  put_member("a", {.priority = 7});
  put_beat("a", 42);
  const member_status expected{.id = "a",
                               .now = state::alive,
                               .link = "link-of-a",
                               .api = "api-of-a",
                               .is_linked = false,
                               .holds_log = false,
                               .granted = {},
                               .applied = 42,
                               .priority = 7,
                               .version = "1.2.3"};
  EXPECT_EQ(status_of("a"), expected);
}

TEST_F(MemberView, TellsWhoHoldsTheLogAndSinceWhichEpoch) {
  put_holder("a");
  put_member("b");
  EXPECT_TRUE(status_of("a").holds_log);
  EXPECT_EQ(status_of("a").granted, epoch{5});
  EXPECT_FALSE(status_of("b").holds_log);
  EXPECT_EQ(status_of("b").granted, epoch{});
}

TEST_F(MemberView, IsLinkedToItselfAndToWhoIsConnected) {
  put_member("me");
  put_member("a");
  EXPECT_TRUE(status_of("me").is_linked);
  EXPECT_FALSE(status_of("a").is_linked);
  view_.set_link("a", link_state::up);
  EXPECT_TRUE(status_of("a").is_linked);
  view_.set_link("a", link_state::broken);
  EXPECT_FALSE(status_of("a").is_linked);
}

// Gone before silent before draining.
TEST_F(MemberView, TellsTheWorstThatItKnowsOfANode) {
  put_member("a", {.draining = true});
  EXPECT_EQ(status_of("a").now, state::draining);
  pass_own_beats(beats_missed + 1);
  EXPECT_EQ(status_of("a").now, state::silent);
  view_.remove(keys_.member("a"));
  EXPECT_EQ(status_of("a").now, state::gone);
}

TEST_F(MemberView, RemembersWhatANodeSaidWhenItIsGone) {
  put_member("a");
  put_beat("a", 42);
  view_.remove(keys_.member("a"));
  EXPECT_EQ(status_of("a").link, "link-of-a");
  EXPECT_EQ(status_of("a").applied, 42u);
}

TEST(MemberState, HasANameForPeople) {
  EXPECT_EQ(to_string(state::alive), "alive");
  EXPECT_EQ(to_string(state::silent), "silent");
  EXPECT_EQ(to_string(state::draining), "draining");
  EXPECT_EQ(to_string(state::gone), "gone");
}

// Progress ---------------------------------------------------------------------------------------

TEST_F(MemberView, CountsItsOwnBeatsOnly) {
  put_beat("a");
  pass_own_beats(3);
  EXPECT_EQ(view_.own_beats(), 3u);
}

TEST_F(MemberView, ShowsANodeWhoseProcessHasEndedAsSilent) {
  put_member("me");
  put_member("a");
  view_.set_link("a", link_state::broken);
  EXPECT_EQ(status_of("a").now, state::alive) << "it may only be the link";
  view_.set_link("a", link_state::refused);
  EXPECT_EQ(status_of("a").now, state::silent);
  put_beat("a", 1);
  put_beat("a", 1);
  EXPECT_EQ(status_of("a").now, state::alive) << "it goes on beating: only its port is closed";
}

TEST_F(MemberView, LeavesItselfOutOfAddresses) {
  put_member("me");
  put_member("a");
  put_member("b");
  view_.remove(keys_.member("b"));
  EXPECT_THAT(view_.addresses(), ElementsAre(Pair("a", "link-of-a")));
}

// Garbage ----------------------------------------------------------------------------------------

TEST_F(MemberView, TakesAMemberWhoseValueCannotBeReadForGone) {
  put_holder("a");
  view_.put(keys_.member("a"), "\xff");
  EXPECT_TRUE(view_.has_holder_failed());
  EXPECT_EQ(status_of("a").now, state::gone);
}

TEST_F(MemberView, CountsNoBeatThatCannotBeRead) {
  put_holder("a");
  pass_own_beats(beats_missed + 1);
  view_.put(keys_.beat("a"), "\xff");
  EXPECT_TRUE(view_.has_holder_failed());
  const std::uint64_t before = view_.own_beats();
  view_.put(keys_.beat("me"), "\xff");
  EXPECT_EQ(view_.own_beats(), before);
}

TEST_F(MemberView, KeepsItsHolderIfTheEpochCannotBeRead) {
  put_epoch(5, "a");
  for (const char* garbage : {"", "x", "6", "six a/b"})
    view_.put(keys_.epoch(), garbage);
  EXPECT_EQ(view_.holder(), (shared_log::holder{{5}, "a"}));
}

TEST_F(MemberView, IsNotInterestedInOtherKeys) {
  view_.put("ducat/shop/node/other/a", "x");
  view_.put("ducat/toys/node/member/a", "x");
  view_.remove("ducat/shop/node/member/nobody");
  view_.remove("");
  EXPECT_THAT(view_.statuses(), ElementsAre());
}

} // namespace
} // namespace ducat::cluster
