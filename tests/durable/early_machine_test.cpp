#include <ducat/early_machine.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace ducat {
namespace {

constexpr std::chrono::minutes limit{1};

/// Knows which one it is.
class numbered_machine final : public machine {
public:
  explicit numbered_machine(int number) : number_{number} {}

  std::optional<std::string> answer_without_commit(std::string_view) const override { return {}; }

  std::string apply(const position&, std::string_view) override { return {}; }

  std::string query(std::string_view) const override { return std::to_string(number_); }

  digest state_digest() const override { return {}; }

private:
  int number_;
};

/// Makes machines, and counts them.
struct machine_maker {
  std::shared_ptr<std::atomic<int>> made = std::make_shared<std::atomic<int>>(0);

  std::unique_ptr<machine> operator()() const {
    return std::make_unique<numbered_machine>(++*made);
  }
};

TEST(EarlyMachine, IsMadeBeforeItIsWanted) {
  std::promise<std::thread::id> made;
  const machine_factory next = begun_early([&made] {
    made.set_value(std::this_thread::get_id());
    return std::make_unique<numbered_machine>(1);
  });
  auto by = made.get_future();
  ASSERT_EQ(by.wait_for(limit), std::future_status::ready); // Nobody has asked for it.
  EXPECT_NE(by.get(), std::this_thread::get_id());
  EXPECT_EQ(next()->query(""), "1");
}

TEST(EarlyMachine, IsGivenAwayOnce) {
  const machine_maker maker;
  const machine_factory next = begun_early(maker);
  const machine_factory copy = next;
  const auto first = next();
  const auto second = copy();
  EXPECT_EQ(first->query("") + second->query("") + next()->query(""), "123");
}

TEST(EarlyMachine, ThatCannotBeMadeIsToldToWhoeverWantsIt) {
  bool is_broken = true;
  const machine_factory next = begun_early([&is_broken]() -> std::unique_ptr<machine> {
    if (std::exchange(is_broken, false))
      throw std::runtime_error{"no disk"};
    return std::make_unique<numbered_machine>(2);
  });
  EXPECT_THROW(next(), std::runtime_error);
  EXPECT_EQ(next()->query(""), "2");
}

TEST(EarlyMachine, ThatNobodyWantsIsGoneWithTheFactory) {
  const machine_maker maker;
  {
    const machine_factory unused = begun_early(maker);
  }
  EXPECT_EQ(*maker.made, 1);
  EXPECT_EQ(maker.made.use_count(), 1);
}

} // namespace
} // namespace ducat
