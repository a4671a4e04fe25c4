#include "settlement/accrual.hpp"

namespace ducat::settlement {

namespace {

void add_tally(tally& to, const tally& more) noexcept {
  to.count += more.count;
  to.amount += more.amount;
}

void put_tally(v1::SettlementTally& to, const tally& from) {
  to.set_count(from.count);
  to.set_amount(from.amount);
}

tally tally_in(const v1::SettlementTally& message) {
  return {.count = message.count(), .amount = message.amount()};
}

} // namespace

void accrual::add(const accrual& more) {
  add_tally(captures, more.captures);
  add_tally(refunds, more.refunds);
  add_tally(disputes, more.disputes);
  add_tally(disputes_won, more.disputes_won);
  add_tally(late, more.late);
  fees += more.fees;
  given_back += more.given_back;
  interchange += more.interchange;
  split_out += more.split_out;
  split_in += more.split_in;
  reserved += more.reserved;
  released += more.released;
  for (const auto& [to, amount] : more.splits)
    splits[to] += amount;
}

std::int64_t own_net(const accrual& sums) noexcept {
  return sums.captures.amount - sums.refunds.amount - sums.disputes.amount +
         sums.disputes_won.amount - sums.fees + sums.given_back - sums.split_out;
}

std::int64_t net(const accrual& sums) noexcept {
  return own_net(sums) + sums.split_in;
}

std::int64_t brought_by(const accrual& sums) noexcept {
  return net(sums) - sums.reserved + sums.released;
}

v1::Accrual message_of(const accrual& sums) {
  v1::Accrual out;
  put_tally(*out.mutable_captures(), sums.captures);
  put_tally(*out.mutable_refunds(), sums.refunds);
  put_tally(*out.mutable_disputes(), sums.disputes);
  put_tally(*out.mutable_disputes_won(), sums.disputes_won);
  put_tally(*out.mutable_late(), sums.late);
  out.set_fees(sums.fees);
  out.set_given_back(sums.given_back);
  out.set_interchange(sums.interchange);
  out.set_split_out(sums.split_out);
  out.set_split_in(sums.split_in);
  out.set_net(net(sums));
  out.set_reserved(sums.reserved);
  out.set_released(sums.released);
  return out;
}

accrual accrual_in(const v1::Accrual& message) {
  return {.captures = tally_in(message.captures()),
          .refunds = tally_in(message.refunds()),
          .disputes = tally_in(message.disputes()),
          .disputes_won = tally_in(message.disputes_won()),
          .late = tally_in(message.late()),
          .fees = message.fees(),
          .given_back = message.given_back(),
          .interchange = message.interchange(),
          .split_out = message.split_out(),
          .split_in = message.split_in(),
          .reserved = message.reserved(),
          .released = message.released()};
}

} // namespace ducat::settlement
