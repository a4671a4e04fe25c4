/// A month of random payments and settlements, with a model that says what it comes to.
#pragma once

#include "settlement/draw.hpp"
#include "settlement/log_follower.hpp"
#include "settlement/month_model.hpp"
#include "settlement/settlement_world.hpp"

#include <set>

namespace ducat::settlement::test {

inline const std::vector<party> shops{"books", "kiosk", "cafe", "bikes"};
inline const std::vector<party> payers{"p0", "p1", "p2", "p3"};
inline const std::vector<party> banks{"north", "south", "west"};

class month {
public:
  month(std::uint64_t seed, v1::SettlementModel model);

  /// Does one random thing; then some command of the past comes again, which changes nothing.
  void step();

  /// Compares everything with the model, but windows only from that one on.
  void expect_equal(std::uint64_t from);

  /// Settles and pays out what there is.
  void end();

private:
  struct made {
    std::string id;
    party from, to;
    money amount = 0, captured = 0, refunded = 0, disputed = 0, fee = 0;
    bool is_held = false, is_open = false, was_disputed = false;
    std::size_t window = 0;
  };

  struct paid {
    party merchant;
    money amount;
    v1::Payout::State now;
  };

  // What happens.
  void pay(bool manual);
  void capture_held();
  void void_held();
  void refund();
  void dispute();
  void end_dispute();
  void present();
  void cut();
  void start();
  void advance();
  void abort();
  void batch();
  void resolve();
  void put_terms(const party& merchant);
  void bring(money amount);

  // What must hold.
  void expect_accounts();
  void expect_window(std::uint64_t number);
  void expect_positions(std::uint64_t number);
  void expect_payments();
  void expect_payouts();
  void expect_same_state();

  made* any(bool (*fits)(const made&));
  bool may_owe(const party& from, const party& to, money amount);
  void propose_again();

  money pick(money to) { return random_.whole(0, to - 1); }

  draw random_;
  settlement_world world_;
  month_model model_;
  log_follower follower_{{.records = 200, .entries = 1'000'000}};
  std::vector<made> payments_{};
  std::map<std::string, paid> payouts_{};
  std::map<party, std::uint64_t> versions_{}; ///< Of merchants' terms, besides the first ones.
  std::map<party, money> caps_{};
  std::map<party, std::vector<std::string>> accounts_{};
  std::string settling_{}; ///< Empty: none is under way.
  std::uint32_t next_step_ = 0;
  std::size_t last_ = 0;
  std::uint64_t batches_ = 0;
  int keys_ = 0;
};

} // namespace ducat::settlement::test
