#include "alerts/notice_post.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ducat::alerts {
namespace {

const alert down{.rule = "DucatNodeDown",
                 .subject = "n3",
                 .text = "n3 is silent",
                 .action = "See its journal.",
                 .how = severity::page,
                 .now = alert::state::firing,
                 .since = {5},
                 .fired_at = {7}};

TEST(NoticePost, SaysWhatFiresWhereAndWhatToDo) {
  const auto body =
      nlohmann::json::parse(body_of({notice::kind::fired, down}, {.node = "n1", .cluster = "c"}));
  EXPECT_EQ(body, (nlohmann::json{{"type", "alert.fired"},
                                  {"node", "n1"},
                                  {"cluster", "c"},
                                  {"dedup_key", "c/DucatNodeDown/n3"},
                                  {"rule", "DucatNodeDown"},
                                  {"subject", "n3"},
                                  {"severity", "page"},
                                  {"text", "n3 is silent"},
                                  {"action", "See its journal."},
                                  {"since_ns", 5},
                                  {"fired_at_ns", 7},
                                  {"acknowledged_by", ""}}));
}

TEST(NoticePost, HasOneKeyForOneThingWhoeverTells) {
  const auto key_of = [](const alert& about, const std::string& node) {
    return nlohmann::json::parse(
        body_of({notice::kind::resolved, about}, {node, "c"}))["dedup_key"];
  };
  EXPECT_EQ(key_of(down, "n1"), key_of(down, "n2"));
  alert own = down;
  own.subject.clear();
  EXPECT_NE(key_of(own, "n1"), key_of(own, "n2")) << "of the node itself";
}

TEST(NoticePost, IsJsonWhateverOthersHaveWritten) {
  alert odd = down;
  odd.text = "\xff\"\n";
  EXPECT_TRUE(nlohmann::json::accept(body_of({notice::kind::reminded, odd}, {"n1", "c"})));
}

TEST(NoticePost, BeatsWithATime) {
  const auto body = nlohmann::json::parse(heartbeat_body({"n1", "c"}, {9}));
  EXPECT_EQ(body["type"], "alert.heartbeat");
  EXPECT_EQ(body["at_ns"], 9);
}

} // namespace
} // namespace ducat::alerts
