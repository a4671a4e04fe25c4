/// What payments come to in the window that is open, and what participants owe each other.

#include "check/settlement.hpp"

#include <algorithm>

namespace ducat::cli {

void window_sums::add(const window_sums& more) noexcept {
  const auto add_counted = [](counted& to, const counted& what) {
    to.count += what.count;
    to.amount += what.amount;
  };
  add_counted(captures, more.captures);
  add_counted(refunds, more.refunds);
  add_counted(disputes, more.disputes);
  add_counted(won, more.won);
  add_counted(late, more.late);
  fees += more.fees;
  given_back += more.given_back;
  interchange += more.interchange;
  split_out += more.split_out;
  split_in += more.split_in;
  reserved += more.reserved;
  released += more.released;
}

std::int64_t window_sums::own() const noexcept {
  return captures.amount + won.amount + given_back - refunds.amount - disputes.amount - fees -
         split_out;
}

checked_merchant* settlement_book::merchant_of(books::number account) {
  const auto found = merchant_by_account_.find(account);
  return found == merchant_by_account_.end() ? nullptr : &merchants_[found->second];
}

std::optional<participant_number> settlement_book::participant_of(books::number account) const {
  const auto found = participant_by_account_.find(account);
  return found == participant_by_account_.end() ? std::nullopt : std::optional{found->second};
}

captured_mark settlement_book::captured(const moved_money& what) {
  const auto payer = participant_of(what.payer);
  const auto payee = participant_of(what.payee);
  const bool is_between = payer && payee && *payer != *payee;
  window_sums sums;
  captured_mark mark;
  if (checked_merchant* merchant = merchant_of(what.payee)) {
    const auto number = static_cast<merchant_number>(merchant - merchants_.data());
    checked_window& window = ledgers_.at(merchant->currency).open_window();
    sums.captures.add(what.amount);
    if (what.business_date != 0 && what.business_date < window.business_date)
      sums.late.add(what.amount);
    if (const std::uint32_t month = window.business_date / 100; month != merchant->month) {
      merchant->month = month;
      merchant->volume = 0;
    }
    sums.fees = fee_by(merchant->terms.discount(), what.amount, merchant->volume);
    merchant->volume += what.amount;
    if (is_between)
      sums.interchange = fee_by(participants_[*payer].terms.interchange(), what.amount, 0);
    const auto parts = parts_by(merchant->terms.split(), what.amount);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const merchant_number to = *find_merchant(merchant->terms.split(static_cast<int>(i)).to());
      if (to == number || parts[i] == 0)
        continue;
      sums.split_out += parts[i];
      window.splits[number][to] += parts[i];
      window.merchants[to].split_in += parts[i];
      window.total.split_in += parts[i];
    }
    window.merchants[number].add(sums);
    window.total.add(sums);
    mark = {.window = window.number, .fee = sums.fees};
  }
  if (is_between)
    pass(what.payer, what.payee, what.amount - sums.interchange);
  return mark;
}

void settlement_book::refunded(const moved_money& what, bool is_in_window, const given_refund& of) {
  if (checked_merchant* merchant = is_in_window ? merchant_of(what.payee) : nullptr) {
    checked_window& window = ledgers_.at(merchant->currency).open_window();
    window_sums sums;
    sums.refunds.add(what.amount);
    sums.given_back = fee_back_by(merchant->terms.discount(), of);
    window.merchants[static_cast<merchant_number>(merchant - merchants_.data())].add(sums);
    window.total.add(sums);
  }
  pass(what.payee, what.payer, what.amount);
}

void settlement_book::disputed(const moved_money& what, v1::DisputePayment::Event event,
                               std::int64_t fee) {
  checked_merchant* merchant = merchant_of(what.payee);
  if (merchant == nullptr)
    return;
  const books::number held = books_.find("settlement.disputes." + merchant->currency);
  window_sums sums;
  if (event == v1::DisputePayment::OPENED) {
    books_.post(what.payee, held, what.amount);
    sums.disputes.add(what.amount);
  } else if (event == v1::DisputePayment::WON) {
    books_.post(held, what.payee, what.amount);
    sums.won.add(what.amount);
  } else {
    books_.post(held, what.payer, what.amount);
    sums.fees = fee;
    pass(what.payee, what.payer, what.amount);
  }
  checked_window& window = ledgers_.at(merchant->currency).open_window();
  window.merchants[static_cast<merchant_number>(merchant - merchants_.data())].add(sums);
  window.total.add(sums);
}

