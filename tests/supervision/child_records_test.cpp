#include "core_world.hpp"

namespace ducat::supervision {
namespace {

std::string order_of(const child_records& all) {
  std::string ids;
  for (const child_record& child : all)
    ids += child.traits.id;
  return ids;
}

child_records three() {
  child_records all;
  for (child_traits& traits : children(3))
    all.append(traits);
  return all;
}

TEST(ChildRecords, FindByKeyByIdAndByLife) {
  auto all = three();
  child_record& b = *all.find("b");
  EXPECT_EQ(all.find(child_key{2}), &b);
  all.begin_life(b, 7);
  EXPECT_EQ(all.find_life(7), &b);
  all.begin_life(b, 8);
  EXPECT_EQ(all.find_life(7), nullptr);
  all.remove(2);
  EXPECT_EQ(all.find("b"), nullptr);
  EXPECT_EQ(all.find_life(8), nullptr);
  EXPECT_EQ(order_of(all), "ac");
}

TEST(ChildRecords, NameThoseAfterOne) {
  const auto all = three();
  EXPECT_THAT(all.keys_from(2), ElementsAre(2, 3));
  EXPECT_THAT(all.keys_from(), ElementsAre(1, 2, 3));
}

TEST(ChildRecords, AreArrangedBeforeThoseThatAreNotNamed) {
  for (const std::string wish : {"cba", "c", "bc", "xa", "cxy", "abc", "x", ""}) {
    auto all = three();
    std::vector<child_traits> order;
    for (const char id : wish)
      order.push_back({.key = static_cast<child_key>(id - 'a' + 1), .id = std::string(1, id)});
    all.arrange(order);
    std::string expected = wish;
    for (const char id : {'a', 'b', 'c'})
      if (wish.find(id) == std::string::npos)
        expected += id;
    EXPECT_EQ(order_of(all), expected);
    EXPECT_EQ(all.size(), expected.size());
  }
}

/// Runs a supervisor of `count` children through its life: each starts, each crashes once, all
/// stop. What looks at every sibling each time takes 10,000,000,000 steps here and does not end in
/// time.
void live_and_die(strategy how, std::size_t count) {
  std::vector<child_traits> all;
  for (child_key key = 1; key <= count; ++key)
    all.push_back({.key = key, .id = std::to_string(key)});
  const bool simple = how == simple_one_for_one;
  supervisor_core core{{.strategy = how, .restarts_max = 1'000'000},
                       simple ? std::vector<child_traits>{} : all};
  core.handle(event::boot{}, start_of_time);
  life_id life = 0;
  for (child_traits& traits : all) {
    if (simple)
      core.handle(event::start_instance{traits.key, traits}, start_of_time);
    core.handle(event::started{++life}, start_of_time);
  }
  for (life_id crashed = 1; crashed <= count; ++crashed) {
    core.handle(event::down{crashed, boom}, start_of_time);
    core.handle(event::started{++life}, start_of_time);
  }
  core.handle(event::stop{shutdown_reason}, start_of_time);
  std::vector<action::any> last;
  for (life_id ended = life; ended > count; --ended)
    last = core.handle(event::down{ended, shutdown_reason}, start_of_time);
  EXPECT_TRUE(std::holds_alternative<action::finish>(last.back()));
}

TEST(ChildRecords, LetAHundredThousandStartCrashAndStop) { // scale_start_stop_many_children
  live_and_die(one_for_one, 100'000);
}

// simple_one_for_one_scale_many_temporary_children
TEST(ChildRecords, LetAHundredThousandInstancesStartCrashAndStop) {
  live_and_die(simple_one_for_one, 100'000);
}

TEST(ChildRecords, LetAHundredThousandCrashAtOnceWhileTheyAreStopped) { // S29
  constexpr std::size_t count = 100'000;
  std::vector<child_traits> all;
  for (child_key key = 1; key <= count; ++key)
    all.push_back({.key = key, .id = std::to_string(key)});
  supervisor_core core{{}, all};
  core.handle(event::boot{}, start_of_time);
  for (life_id life = 1; life <= count; ++life)
    core.handle(event::started{life}, start_of_time);
  core.handle(event::stop{shutdown_reason}, start_of_time);
  for (life_id life = 1; life < count; ++life)
    core.handle(event::down{life, boom}, start_of_time);
  const auto last = core.handle(event::down{count, shutdown_reason}, start_of_time);
  EXPECT_EQ(last.size(), count + 1); // Each end is told, and that of the supervisor.
}

} // namespace
} // namespace ducat::supervision
