/// Commands of payments and settlement, as bytes, one after the other: whatever they are, the books
/// balance, and all that had an effect has the same one in another machine.

#include "fuzz/input.hpp"
#include "support/payment_commands.hpp"

#include <ducat/payment/machine.hpp>
#include <ducat/v1/machine.pb.h>

#include <string>
#include <vector>

namespace {

using namespace ducat;

/// A machine, as a durable actor uses one.
class life {
public:
  /// Returns whether the command had an effect.
  bool run(const std::string& command) {
    if (machine_.answer_without_commit(command))
      return false;
    where_.at.nanoseconds += 1'000'000;
    ++where_.index;
    v1::Outcome outcome;
    DUCAT_CHECK(outcome.ParseFromString(machine_.apply(where_, command)));
    return true;
  }

  bool is_in_balance() const {
    v1::Question question;
    question.mutable_summary();
    v1::Outcome told;
    DUCAT_CHECK(told.ParseFromString(machine_.query(question.SerializeAsString())));
    for (const v1::LedgerTotals& each : told.summary().totals())
      if (!each.in_balance())
        return false;
    return true;
  }

  digest state() const { return machine_.state_digest(); }

private:
  payment::machine machine_;
  position where_{.index = 0, .at = {1}};
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  life first;
  std::vector<std::string> log;
  const auto run = [&](std::string command) {
    if (first.run(command))
      log.push_back(std::move(command));
  };
  run(testing::open_account("world", true, "EUR").SerializeAsString());
  run(testing::open_account("shop", false, "EUR").SerializeAsString());
  while (const auto command = in.part())
    run(std::string{*command});
  DUCAT_CHECK(first.is_in_balance());
  life second;
  for (const std::string& each : log)
    DUCAT_CHECK(second.run(each));
  DUCAT_CHECK(first.state() == second.state());
  return 0;
}
