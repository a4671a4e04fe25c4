/// A book of exceptions, and what its moves make of accounts.
#pragma once

#include "settlement/exception_book.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ducat::settlement::testing {

using refused = payment::refusal;

constexpr std::uint64_t an_hour_ns = std::uint64_t{3'600} * 1'000'000'000;

inline v1::SettlementStatement stated(std::int64_t amount, std::int64_t fee = 0,
                                      const char* currency = "EUR") {
  v1::SettlementStatement made;
  made.set_amount(amount);
  made.set_currency(currency);
  made.set_fee(fee);
  return made;
}

inline v1::SettlementDifference differing(const std::string& reference,
                                          v1::SettlementDifference::Class what) {
  v1::SettlementDifference made;
  made.set_leg(v1::SettlementDifference::ACQUIRER);
  made.set_what(what);
  made.set_reference(reference);
  made.set_window(3);
  return made;
}

inline v1::SettlementDifference missing(const std::string& reference, std::int64_t amount) {
  v1::SettlementDifference made = differing(reference, v1::SettlementDifference::MISSING_EXTERNAL);
  *made.mutable_internal() = stated(amount);
  return made;
}

inline v1::SettlementDifference surplus(const std::string& reference, std::int64_t amount) {
  v1::SettlementDifference made = differing(reference, v1::SettlementDifference::MISSING_INTERNAL);
  *made.mutable_external() = stated(amount);
  return made;
}

inline v1::SettlementExceptionCommand opening(const v1::SettlementDifference& what) {
  v1::SettlementExceptionCommand made;
  made.mutable_open()->set_currency("EUR");
  made.mutable_open()->set_due_hours(24);
  *made.mutable_open()->add_differences() = what;
  return made;
}

inline v1::SettlementExceptionCommand disposing(const std::string& id,
                                                v1::SettlementDisposition how) {
  v1::SettlementExceptionCommand made;
  made.mutable_dispose()->set_id(id);
  made.mutable_dispose()->set_how(how);
  made.mutable_dispose()->set_reason("it was looked into");
  made.mutable_dispose()->set_by("clerk");
  return made;
}

inline v1::SettlementExceptionCommand alarming(const std::string& id, std::uint64_t at_ns) {
  v1::SettlementExceptionCommand made;
  made.mutable_alarm()->set_id(id);
  made.mutable_alarm()->set_at_ns(at_ns);
  return made;
}

inline std::string id_of(const v1::SettlementDifference& what) {
  return exception_id_of("EUR", what);
}

/// A book, and what its moves make of the accounts of each currency.
class exceptions {
public:
  exception_verdict check(const v1::SettlementExceptionCommand& command) const {
    return book.check(command);
  }

  /// Runs a command that may be run.
  std::vector<exception_move> run(const v1::SettlementExceptionCommand& command) {
    EXPECT_EQ(check(command), exception_verdict{});
    auto moves = book.apply({.index = ++index, .at = {now_ns}}, command);
    for (const exception_move& each : moves) {
      EXPECT_GT(each.amount, 0);
      EXPECT_TRUE(names.insert(each.name).second) << each.name;
      balances[each.debit] -= each.amount;
      balances[each.credit] += each.amount;
    }
    return moves;
  }

  exception_book book;
  std::map<std::string, std::int64_t> balances;
  std::set<std::string> names;
  std::uint64_t index = 0;
  std::uint64_t now_ns = an_hour_ns;
};

/// What is left on the accounts when the exception was disposed of.
inline std::map<std::string, std::int64_t> left_by(const v1::SettlementDifference& what,
                                                   v1::SettlementDisposition how) {
  exceptions world;
  auto open = opening(what);
  open.mutable_open()->set_account("shop");
  world.run(open);
  EXPECT_GT(world.balances["settlement.suspense.EUR"], 0);
  world.run(disposing(id_of(what), how));
  std::erase_if(world.balances, [](const auto& each) { return each.second == 0; });
  return world.balances;
}

using balance = std::pair<const std::string, std::int64_t>;

} // namespace ducat::settlement::testing
