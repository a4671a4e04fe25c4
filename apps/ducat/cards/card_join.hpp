/// The join of our payments with an acquirer's journal: every effect on both sides exactly once.
///
/// It trusts neither side, and knows neither the payment machine nor how an acquirer decides: what
/// a payment says of its attempts is laid beside what the journal says of the same reference (RRN),
/// and so is what the acquirer was told of captures and refunds.
#pragma once

#include "acquirer/effect.hpp"

#include <ducat/error.hpp>
#include <ducat/v1/payment.pb.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ducat::cards {

struct join_report {
  std::uint64_t payments = 0; ///< Ours that are by card.
  std::uint64_t attempts = 0; ///< Of these.

  // Each attempt is one of these, or a mismatch.
  std::uint64_t matched = 0;   ///< Approved here, and stands there: once, with the same numbers.
  std::uint64_t neither = 0;   ///< Ended without an approval here, and nothing stands there.
  std::uint64_t open = 0;      ///< Sent, or owes a reversal: either may be.
  std::uint64_t explained = 0; ///< Stands there, and an exception says that somebody has to look.

  std::uint64_t told = 0; ///< Advices that were acknowledged, and are there with the same amount.

  std::map<std::string, std::uint64_t> states; ///< Of the payments, by name.
  std::uint64_t mismatched = 0;
  std::vector<std::string> mismatches; ///< A line each, the first thousand.
};

class card_join {
public:
  /// Takes one of ours. Each once; one that is not by card is left out.
  void add(const v1::Payment& ours);

  /// Takes an entry of the journal, in its order.
  void add(const acquirer::effect& theirs);

  /// Takes the whole lines of a journal of ducat-acquirer. Errors: io, corrupt.
  result<void> add_journal(const std::filesystem::path& path);

  /// Compares what was taken.
  join_report compare() const;

private:
  /// What the acquirer has done under one reference.
  struct standing {
    std::uint64_t sequence = 0; ///< Of the effect.
    std::string stan;
    std::string currency; ///< ISO 4217, three digits.
    std::int64_t amount = 0;
    std::uint32_t approvals = 0;
    std::uint32_t reversals = 0;

    bool stands() const noexcept { return approvals > reversals; }
  };

  struct attempt {
    v1::Attempt::State state;
    std::string stan;
    std::int64_t amount;
    v1::Payment::State of_payment;
    std::string payment;
    std::string currency;
  };

  /// What names an advice: the reference of what it is about, and its own STAN.
  using advice_name = std::pair<std::string, std::string>;

  struct advice {
    v1::Advice::State state;
    std::int64_t amount;
    std::string payment;
  };

  void add_advices(const v1::Payment& ours);
  void compare(const std::string& rrn, const attempt& ours, join_report& into) const;
  void compare(const advice_name& name, const advice& ours, join_report& into) const;

  std::map<std::string, attempt> attempts_;               ///< Ours, by RRN.
  std::map<std::string, standing> theirs_;                ///< By RRN.
  std::map<std::uint64_t, std::string> references_;       ///< RRN by sequence, of approvals.
  std::map<advice_name, advice> advices_;                 ///< Ours.
  std::map<advice_name, std::vector<std::int64_t>> told_; ///< Theirs: the amounts.
  join_report counted_;                                   ///< What can be said of each side alone.
};

} // namespace ducat::cards
