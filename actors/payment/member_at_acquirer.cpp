#include "payment/member_at_acquirer.hpp"

#include <algorithm>
#include <string_view>

namespace ducat::payment {

namespace {

constexpr std::size_t id_prefix_size = 4; ///< Of "ref_".

std::uint32_t stan_of_advice(const payment_record& payment, std::size_t place) {
  return stan_of(payment.advices[place].number);
}

std::uint32_t stan_of_capture(const payment_record& payment) {
  const attempt_record& attempt = payment.attempts.back();
  if (attempt.now == attempt_state::reversed)
    return 0;
  if (attempt.asked != asked_for::authorization)
    return attempt.stan;
  const auto told = std::ranges::find(payment.advices, advice_kind::capture, &advice_record::kind);
  return told == payment.advices.end() ? 0 : stan_of(told->number);
}

/// The advice comes into being in the entry of the refund, whose transfer has the digits of its id.
std::uint32_t stan_of_refund(const payment_record& payment, std::string_view transfer) {
  const auto refund = std::ranges::find_if(payment.refunds, [&](const refund_record& each) {
    return std::string_view{each.id}.substr(id_prefix_size) == transfer;
  });
  if (refund == payment.refunds.end()) // The terminal has taken it back: that is told last.
    return payment.advices.empty() ? 0 : stan_of_advice(payment, payment.advices.size() - 1);
  const auto told = std::ranges::find_if(payment.advices, [&](const advice_record& each) {
    return each.kind == advice_kind::refund && each.at == refund->at;
  });
  return told == payment.advices.end() ? 0 : stan_of(told->number);
}

} // namespace

void name_at_acquirer(const payment_record& payment, v1::Member& member) {
  if (payment.attempts.empty())
    return;
  const attempt_record& attempt = payment.attempts.back();
  member.set_acquirer(attempt.link);
  member.set_rrn(rrn_of(attempt));
  if (member.kind() == v1::Member::CAPTURE)
    member.set_stan(stan_of_capture(payment));
  else if (member.kind() == v1::Member::REFUND)
    member.set_stan(stan_of_refund(payment, member.transfer()));
}

} // namespace ducat::payment
