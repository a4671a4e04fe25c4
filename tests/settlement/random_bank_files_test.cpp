/// Whatever a bank sends: no money is made or lost, and sending it again changes nothing.

#include "iso20022/samples.hpp"
#include "settlement/draw.hpp"
#include "settlement/paying_world.hpp"

#include <string>
#include <vector>

namespace ducat::settlement::test {
namespace {

/// The money of the payouts of pob_EUR_1, as the machine has it.
struct payout_money {
  v1::Payout::State books{};
  v1::Payout::State kiosk{};
  std::int64_t at_bank = 0;
  std::int64_t available = 0;

  friend bool operator==(const payout_money&, const payout_money&) = default;
};

std::ostream& operator<<(std::ostream& out, const payout_money& of) {
  return out << of.books << ", " << of.kiosk << "; bank " << of.at_bank << ", available "
             << of.available;
}

payout_money money_of(const paying_world& w) {
  return {.books = w.state(1),
          .kiosk = w.state(2),
          .at_bank = w.balance("settlement.bank.EUR"),
          .available =
              w.account("books.available").available() + w.account("kiosk.available").available()};
}

/// Whether each payout's money is where its state says.
void expect_in_place(const payout_money& of) {
  std::int64_t at_bank = 0;
  std::int64_t available = 0;
  for (const auto& [state, amount] : {std::pair{of.books, 1'000}, std::pair{of.kiosk, 500}}) {
    at_bank += state == v1::Payout::PAID ? amount : 0;
    available += state == v1::Payout::RETURNED ? amount : 0;
  }
  EXPECT_EQ(of.at_bank, at_bank) << of;
  EXPECT_EQ(of.available, available) << of;
}

bank_answer drawn(draw& from) {
  const auto what = static_cast<bank_says>(from.small(0, 4));
  const std::uint64_t place = from.small(0, 3);
  const std::int64_t right = place == 0 ? 1'500 : place == 1 ? 1'000 : 500;
  bank_answer made = answer(what, place, from.small(0, 4) == 0 ? from.amount(2'000) : right);
  if (what == bank_says::rejected)
    made.amount.reset();
  if (from.small(0, 9) == 0)
    made.account = "GB82WEST12345698765432";
  if (from.small(0, 9) == 0)
    made.of.batch = 2;
  return made;
}

/// Changes, drops or doubles some bytes.
std::string damaged(std::string text, draw& from) {
  for (std::uint32_t left = from.small(0, 3); left > 0; --left) {
    const std::size_t at = from.small(0, static_cast<std::uint32_t>(text.size() - 1));
    const std::size_t size = std::min<std::size_t>(from.small(1, 40), text.size() - at);
    switch (from.small(0, 2)) {
    case 0:
      text[at] = static_cast<char>(from.small(0, 255));
      break;
    case 1:
      text.erase(at, size);
      break;
    default:
      text.insert(at, text.substr(at, size));
    }
  }
  return text;
}

std::string sample_of_payouts(draw& from) {
  using iso20022::test::replaced;
  using iso20022::test::sample;
  const std::string name = from.small(0, 1) == 0 ? "camt.054.001.08" : "pain.002.001.10";
  std::string text = sample(name);
  for (const char* id : {">PO-1<", ">PO-2<", ">PO-3<"})
    if (text.find(id) != std::string::npos)
      text = replaced(text, id, ">po-EUR-1-" + std::to_string(from.small(1, 2)) + '<');
  if (text.find(">15.00<") != std::string::npos)
    text = replaced(text, ">15.00<", from.small(0, 1) == 0 ? ">10.00<" : ">5.00<");
  return text;
}

TEST(RandomBankFiles, MakeAndLoseNoMoneyAndHaveOneEffect) {
  const std::uint64_t seed = seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  draw from{seed};
  for (int world = 0; world < 20; ++world) {
    paying_world w;
    for (int file = 0; file < 8; ++file) {
      std::vector<bank_answer> answers(from.small(1, 6));
      for (bank_answer& each : answers)
        each = drawn(from);
      w.resolve_all(answers);
      const payout_money once = money_of(w);
      expect_in_place(once);
      w.resolve_all(answers);
      EXPECT_EQ(money_of(w), once) << "the same file again";
    }
  }
}

TEST(RandomBankFiles, MayBeDamagedInAnyWay) {
  const std::uint64_t seed = seed_of_this_run();
  SCOPED_TRACE("DUCAT_SEED=" + std::to_string(seed));
  draw from{seed};
  paying_world w;
  int complete = 0;
  for (int file = 0; file < 2'000; ++file) {
    const std::string text = damaged(sample_of_payouts(from), from);
    std::vector<bank_answer> answers;
    const auto read = read_answers(iso20022::source_of(text), kind_of(text),
                                   [&](bank_answer said) { answers.push_back(std::move(said)); });
    if (!read.import.complete)
      continue;
    ++complete;
    w.resolve_all(answers);
    expect_in_place(money_of(w));
  }
  EXPECT_GT(complete, 0);
}

} // namespace
} // namespace ducat::settlement::test
