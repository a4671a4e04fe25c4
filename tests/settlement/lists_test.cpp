/// Lists: pages are the whole, and what is shown of a capture is what became of it.

#include "settlement/settlement_world.hpp"

#include <gmock/gmock.h>

namespace ducat::settlement::test {
namespace {

using ::testing::ElementsAre;

/// Reads a list page by page; returns the names of its items.
template <class Question, class Reply, class Name>
std::vector<std::string> pages(const settlement_world& w, v1::SettlementQuestion question,
                               Question* (v1::SettlementQuestion::*wanted)(),
                               const Reply& (v1::SettlementAnswer::*reply)() const, Name name,
                               std::uint32_t limit) {
  std::vector<std::string> out;
  for (bool has_more = true; has_more;) {
    (question.*wanted)()->set_limit(limit);
    if (!out.empty())
      (question.*wanted)()->set_starting_after(out.back());
    const v1::SettlementAnswer answer = w.ask_settlement(question);
    const Reply& told = (answer.*reply)();
    EXPECT_LE(static_cast<std::uint32_t>(told.data_size()), limit);
    has_more = told.has_more() && told.data_size() > 0;
    for (const auto& each : told.data())
      out.push_back(name(each));
  }
  return out;
}

std::vector<std::string> merchants_in(const settlement_world& w, std::uint64_t window,
                                      std::uint32_t limit) {
  v1::SettlementQuestion question;
  question.mutable_merchant_windows()->set_currency("EUR");
  question.mutable_merchant_windows()->set_window(window);
  return pages(
      w, question, &v1::SettlementQuestion::mutable_merchant_windows,
      &v1::SettlementAnswer::merchant_windows,
      [](const v1::MerchantWindow& each) { return each.merchant(); }, limit);
}

std::vector<std::string> payouts_of(const settlement_world& w, const std::string& batch,
                                    const std::string& merchant, std::uint32_t limit) {
  v1::SettlementQuestion question;
  question.mutable_payouts()->set_batch(batch);
  question.mutable_payouts()->set_merchant(merchant);
  return pages(
      w, question, &v1::SettlementQuestion::mutable_payouts, &v1::SettlementAnswer::payouts,
      [](const v1::Payout& each) { return each.id(); }, limit);
}

v1::Error refusal_of(const settlement_world& w, const v1::SettlementQuestion& question) {
  v1::Question all;
  *all.mutable_settlement() = question;
  return w.ask(all).error();
}

/// Four merchants, of whom three were paid in window 1, and two in window 2.
class lists_world : public settlement_world {
public:
  lists_world() {
    for (const char* id : {"cafe", "bikes"}) {
      open(id, "EUR", true);
      settle(merchant(id));
    }
    for (const char* id : {"bikes", "books", "cafe"})
      pay_to_the_end(std::string{"first-"} + id, "world", id, 100);
    cut_and_settle(1);
    batch(1);
    for (const char* id : {"books", "cafe"})
      pay_to_the_end(std::string{"second-"} + id, "world", id, 100);
    cut_and_settle(2);
    batch(2);
  }
};

TEST(SettlementLists, AreTheSameWhateverIsOnAPage) {
  const lists_world w;
  for (const std::uint32_t limit : {1u, 2u, 3u, 100u}) {
    SCOPED_TRACE(limit);
    EXPECT_THAT(merchants_in(w, 1, limit), ElementsAre("books", "cafe", "bikes"));
    EXPECT_THAT(merchants_in(w, 2, limit), ElementsAre("books", "cafe"));
    EXPECT_THAT(merchants_in(w, 3, limit), ElementsAre());
    EXPECT_THAT(payouts_of(w, "pob_EUR_1", "", limit),
                ElementsAre("po_EUR_1_1", "po_EUR_1_2", "po_EUR_1_3"));
    EXPECT_THAT(payouts_of(w, "", "cafe", limit), ElementsAre("po_EUR_2_2", "po_EUR_1_2"));
    EXPECT_THAT(payouts_of(w, "", "kiosk", limit), ElementsAre());
    EXPECT_THAT(payouts_of(w, "", "nobody", limit), ElementsAre());
  }
}

TEST(SettlementLists, OfMerchantsGoOnAfterOneWithoutAnythingInTheWindow) {
  const lists_world w;
  v1::SettlementQuestion question;
  question.mutable_merchant_windows()->set_currency("EUR");
  question.mutable_merchant_windows()->set_window(2);
  question.mutable_merchant_windows()->set_starting_after("kiosk");
  const v1::SettlementAnswer answer = w.ask_settlement(question);
  ASSERT_EQ(answer.merchant_windows().data_size(), 1);
  EXPECT_EQ(answer.merchant_windows().data(0).merchant(), "cafe");
}

TEST(SettlementLists, RefuseACursorThatIsNotInThem) {
  const lists_world w;
  v1::SettlementQuestion windows;
  windows.mutable_merchant_windows()->set_currency("EUR");
  windows.mutable_merchant_windows()->set_window(1);
  windows.mutable_merchant_windows()->set_starting_after("nobody");
  EXPECT_EQ(refusal_of(w, windows).code(), "cursor_not_found");
  v1::SettlementQuestion merchants;
  merchants.mutable_merchants()->set_starting_after("nobody");
  EXPECT_EQ(refusal_of(w, merchants).code(), "cursor_not_found");
  v1::SettlementQuestion payouts;
  payouts.mutable_payouts()->set_batch("pob_EUR_1");
  payouts.mutable_payouts()->set_starting_after("po_EUR_2_1");
  EXPECT_EQ(refusal_of(w, payouts).code(), "cursor_not_found") << "of another batch";
  payouts.mutable_payouts()->clear_batch();
  payouts.mutable_payouts()->set_merchant("cafe");
  EXPECT_EQ(refusal_of(w, payouts).code(), "cursor_not_found") << "of another merchant";
  payouts.mutable_payouts()->set_batch("pob_EUR_9");
  EXPECT_EQ(refusal_of(w, payouts).code(), "batch_not_found");
}

TEST(SettlementLists, HaveWindowsSettlementsAndBatchesByTheNewest) {
  const lists_world w;
  v1::SettlementQuestion question;
  question.mutable_windows()->set_limit(2);
  v1::SettlementAnswer answer = w.ask_settlement(question);
  ASSERT_EQ(answer.windows().data_size(), 2);
  EXPECT_EQ(answer.windows().data(0).number(), 3u);
  EXPECT_TRUE(answer.windows().has_more());
  question.mutable_windows()->set_before(2);
  answer = w.ask_settlement(question);
  ASSERT_EQ(answer.windows().data_size(), 1);
  EXPECT_EQ(answer.windows().data(0).number(), 1u);
  EXPECT_FALSE(answer.windows().has_more());
  question.mutable_settlements()->set_limit(1);
  answer = w.ask_settlement(question);
  EXPECT_EQ(answer.settlements().data(0).id(), "set_EUR_2");
  EXPECT_TRUE(answer.settlements().has_more());
  question.mutable_settlements()->set_id("set_EUR_1");
  answer = w.ask_settlement(question);
  ASSERT_EQ(answer.settlements().data_size(), 1);
  EXPECT_EQ(answer.settlements().data(0).id(), "set_EUR_1");
  question.mutable_settlements()->set_only_open(true);
  EXPECT_EQ(w.ask_settlement(question).settlements().data_size(), 0);
  question.mutable_batches()->set_id("pob_EUR_2");
  answer = w.ask_settlement(question);
  ASSERT_EQ(answer.batches().data_size(), 1);
  EXPECT_EQ(answer.batches().data(0).number(), 2u);
}

/// Windows that were carried are in the payout that brings them, and a payout that only brings back
/// what was returned is of no window.
TEST(SettlementLists, NameThePayoutThatACaptureIsIn) {
  settlement_world w;
  auto terms = settlement_world::merchant("books");
  terms.mutable_merchant()->set_payout_minimum(250);
  w.settle(terms);
  const auto payout_of = [&](const std::string& key) {
    return w.payment(payment::payment_id_of(key)).settlement().payout();
  };
  for (std::uint64_t window = 1; window <= 3; ++window) {
    w.pay_to_the_end("k" + std::to_string(window), "world", "books", 100);
    w.cut_and_settle(window);
    w.batch(window);
  }
  EXPECT_EQ(payout_of("k1"), "po_EUR_3_1");
  EXPECT_EQ(payout_of("k3"), "po_EUR_3_1");
  w.resolve("po_EUR_3_1", v1::PayoutResult::RETURNED);
  w.batch(4);
  w.pay_to_the_end("k4", "world", "books", 300);
  w.cut_and_settle(4);
  EXPECT_EQ(w.payment(payment::payment_id_of("k4")).settlement().state(), v1::Membership::SETTLED);
  w.batch(5);
  EXPECT_EQ(payout_of("k3"), "po_EUR_3_1");
  EXPECT_EQ(payout_of("k4"), "po_EUR_5_1");
  EXPECT_THAT(payouts_of(w, "", "books", 1), ElementsAre("po_EUR_5_1", "po_EUR_4_1", "po_EUR_3_1"));
}

} // namespace
} // namespace ducat::settlement::test
