#include "metrics/named_children.hpp"

#include <gmock/gmock.h>

namespace ducat::metrics {
namespace {

using ::testing::ElementsAre;

v1::ChildSpec& add(v1::SupervisorSpec& to, const char* id) {
  v1::ChildSpec& made = *to.add_children();
  made.set_id(id);
  return made;
}

TEST(NamedChildren, AreThoseOfTheSpecWithWorkersAndRouters) {
  v1::SupervisorSpec root;
  add(root, "ledger");
  add(root, "payments").mutable_pool()->set_size(2);
  add(*add(root, "devices").mutable_supervisor(), "desk");
  EXPECT_THAT(named_children(root), ElementsAre("devices", "devices/desk", "ledger", "payments",
                                                "payments/router", "payments/w1", "payments/w2"));
}

TEST(NamedChildren, LeaveOutThoseThatComeAndGo) {
  v1::SupervisorSpec root;
  v1::SupervisorSpec& many = *add(root, "terminals").mutable_supervisor();
  many.set_strategy("simple_one_for_one");
  add(many, "template");
  EXPECT_THAT(named_children(root), ElementsAre("terminals"));
}

} // namespace
} // namespace ducat::metrics
