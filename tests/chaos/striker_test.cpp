/// What a striker does to a stage: here to one that only notes it.

#include "chaos/striker.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <mutex>

namespace ducat::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class noting_stage : public stage {
public:
  explicit noting_stage(bool has_disks) : has_disks_{has_disks} {}

  std::vector<std::string> nodes() const override { return {"node1"}; }

  std::vector<std::string> members() const override { return {}; }

  std::string endpoint(const std::string&) const override { return "127.0.0.1:1"; }

  void signal(const std::string& part, int number) const override {
    note("signal " + std::to_string(number) + " " + part);
  }

  result<void> break_network(const std::string&, fault_action) const override {
    return fail(errc::invalid_argument, "there is none");
  }

  void mend_network(const std::string&) const override {}

  result<void> lose_power(const std::string& node) const override {
    return has_disks_ ? note("power of " + node) : stage::lose_power(node);
  }

  result<void> fill_disk(const std::string& node) const override {
    return has_disks_ ? note("full " + node) : stage::fill_disk(node);
  }

  void empty_disk(const std::string& node) const override { note("empty " + node); }

  std::uint64_t lives(const std::string&) const override { return 1; }

  void tend() override {}

  result<verdict> check(const std::filesystem::path&) override { return verdict{}; }

  bool stop() override { return true; }

  std::vector<std::string> noted() const {
    const std::lock_guard lock{guard_};
    return noted_;
  }

private:
  result<void> note(std::string what) const {
    const std::lock_guard lock{guard_};
    noted_.push_back(std::move(what));
    return {};
  }

  bool has_disks_;
  mutable std::mutex guard_;
  mutable std::vector<std::string> noted_;
};

fault_event event(fault_action what) {
  return {.what = what, .node = "node1", .lease = 10min};
}

/// Strikes, and heals before the lease is over.
std::vector<struck_fault> struck(const noting_stage& on, fault_action what) {
  striker hands{on, std::chrono::steady_clock::now()};
  hands.strike(event(what));
  hands.heal();
  return hands.struck();
}

TEST(Striker, EmptiesTheDiskThatItHasFilled) {
  const noting_stage on{true};
  const auto made = struck(on, fault_action::disk_full);
  EXPECT_THAT(on.noted(), ElementsAre("full node1", "empty node1"));
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].action, "disk_full");
  EXPECT_THAT(made[0].targets, ElementsAre("node1"));
}

TEST(Striker, TakesThePowerOfADiskOnce) {
  const noting_stage on{true};
  const auto made = struck(on, fault_action::power_loss);
  EXPECT_THAT(on.noted(), ElementsAre("power of node1"));
  ASSERT_EQ(made.size(), 1u);
  EXPECT_THAT(made[0].targets, ElementsAre("node1"));
}

TEST(Striker, MissesDisksThatThereAreNot) {
  for (const fault_action each : {fault_action::power_loss, fault_action::disk_full}) {
    const noting_stage on{false};
    const auto made = struck(on, each);
    ASSERT_EQ(made.size(), 1u);
    EXPECT_THAT(made[0].targets, IsEmpty());
    EXPECT_THAT(on.noted(), IsEmpty());
  }
}

} // namespace
} // namespace ducat::cli
