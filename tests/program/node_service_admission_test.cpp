/// How many payments the service of a node lets in at a time, and of whom.

#include "api/admission.hpp"
#include "api/gateway.hpp"
#include "api/node_service.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/payment/payment_actor.hpp>
#include <ducat/testing.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

namespace ducat::api {
namespace {

using namespace std::chrono_literals;

/// Takes payments and never answers.
caf::behavior mute_payments(caf::event_based_actor* self) {
  auto kept = std::make_shared<std::vector<caf::response_promise>>();
  self->attach_functor([kept] { kept->clear(); });
  return {[=](const payment::pay&) {
    kept->push_back(self->make_response_promise());
    return kept->back();
  }};
}

void describe_mute_node(node& n) {
  (void)n.replicate("ledger", payment::make_machine);
  n.supervise({.strategy = one_for_one, .restarts_max = 50, .window = 10s},
              {{.id = "payments", .start = start(mute_payments), .pool = pool_spec{.size = 1}},
               {.id = "gateway", .start = gateway()}});
}

class NodeServiceAdmission : public ::testing::Test {
protected:
  /// Returns the code with which a request is refused at once; empty: it is inside.
  template <class Request>
  std::string refusal(const Request& request, const std::string& merchant) {
    const auto answered = std::make_shared<std::promise<std::string>>();
    const call_context by{std::chrono::steady_clock::now() + 1h,
                          access::principal{.role = security::role::merchant, .name = merchant}};
    service_->call(request, by, respond<v1::PaymentReply>{[answered](const auto& done) {
                     answered->set_value(done ? "done" : done.error().code());
                   }});
    auto now = answered->get_future();
    return now.wait_for(0s) == std::future_status::ready ? now.get() : "";
  }

  std::string pay(const std::string& merchant, bool by_card = false) {
    v1::CreatePaymentRequest request;
    request.set_idempotency_key("k" + std::to_string(++count_));
    if (by_card)
      request.mutable_card()->set_number("4111111111111111");
    return refusal(request, merchant);
  }

  /// Returns with which code one of `merchant` would be refused; empty: there is room.
  std::string refusal_ahead(const std::string& merchant) {
    const auto room =
        service_->has_room({time_point{}, {.role = security::role::merchant, .name = merchant}});
    return room ? "" : room.error().code();
  }

  v1::PoolFigures figures_of(const std::string& pool) {
    v1::FiguresReply told;
    service_->call(v1::FiguresRequest{}, time_point::max(),
                   respond<v1::FiguresReply>{[&](const auto& reply) { told = *reply; }});
    for (const v1::PoolFigures& each : told.pools())
      if (each.pool() == pool)
        return each;
    ADD_FAILURE() << "no pool " << pool;
    return {};
  }

  std::string capture(const std::string& merchant) {
    v1::CapturePaymentRequest request;
    request.set_id("pay_1");
    request.set_idempotency_key("k" + std::to_string(++count_));
    return refusal(request, merchant);
  }

  int count_ = 0;
  std::shared_ptr<admission> cards_ = std::make_shared<admission>(2);
  ducat::testing::local_node node_{describe_mute_node};
  std::unique_ptr<service> service_ =
      make_node_service(node_.get(), {.payments_max = 4, .card_payments = cards_});
};

TEST_F(NodeServiceAdmission, LetsInAsManyOfOneWhoIsAloneAsThereMayBe) {
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(pay("kiosk"), "") << i;
  EXPECT_EQ(pay("kiosk"), "overloaded");
}

TEST_F(NodeServiceAdmission, LeavesTheLastPlaceToAMerchantWithLessThanItsShare) {
  EXPECT_EQ(pay("bakery"), "");
  EXPECT_EQ(pay("kiosk"), "");
  EXPECT_EQ(pay("kiosk"), "");
  EXPECT_EQ(pay("kiosk"), "overloaded");
  EXPECT_EQ(pay("bakery"), "");
  EXPECT_EQ(pay("bakery"), "overloaded");
}

TEST_F(NodeServiceAdmission, SaysAheadWhetherThereIsRoomAndTakesNone) {
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(refusal_ahead("kiosk"), "") << i;
    EXPECT_EQ(pay("kiosk"), "") << i;
  }
  EXPECT_EQ(refusal_ahead("kiosk"), "overloaded");
  EXPECT_EQ(pay("kiosk", true), "") << "of card payments it says nothing";
}

TEST_F(NodeServiceAdmission, LetsInWhatFollowsAPaymentHoweverManyAreInside) {
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(pay("kiosk"), "") << i;
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(capture("kiosk"), "") << i;
}

TEST_F(NodeServiceAdmission, TellsHowManyAreInsideAndHowManyWereRefused) {
  EXPECT_EQ(figures_of("at_a_time").workers_able(), 4U);
  for (int i = 0; i < 4; ++i)
    pay("kiosk");
  EXPECT_EQ(figures_of("at_a_time").overloaded(), 0U);
  pay("kiosk");
  refusal_ahead("kiosk");
  pay("kiosk", true);
  EXPECT_EQ(figures_of("at_a_time").in_flight(), 4U);
  EXPECT_EQ(figures_of("at_a_time").workers_able(), 0U);
  EXPECT_EQ(figures_of("at_a_time").overloaded(), 2U);
  EXPECT_EQ(figures_of("cards_at_a_time").in_flight(), 1U);
  EXPECT_EQ(figures_of("cards_at_a_time").overloaded(), 0U);
}

TEST_F(NodeServiceAdmission, SharesThePlacesOfCardPaymentsWithWhoeverElseTakesThem) {
  const auto of_a_terminal = cards_->enter({.name = "till"}, std::chrono::steady_clock::now());
  EXPECT_EQ(pay("kiosk", true), "");
  EXPECT_EQ(pay("kiosk", true), "overloaded");
  EXPECT_EQ(pay("kiosk"), "") << "others have places of their own";
}

} // namespace
} // namespace ducat::api
