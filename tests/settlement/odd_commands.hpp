/// Commands of settlement and of its exceptions, sensible ones and odd ones.
#pragma once

#include "draw.hpp"

#include <ducat/v1/journal.pb.h>
#include <ducat/v1/settlement.pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ducat::settlement::test {

/// Draws commands. What it draws follows from the draw alone, and from what it is told.
class odd_commands {
public:
  explicit odd_commands(draw& from) : draw_{from} {}

  v1::Command next();
  v1::SettlementQuestion next_question();

  /// These may be named from now on.
  void know_payment(const std::string& id) { payments_.push_back(id); }

  void know_exception(const std::string& id) { exceptions_.push_back(id); }

private:
  v1::SettlementCommand set_up();
  v1::SettlementCommand move();
  v1::SettlementCommand pay();
  v1::SettlementExceptionCommand exception();
  void fill(v1::FeeRule& rule);
  void fill(v1::SettlementStatement& stated);
  void fill(v1::SettlementDifference& difference);
  void configure(v1::ConfigureSettlement& terms);
  void put(v1::PutParticipant& terms);
  void put(v1::PutMerchant& terms);
  void present(v1::PresentCaptures& items);
  void dispute(v1::DisputePayment& what);

  const std::string& one_of(const std::vector<std::string>& all);
  std::string account();
  std::string merchant();
  std::string participant();
  std::string currency();
  std::int64_t amount();
  std::uint64_t number();
  std::uint32_t date();
  bool odds(std::uint32_t in);

  draw& draw_;
  std::vector<std::string> payments_{"", "pay_1"};
  std::vector<std::string> exceptions_{"", "exc_1"};
  std::uint64_t keys_ = 0;
};

} // namespace ducat::settlement::test