/// Between accounts of two participants: at once if that is the model and the one that owes has
/// the liquidity, else it is owed.
void settlement_book::pass(books::number from, books::number to, std::int64_t amount) {
  const auto debtor = participant_of(from);
  const auto creditor = participant_of(to);
  if (!debtor || !creditor || *debtor == *creditor || amount == 0)
    return;
  const checked_participant& owing = participants_[*debtor];
  const checked_ledger& of = ledgers_.at(owing.terms.currency());
  if (of.windows.back().model == v1::GROSS_IMMEDIATE && amount > 0 &&
      books_.can_spend(owing.settlement, amount))
    books_.post(owing.settlement, participants_[*creditor].settlement, amount);
  else
    owe(*debtor, *creditor, amount);
}

void settlement_book::owe(participant_number from, participant_number to, std::int64_t amount) {
  auto& owed = ledgers_.at(participants_[from].terms.currency()).open_window().owed;
  if ((owed[{from, to}] += amount) == 0)
    owed.erase({from, to});
}

/// What is committed is owed no more, though its windows are not settled yet.
std::uint64_t settlement_book::first_owed(const checked_ledger& of) {
  if (of.settlements.empty())
    return of.unsettled_from;
  const checked_settlement& newest = of.settlements.back();
  const bool is_committed = newest.now == v1::Settlement::PS_TRANSFERS_COMMITTED ||
                            newest.now == v1::Settlement::SETTLING ||
                            newest.now == v1::Settlement::SETTLED;
  return is_committed ? std::max(of.unsettled_from, newest.last + 1) : of.unsettled_from;
}

bool settlement_book::may_owe(books::number payer, books::number payee, std::int64_t amount) const {
  const auto from = participant_of(payer);
  const auto to = participant_of(payee);
  if (!from || !to || *from == *to)
    return true;
  const checked_participant& owing = participants_[*from];
  const checked_ledger& of = ledgers_.at(owing.terms.currency());
  i128 owes = amount;
  for (std::size_t i = first_owed(of) - 1; i < of.windows.size(); ++i)
    for (const auto& [pair, owed] : of.windows[i].owed)
      owes += pair.first == *from ? owed : pair.second == *from ? -owed : 0;
  for (const std::string& each : owing.accounts)
    owes += books_.at(books_.find(each)).debits_pending;
  const std::int64_t cap = owing.terms.net_debit_cap();
  return owes <= cap && cap <= books_.at(owing.settlement).available();
}

/// Returns what the currency's account of that kind holds.
std::int64_t settlement_book::own_balance(const std::string& kind,
                                          const std::string& currency) const {
  const books::number account = books_.find("settlement." + kind + "." + currency);
  if (account == books::none)
    return 0;
  const checked_account& own = books_.at(account);
  return static_cast<std::int64_t>(own.credits_posted - own.debits_posted);
}

void settlement_book::check_sums(findings& found, std::uint64_t index) {
  const auto differ = [&](const std::string& subject, std::int64_t is, std::int64_t ought) {
    if (is != ought && reported_.insert(subject).second)
      wrong_sums_.push_back(make_finding(finding_kind::unbalanced, subject,
                                         "it is " + std::to_string(is) + " and ought to be " +
                                             std::to_string(ought)));
  };
  for (const auto& [currency, amount] : suspense_)
    differ("settlement.suspense." + currency, own_balance("suspense", currency), amount);
  for (const auto& [currency, of] : ledgers_) {
    if (!suspense_.contains(currency))
      differ("settlement.suspense." + currency, own_balance("suspense", currency), 0);
    differ("settlement.bank." + currency, own_balance("bank", currency), of.paid_out);
  }
  for (finding& each : wrong_sums_) {
    each.index = index;
    found.add(std::move(each));
  }
  wrong_sums_.clear();
}

} // namespace ducat::cli
