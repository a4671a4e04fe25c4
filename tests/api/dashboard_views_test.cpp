/// What dashboards are told, without any HTTP.

#include "api/dashboard_board.hpp"
#include "api/dashboard_lists.hpp"
#include "api/dashboard_views.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace ducat::api {
namespace {

using nlohmann::json;

void add_child(v1::TreeReply& tree, const std::string& path, const std::string& state = "running",
               std::uint64_t restarts = 0) {
  v1::Child& child = *tree.add_children();
  child.set_path(path);
  child.set_state(state);
  child.set_restarts(restarts);
}

/// A pool of `count` under "terminals", of which every tenth restarts, between two others.
v1::TreeReply tree_of(int count) {
  v1::TreeReply tree;
  tree.mutable_spec()->set_strategy("one_for_one");
  tree.mutable_spec()->set_restarts_max(5);
  tree.mutable_spec()->set_window_ms(10'000);
  add_child(tree, "ledger");
  add_child(tree, "terminals");
  for (int i = 0; i < count; ++i)
    add_child(tree, "terminals/t" + std::to_string(i), i % 10 == 0 ? "restarting" : "running", 2);
  add_child(tree, "gateway");
  return tree;
}

json tree_shown(int count) {
  return json::parse(tree_json(tree_of(count)));
}

TEST(DashboardTree, ShowsEachChildOfASmallTree) {
  const json tree = tree_shown(static_cast<int>(shown_children_max));
  EXPECT_EQ(tree["children"].size(), shown_children_max + 3);
  EXPECT_EQ(tree["children"][2]["path"], "terminals/t0");
  EXPECT_EQ(tree["children"][2]["restarts"], "2");
  EXPECT_TRUE(tree["crowds"].empty());
  EXPECT_EQ(tree["root"],
            (json{{"strategy", "one_for_one"}, {"restarts_max", 5}, {"window_ms", "10000"}}));
}

TEST(DashboardTree, CountsTheChildrenOfASupervisorThatHasTooMany) {
  const json tree = tree_shown(10'000);
  ASSERT_EQ(tree["children"].size(), 3u);
  EXPECT_EQ(tree["children"][2]["path"], "gateway");
  EXPECT_EQ(tree["crowds"],
            json::array({{{"path", "terminals"},
                          {"count", 10'000},
                          {"restarts", 20'000},
                          {"states", {{"restarting", 1'000}, {"running", 9'000}}}}}));
  EXPECT_LT(tree.dump().size(), 2'000u);
}

TEST(DashboardTree, LeavesOutWhatIsBelowACrowd) {
  v1::TreeReply tree = tree_of(100);
  add_child(tree, "terminals/t5/reader");
  EXPECT_EQ(json::parse(tree_json(tree))["children"].size(), 3u);
}

TEST(DashboardTree, OfNothingIsATree) {
  const json tree = json::parse(tree_json({}));
  EXPECT_TRUE(tree["children"].empty());
  EXPECT_TRUE(tree["crowds"].empty());
}

TEST(DashboardChildren, ComeInPages) {
  const v1::TreeReply tree = tree_of(120);
  const json second = json::parse(children_json(tree, "terminals", 50));
  EXPECT_EQ(second["count"], 120);
  ASSERT_EQ(second["children"].size(), children_page_size);
  EXPECT_EQ(second["children"][0]["path"], "terminals/t50");
  EXPECT_EQ(json::parse(children_json(tree, "terminals", 100))["children"].size(), 20u);
  EXPECT_TRUE(json::parse(children_json(tree, "terminals", 120))["children"].empty());
  EXPECT_TRUE(json::parse(children_json(tree, "terminals", SIZE_MAX))["children"].empty());
  EXPECT_EQ(json::parse(children_json(tree, "", 0))["count"], 3);
  EXPECT_EQ(json::parse(children_json(tree, "nobody", 0))["count"], 0);
}

TEST(DashboardFigures, AreOfChildrenThatHaveSome) {
  v1::FiguresReply figures;
  v1::ChildFigures& root = *figures.add_children();
  root.set_restarts_left(4);
  root.set_zombies(1);
  v1::ChildFigures& busy = *figures.add_children();
  busy.set_path("ledger");
  busy.set_waiting(7);
  busy.set_kept(2);
  v1::ChildFigures& idle = *figures.add_children();
  idle.set_path("gateway");
  idle.set_waiting(0);
  EXPECT_EQ(json::parse(figures_json(figures)), json::parse(R"({"children": [
      {"path": "", "waiting": 0, "restarts_left": 4, "zombies": 1},
      {"path": "ledger", "waiting": 9, "zombies": 0}]})"));
}

TEST(DashboardBoard, TellsOfEachTopicOnce) {
  dashboard_board board;
  std::uint64_t seen = 0;
  EXPECT_EQ(board.news(seen), "");
  board.put("tree", "{}");
  board.put("nodes", "[]");
  EXPECT_EQ(board.news(seen), "event: tree\ndata: {}\n\nevent: nodes\ndata: []\n\n");
  EXPECT_EQ(board.news(seen), "");
}

TEST(DashboardBoard, HasNoNewsOfWhatIsSaidAgain) {
  dashboard_board board;
  std::uint64_t seen = 0;
  board.put("tree", "1");
  board.news(seen);
  board.put("tree", "1");
  EXPECT_EQ(board.news(seen), "");
  board.put("tree", "2");
  EXPECT_EQ(board.news(seen), "event: tree\ndata: 2\n\n");
}

// Who is slow costs nothing: what was between is not kept.
TEST(DashboardBoard, TellsTheNewestOnlyToWhoWasAway) {
  dashboard_board board;
  std::uint64_t seen = 0;
  for (int i = 0; i <= 1000; ++i)
    board.put("tree", std::to_string(i));
  EXPECT_EQ(board.news(seen), "event: tree\ndata: 1000\n\n");
}

void add_event(v1::ListEventsReply& page, int number, const std::string& payment) {
  v1::Event& event = *page.add_data();
  event.set_id("evt_" + std::to_string(number));
  event.set_type("payment.captured");
  event.set_payment_id(payment);
  event.mutable_payment()->set_id(payment);
  page.set_next(event.id());
  page.set_newest(event.id());
}

constexpr std::uint64_t now_ns = 1'000'000'000'000;

TEST(RecentPayments, ShowTheNewestFirst) {
  recent_payments recent;
  v1::ListEventsReply page;
  add_event(page, 1, "pay_1");
  add_event(page, 2, "pay_2");
  EXPECT_TRUE(recent.take(page));
  const json shown = json::parse(recent.json());
  ASSERT_EQ(shown["data"].size(), 2u);
  EXPECT_EQ(shown["data"][0]["id"], "pay_2");
  EXPECT_EQ(shown["data"][0]["event"], "evt_2");
  EXPECT_EQ(shown["skipped"], false);
  EXPECT_EQ(recent.question(now_ns).after(), "evt_2");
}

TEST(RecentPayments, LookBackLessFarIfThereIsTooMuch) {
  recent_payments recent;
  const std::uint64_t far = recent.question(now_ns).since_ns();
  v1::ListEventsReply page;
  add_event(page, 1, "pay_1");
  page.set_newest("evt_9");
  page.set_has_more(true);
  EXPECT_FALSE(recent.take(page));
  EXPECT_GT(recent.question(now_ns).since_ns(), far);
  EXPECT_TRUE(json::parse(recent.json())["data"].empty());
}

// A node that takes thousands a second is not slowed down by those who look at it.
TEST(RecentPayments, SkipWhatIsTooMuch) {
  recent_payments recent;
  v1::ListEventsReply page;
  add_event(page, 1, "pay_1");
  recent.take(page);
  page.set_newest("evt_5000");
  page.set_has_more(true);
  EXPECT_TRUE(recent.take(page));
  EXPECT_EQ(recent.question(now_ns).after(), "evt_5000");
  EXPECT_EQ(json::parse(recent.json())["skipped"], true);
}

TEST(RecentPayments, BeginAnewWithoutTheRowsOfBefore) {
  recent_payments recent;
  v1::ListEventsReply page;
  add_event(page, 1, "pay_1");
  recent.take(page);
  recent.restart();
  EXPECT_EQ(recent.question(now_ns).after(), "");
  EXPECT_TRUE(recent.take(page));
  EXPECT_EQ(json::parse(recent.json())["data"].size(), 1u);
}

TEST(RecentPayments, AreBounded) {
  recent_payments recent;
  for (int i = 0; i < 1000; ++i) {
    v1::ListEventsReply page;
    add_event(page, i, "pay_" + std::to_string(i));
    recent.take(page);
  }
  EXPECT_EQ(json::parse(recent.json())["data"].size(), 40u);
}

v1::Payment payment_in(const std::string& id, v1::Payment::State state, std::uint64_t created) {
  v1::Payment payment;
  payment.set_id(id);
  payment.set_state(state);
  payment.set_created_at_ns(created);
  return payment;
}

TEST(DoubtSearch, ShowsWhatIsStillInDoubtTheOldestFirst) {
  doubt_search search;
  v1::ListEventsReply page;
  for (int i = 1; i <= 3; ++i)
    add_event(page, i, "pay_" + std::to_string(i));
  EXPECT_TRUE(search.take(page));
  EXPECT_EQ(search.candidates().size(), 3u);
  search.see(payment_in("pay_1", v1::Payment::IN_DOUBT, 20));
  search.see(payment_in("pay_2", v1::Payment::REVERSED, 5));
  search.see(payment_in("pay_3", v1::Payment::EXCEPTION, 10));
  const json shown = json::parse(search.json());
  ASSERT_EQ(shown["data"].size(), 2u);
  EXPECT_EQ(shown["data"][0]["id"], "pay_3");
  EXPECT_EQ(shown["data"][1]["id"], "pay_1");
  EXPECT_EQ(search.candidates().size(), 2u);
  search.see(payment_in("pay_1", v1::Payment::REVERSED, 20));
  EXPECT_EQ(json::parse(search.json())["data"].size(), 1u);
}

// The payment itself was declined, and an attempt of it may have been approved.
TEST(DoubtSearch, ShowsPaymentsOfWhichAnAttemptIsInDoubt) {
  v1::Payment payment = payment_in("pay_1", v1::Payment::DECLINED, 1);
  EXPECT_FALSE(is_in_doubt(payment));
  v1::Attempt& attempt = *payment.add_attempts();
  attempt.set_in_doubt_at_ns(7);
  attempt.set_reason("timeout");
  EXPECT_TRUE(is_in_doubt(payment));
  const json row = json::parse(doubt_row(payment));
  EXPECT_EQ(row["at_ns"], "7");
  EXPECT_EQ(row["type"], "timeout");
  attempt.set_resolved_at_ns(9);
  EXPECT_FALSE(is_in_doubt(payment));
}

TEST(DoubtSearch, SaysThatThereAreMoreThanItLooksAt) {
  doubt_search search;
  v1::ListEventsReply page;
  for (int i = 0; i < 101; ++i)
    add_event(page, i, "pay_" + std::to_string(i));
  page.set_has_more(true);
  EXPECT_FALSE(search.take(page));
  EXPECT_EQ(search.candidates().size(), 100u);
  EXPECT_EQ(json::parse(search.json())["incomplete"], true);
  search.clear();
  EXPECT_EQ(json::parse(search.json())["incomplete"], false);
}

} // namespace
} // namespace ducat::api
