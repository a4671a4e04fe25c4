/// What captures cost and how they are divided: the checker's own arithmetic.
#pragma once

#include <ducat/v1/settlement_journal.pb.h>

#include <cstdint>
#include <vector>

namespace ducat::cli {

/// Returns value * numerator / denominator, rounded to the nearest, and of two that are equally
/// near to the even one. Neither is negative; the denominator is not 0.
std::int64_t nearest_part(std::int64_t value, std::int64_t numerator, std::int64_t denominator);

/// Returns whether a rule names a fee for every amount: tiers ascend from 0.
bool is_sound(const v1::FeeRule& rule);

/// Returns whether every share can be computed, and all of them are the whole.
bool is_sound(const google::protobuf::RepeatedPtrField<v1::SplitShare>& shares);

/// Returns what a capture of `amount` costs; `volume` is what the merchant captured before it in
/// the month. The rule is sound.
std::int64_t fee_by(const v1::FeeRule& rule, std::int64_t amount, std::int64_t volume);

struct given_refund {
  std::int64_t captured = 0;
  std::int64_t fee = 0;    ///< That was taken of the capture.
  std::int64_t before = 0; ///< Refunded of it before.
  std::int64_t amount = 0;
};

/// Returns what a refund gives back of the fee.
std::int64_t fee_back_by(const v1::FeeRule& rule, const given_refund& what);

/// Returns the parts of `amount`, one for each share. The shares are sound.
std::vector<std::int64_t> parts_by(const google::protobuf::RepeatedPtrField<v1::SplitShare>& shares,
                                   std::int64_t amount);

} // namespace ducat::cli
