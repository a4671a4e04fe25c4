/// Which of several links carries the payments: the rules one by one, and random runs.

#include <ducat/acquiring/link_group.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace ducat::acquiring {
namespace {

using namespace std::chrono_literals;
using device::link_state;

constexpr time_point start{1'000s};
constexpr link_group_options stay{};
constexpr link_group_options take_over{.takeover = true, .takeover_after = 30s};

std::vector<link_view> links(link_state first, link_state second, time_point since = start - 1h) {
  return {{.name = "a", .state = first, .since = since},
          {.name = "b", .state = second, .since = since}};
}

std::optional<std::string> granted(const std::vector<link_view>& all, const held_grant& now,
                                   const link_group_options& options = stay) {
  return link_to_grant(all, now, options, start);
}

const held_grant none{};
const held_grant a_holds{.link = "a", .epoch = 1};
const held_grant b_holds{.link = "b", .epoch = 2};

TEST(LinkGroup, GrantsThePreferredLinkFirst) {
  EXPECT_EQ(granted(links(link_state::signed_on, link_state::signed_on), none), "a");
}

TEST(LinkGroup, GrantsABackupFirstOnlyIfThePreferredLinkLetsItWait) {
  EXPECT_EQ(granted(links(link_state::connected, link_state::signed_on), none), "b");
  EXPECT_EQ(granted(links(link_state::connected, link_state::signed_on, start), none),
            std::nullopt);
  EXPECT_EQ(granted(links(link_state::signed_on, link_state::signed_on, start), none), "a");
}

// Whatever it is that the holder does instead.
TEST(LinkGroup, FollowsAHolderThatDoesNotTakePayments) {
  for (const link_state holder : {link_state::down, link_state::connected, link_state::suspect,
                                  link_state::failed, link_state::draining}) {
    EXPECT_EQ(granted(links(holder, link_state::signed_on), a_holds), "b") << holder;
    EXPECT_EQ(granted(links(link_state::signed_on, holder), b_holds), "a") << holder;
    EXPECT_EQ(granted(links(holder, link_state::suspect), a_holds), std::nullopt)
        << "there is no better one than " << holder;
  }
  EXPECT_EQ(granted(links(link_state::signed_on, link_state::signed_on), a_holds), std::nullopt);
}

TEST(LinkGroup, FollowsAHolderThatHasFailedAtOnceAndWaitsForOneThatConnects) {
  for (const link_state holder : {link_state::suspect, link_state::failed, link_state::draining})
    EXPECT_EQ(granted(links(link_state::signed_on, holder, start), b_holds), "a") << holder;
  for (const link_state holder : {link_state::down, link_state::connected}) {
    EXPECT_EQ(granted(links(link_state::signed_on, holder, start), b_holds), std::nullopt)
        << holder;
    EXPECT_EQ(granted(links(link_state::signed_on, holder, start - 1s), b_holds), "a") << holder;
  }
}

TEST(LinkGroup, LeavesAPreferredLinkThatIsBackABackup) {
  EXPECT_EQ(granted(links(link_state::signed_on, link_state::signed_on), b_holds), std::nullopt);
}

TEST(LinkGroup, HasItTakeOverIfThatIsAskedForAndItIsGoodForAWhile) {
  const auto back_for = [](duration time) {
    return granted(links(link_state::signed_on, link_state::signed_on, start - time), b_holds,
                   take_over);
  };
  EXPECT_EQ(back_for(29s), std::nullopt);
  EXPECT_EQ(back_for(30s), "a");
  EXPECT_EQ(granted(links(link_state::signed_on, link_state::signed_on), a_holds, take_over),
            std::nullopt)
      << "b is not preferred";
}

TEST(LinkGroup, FollowsAHolderThatIsNotConfiguredAnyMore) {
  EXPECT_EQ(
      granted(links(link_state::signed_on, link_state::signed_on), {.link = "gone", .epoch = 7}),
      "a");
}

std::uint64_t seed() {
  const char* given = std::getenv("DUCAT_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

// Whatever the links do: only a good one is granted anything, a good holder loses it only to a
// preferred one that was good for long enough, and there is a good holder whenever there can be.
TEST(LinkGroup, GrantsOnlyGoodLinksAndOnlyWhenItHasTo) {
  const std::uint64_t used = seed();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(used));
  std::mt19937_64 random{used};
  const auto pick = [&](int below) {
    return std::uniform_int_distribution<int>{0, below - 1}(random);
  };
  std::vector<link_view> all{{.name = "a"}, {.name = "b"}, {.name = "c"}};
  held_grant holder;
  time_point now = start;
  for (auto& each : all)
    each.since = now;
  for (int i = 0; i < 20'000; ++i) {
    now += std::chrono::seconds{pick(20)};
    link_view& changed = all[static_cast<std::size_t>(pick(3))];
    const auto next_state = static_cast<link_state>(1 + pick(6));
    if (next_state != changed.state)
      changed.since = now;
    changed.state = next_state;
    const link_group_options& options = pick(2) == 0 ? stay : take_over;
    const auto find = [&](const std::string& name) {
      return std::ranges::find(all, name, &link_view::name);
    };
    const auto good = [](const link_view& link) { return link.state == link_state::signed_on; };
    const auto was = find(holder.link);
    const bool was_good = was != all.end() && good(*was);
    const auto next = link_to_grant(all, holder, options, now);
    if (next) {
      const auto taken = find(*next);
      ASSERT_TRUE(good(*taken));
      ASSERT_NE(*next, holder.link);
      if (was_good) {
        ASSERT_TRUE(options.takeover);
        ASSERT_LT(taken, was);
        ASSERT_GE(now - taken->since, options.takeover_after);
      }
      holder = {.link = *next, .epoch = holder.epoch + 1};
      ASSERT_EQ(link_to_grant(all, holder, stay, now), std::nullopt) << "it has just been granted";
    } else if (holder.epoch != 0) {
      const bool is_new = was != all.end() &&
                          (was->state == link_state::down || was->state == link_state::connected) &&
                          now - was->since < options.connect_within;
      ASSERT_TRUE(was_good || is_new || std::ranges::none_of(all, good));
    }
  }
}

} // namespace
} // namespace ducat::acquiring
