/// Every transition of a card payment that involves its acquirer, with a crash at each point of it,
/// against an acquirer in a process of its own. Afterwards both sides agree, every effect is there
/// once, and the payment is what docs/payments.md says in its table of crashes.

#include "acquiring/acquired_node.hpp"
#include "acquiring/advised.hpp"

#include <ducat/fault.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace ducat::acquiring::test {
namespace {

using namespace ducat::testing;

/// A transition, and what becomes of the payment if something crashes once at each point.
struct transition {
  const char* name;
  const char* mti;
  std::function<void(acquired_node&)> prepare; ///< Before anything is broken.
  std::function<void(acquired_node&)> act;     ///< What is broken.
  std::vector<v1::Payment::State> becomes;     ///< By point, see below.
};

/// The points, in the order of time.
struct crash_point {
  const char* name;
  const char* fault;
};

constexpr crash_point points[]{{"before the commit", "durable.before_append"},
                               {"after the commit", "durable.after_append"},
                               {"before a byte leaves", "link.before_write"},
                               {"after it was sent", "link.after_write"},
                               {"after the answer", "link.before_answer"}};

void nothing(acquired_node&) {}

void pay(acquired_node& node) {
  (void)node.pay("k");
}

void authorise(acquired_node& node) {
  (void)node.pay("k", true);
}

std::string id() {
  return payment::payment_id_of("k");
}

const std::vector<transition>& transitions() {
  using is = v1::Payment;
  static const std::vector<transition> all{
      {"pay (0200)",
       "0200",
       nothing,
       pay,
       {is::CAPTURED, is::CAPTURED, is::REVERSED, is::REVERSED, is::REVERSED}},
      {"authorise (0100)",
       "0100",
       nothing,
       authorise,
       {is::AUTHORIZED, is::AUTHORIZED, is::REVERSED, is::REVERSED, is::REVERSED}},
      {"capture (0220)",
       "0100",
       authorise,
       [](acquired_node& node) { (void)node.run(capture_payment(id(), "c", 60)); },
       {is::CAPTURED, is::CAPTURED, is::CAPTURED, is::CAPTURED, is::CAPTURED}},
      {"void (0420)",
       "0100",
       authorise,
       [](acquired_node& node) { (void)node.run(void_payment(id(), "v")); },
       {is::VOIDED, is::VOIDED, is::VOIDED, is::VOIDED, is::VOIDED}},
      {"refund (0220)",
       "0200",
       pay,
       [](acquired_node& node) { (void)node.run(refund_payment(id(), "r", 30)); },
       {is::CAPTURED, is::CAPTURED, is::CAPTURED, is::CAPTURED, is::CAPTURED}},
  };
  return all;
}

/// References under which something stands at the acquirer.
std::set<std::string> standing_at(const acquirer_process& host) {
  std::set<std::string> all;
  std::map<std::uint64_t, std::string> approved;
  for (const auto& each : host.control({"journal"})) {
    const auto effect = each.at("effect").get<std::string>();
    const auto rrn = each.at("rrn").get<std::string>();
    if (effect == "captured" || effect == "authorised") {
      EXPECT_TRUE(all.insert(rrn).second) << "approved twice: " << rrn;
      approved[each.at("sequence").get<std::uint64_t>()] = rrn;
    } else if (effect == "reversed") {
      all.erase(approved[each.at("original").at("sequence").get<std::uint64_t>()]);
    }
  }
  return all;
}

/// References of our attempts that are approved and not to be taken back.
std::set<std::string> standing_here(const std::vector<v1::Payment>& payments) {
  std::set<std::string> all;
  for (const v1::Payment& payment : payments)
    for (const v1::Attempt& each : payment.attempts())
      if (each.state() == v1::Attempt::APPROVED)
        all.insert(each.rrn());
  return all;
}

/// Returns how often a fault point has fired.
std::uint64_t fired(const std::string& point) {
  for (const fault_point_status& each : list_fault_points())
    if (each.name == point)
      return each.fired;
  ADD_FAILURE() << "there is no point " << point;
  return 0;
}

class CrashTable : public ::testing::TestWithParam<std::size_t> {};

TEST_P(CrashTable, IsWhatBecomesOfAPaymentAndBothSidesAgree) {
  const transition& of = transitions()[GetParam()];
  for (std::size_t i = 0; i < std::size(points); ++i) {
    SCOPED_TRACE(std::string{of.name} + ", " + points[i].name);
    temporary_directory place;
    acquirer_process host{place.path() / "journal"};
    acquired_node node{host.port(), of.mti};
    of.prepare(node);
    (void)node.wait_until_known();
    const std::uint64_t before = fired(points[i].fault);
    ASSERT_TRUE(arm_fault(points[i].fault, {.kind = fault_kind::crash, .times = 1}));
    of.act(node);
    const auto ours = node.wait_until_known();
    EXPECT_EQ(fired(points[i].fault), before + 1);
    EXPECT_EQ(ours.size(), 1u);
    EXPECT_EQ(v1::Payment::State_Name(ours.at(0).state()),
              v1::Payment::State_Name(of.becomes.at(i)));
    EXPECT_EQ(standing_here(ours), standing_at(host));
    EXPECT_EQ(told_to(host), owed_by(ours));
  }
}

INSTANTIATE_TEST_SUITE_P(Of, CrashTable, ::testing::Range<std::size_t>(0, 5));

/// Returns the table's row of a transition, as the document has it.
std::string row_of(const transition& of) {
  std::string row = std::string{"| "} + of.name + " |";
  for (const v1::Payment::State each : of.becomes)
    row += " `" + v1::Payment::State_Name(each) + "` |";
  return row;
}

TEST(CrashTable, IsInTheDocument) {
  std::ostringstream document;
  document << std::ifstream{DUCAT_SOURCE_DIRECTORY "/docs/payments.md"}.rdbuf();
  for (const transition& each : transitions())
    EXPECT_NE(document.str().find(row_of(each)), std::string::npos) << row_of(each);
}

} // namespace
} // namespace ducat::acquiring::test
