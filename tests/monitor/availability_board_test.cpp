/// Many subjects, and what is predicted of them.

#include "monitor/conditions.hpp"

#include <ducat/availability_board.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace ducat::monitor {
namespace {

using namespace std::chrono_literals;

class AvailabilityBoard : public ::testing::Test {
protected:
  static subject group(const std::string& name) { return {subject::kind::group, name}; }

  static subject child(const std::string& path) { return {subject::kind::child, path}; }

  /// Lets it serve for `up`, be failed for `down`, and serve again.
  void fail_once(const subject& about, duration up, duration down) {
    board_.set(about, is::serving);
    now_ += up;
    board_.set(about, is::failed);
    now_ += down;
    board_.set(about, is::serving);
  }

  std::vector<std::string> names(std::string_view top = {}) const {
    std::vector<std::string> all;
    for (const subject_report& each : board_.report(window::start, top))
      all.push_back(std::string{to_string(each.about.what)} + " " + each.about.name);
    return all;
  }

  time_point now_ = begin;
  availability_board board_{[this] { return now_; }};
};

TEST_F(AvailabilityBoard, ListsTheClusterThenNodesThenGroupsThenChildren) {
  for (const subject& each : {child("a"), group("links"), subject{subject::kind::node, "n1"},
                              subject{subject::kind::cluster, "test"}})
    board_.set(each, is::serving);
  EXPECT_EQ(names(),
            (std::vector<std::string>{"cluster test", "node n1", "group links", "child a"}));
}

TEST_F(AvailabilityBoard, ListsWhatIsAskedForAndWhatIsBelowIt) {
  for (const char* path : {"a", "a/b", "a/b/c", "ab", "b"})
    board_.set(child(path), is::serving);
  EXPECT_EQ(names("a"), (std::vector<std::string>{"child a", "child a/b", "child a/b/c"}));
  EXPECT_EQ(names("a/b/c"), (std::vector<std::string>{"child a/b/c"}));
  EXPECT_TRUE(names("c").empty());
}

TEST_F(AvailabilityBoard, ObservesFromTheFirstFactOn) {
  board_.set(group("early"), is::serving);
  now_ += 10s;
  board_.set(group("late"), is::serving);
  now_ += 5s;
  const auto lines = board_.report(window::start);
  EXPECT_EQ(lines.at(0).counted.observed, 15s);
  EXPECT_EQ(lines.at(1).counted.observed, 5s);
}

TEST_F(AvailabilityBoard, ForgetsWhatItIsToldTo) {
  fail_once(group("g"), 10s, 1s);
  board_.forget(group("g"));
  EXPECT_TRUE(names().empty());
  board_.set(group("g"), is::serving);
  EXPECT_EQ(board_.report(window::start).at(0).counted.failures, 0u);
}

TEST_F(AvailabilityBoard, PredictsNothingBeforeAFailureAndItsRepair) {
  board_.set(group("g"), is::serving);
  now_ += 10s;
  EXPECT_FALSE(board_.report(window::start).at(0).predicted);
  board_.set(group("g"), is::failed);
  now_ += 10s;
  EXPECT_FALSE(board_.report(window::start).at(0).predicted);
  board_.set(group("g"), is::serving);
  EXPECT_TRUE(board_.report(window::start).at(0).predicted);
}

TEST_F(AvailabilityBoard, PredictsASingleOneFromItsOwnTimes) {
  fail_once(group("g"), 99s, 1s);
  EXPECT_DOUBLE_EQ(board_.report(window::start).at(0).predicted->availability, 0.99);
}

TEST_F(AvailabilityBoard, PredictsAGroupFromTheTimesOfItsParts) {
  board_.describe(group("g"), {.mode = redundancy_mode::active_active, .units = 0, .needed = 1});
  board_.set(group("g"), is::serving);
  for (const char* part : {"g/1", "g/2"}) {
    board_.set_part(child(part), group("g"));
    fail_once(child(part), 9s, 1s);
  }
  const subject_report line = board_.report(window::start, "g").at(0);
  EXPECT_EQ(line.mode.units, 2u) << "as many as there are parts";
  ASSERT_TRUE(line.predicted);
  // The first one also served while the second one was observed: 28 s of service, two failures.
  const double down = 1.0 / (1.0 + 28.0 / 2.0);
  EXPECT_NEAR(line.predicted->unavailability, std::pow(down, 2), 1e-12);
}

TEST_F(AvailabilityBoard, PredictsNothingOfAGroupWithoutParts) {
  board_.describe(group("g"), {.mode = redundancy_mode::primary_backup, .units = 3});
  fail_once(group("g"), 99s, 1s);
  EXPECT_FALSE(board_.report(window::start).at(0).predicted) << "its times are not a unit's";
}

TEST_F(AvailabilityBoard, PredictsFromWhatWasCountedInTheWindow) {
  fail_once(group("g"), 99s, 1s);
  now_ += 1h;
  EXPECT_FALSE(board_.report(window::minute).at(0).predicted);
  EXPECT_TRUE(board_.report(window::day).at(0).predicted);
}

} // namespace
} // namespace ducat::monitor
